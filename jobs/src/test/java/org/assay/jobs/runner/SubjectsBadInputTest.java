package org.assay.jobs.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assay.UserException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with subjects: one message with the thing, the value, the rule and the way out. */
class SubjectsBadInputTest {
  @TempDir Path dir;
  private Path project;

  @BeforeEach
  void project() throws IOException {
    project = Files.createDirectory(dir.resolve("project")).toRealPath();
  }

  private void refused(UserException.Kind kind, String section, String message) {
    String text = section.replace("DIR", project.toString());
    assertThatThrownBy(() -> new Trial(Fixtures.subject(text), line -> {}).close())
        .isInstanceOf(UserException.class)
        .hasMessage(message.replace("DIR", project.toString()))
        .extracting(e -> ((UserException) e).kind())
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kind = junt | kind = \"junt\": no such kind of subject (did you mean 'junit'?); known: command, history, junit, pytest",
        "kind = junit, seconds-per-test = 0 | seconds-per-test = 0: must be a number between 0.1 and 86400",
        "kind = junit, class-path = [a], maven-args = [-o] | maven-args = [\"-o\"]: is for a Maven module, and class-path says that there is none; remove one",
        "kind = command, command = [a, \"{tests-file}\"] | command = [\"a\",\"{tests-file}\"]: must hold {report}, where it writes JUnit XML",
        "kind = command, command = [a, \"{report}\"] | command = [\"a\",\"{report}\"]: must hold {tests-file}, the file with the tests to run",
      })
  void settings(String section, String message) {
    refused(UserException.Kind.USAGE, section, "String:1: " + message);
  }

  @Test
  void aCommandWithoutACommand() {
    refused(
        UserException.Kind.USAGE,
        "kind = command",
        "command: is missing; give a program and its arguments, such as [\"./run-tests\", \"{tests-file}\", \"{report}\"]");
  }

  @Test
  void aProjectThatIsNotThere() {
    for (String kind : Set.of("junit", "pytest")) {
      refused(
          UserException.Kind.INPUT,
          "kind = " + kind + ", project = \"DIR/none\"",
          "project = DIR/none: there is no such folder; name the folder of the project");
    }
  }

  @Test
  void noMavenModule() {
    refused(
        UserException.Kind.INPUT,
        "kind = junit, project = \"DIR\"",
        ".project = DIR: holds no pom.xml; name the folder of a Maven module, or give a compiled project's class-path");
  }

  @Test
  void aClassPathThatIsNotThere() {
    refused(
        UserException.Kind.INPUT,
        "kind = junit, project = \"DIR\", class-path = [\"lib/*\"]",
        "class-path: there is no DIR/lib/*; build the project, or mend the path");
  }

  @Test
  void aProjectThatIsNotCompiled() throws IOException {
    Files.createDirectory(project.resolve("classes"));
    refused(
        UserException.Kind.INPUT,
        "kind = junit, project = \"DIR\", class-path = [classes]",
        "test-classes: there is no folder DIR/target/test-classes of compiled tests; build the project, or name the folder");
  }

  @Test
  void noTests() {
    String section = Fixtures.junit("junit5", project) + ", classes = [\"*Spec\"]";
    refused(
        UserException.Kind.INPUT,
        section,
        "subjects.core: no tests found: below classes are 8 classes, 0 of them match classes = [*Spec] and can be loaded, and none holds a test;"
            + " name other folders in test-classes, other names in classes, or complete the class path");
  }

  @Test
  void anEngineWithoutItsLauncher() throws IOException {
    Files.createDirectories(project.resolve("target/test-classes"));
    Files.createFile(
        Files.createDirectory(project.resolve("lib")).resolve("junit-platform-engine-1.2.3.jar"));
    refused(
        UserException.Kind.INPUT,
        "kind = junit, project = \"DIR\", class-path = [\"lib/*\"]",
        "class-path: holds JUnit Platform's engine, but neither it nor the folder of the engine holds"
            + " junit-platform-launcher-1.2.3.jar, which starts it; add that jar");
  }

  @Test
  void testsThatCannotBeLoadedAreSaid() throws IOException {
    String section = Fixtures.junit("junit5", project);
    Files.delete(project.resolve("classes/acme/State.class"));
    Files.write(project.resolve("classes/acme/GammaTest.class"), new byte[] {1, 2, 3});
    try (Scratch scratch = new Scratch()) {
      Prepared prepared = Fixtures.subject(section).prepare(scratch.folder(), line -> {});
      assertThat(prepared.unloadable())
          .singleElement()
          .asString()
          .startsWith("acme.GammaTest: java.lang.ClassFormatError");
      assertThat(prepared.suite().size()).isEqualTo(29);
    }
  }

  @Test
  void aLinkOutOfTheProject() throws IOException {
    String section = Fixtures.junit("junit5", project);
    Files.createSymbolicLink(project.resolve("inside"), Path.of("classes"));
    Files.createSymbolicLink(project.resolve("outside"), Path.of("../elsewhere"));
    refused(
        UserException.Kind.INPUT,
        section,
        "project: the link outside leads to ../elsewhere, out of DIR, where executors cannot follow;"
            + " put a copy in its place, or name it in exclude");
    try (Trial trial = new Trial(Fixtures.subject(section + ", exclude = [outside]"), line -> {})) {
      assertThat(trial.tests()).hasSize(33);
    }
  }

  /** A build that fails is refused with what it wrote. */
  @Test
  void aModuleThatDoesNotCompile() throws IOException {
    Files.createFile(project.resolve("pom.xml"));
    Path maven =
        Files.writeString(
            project.resolve("mvnw"),
            "#!/bin/sh\necho '[ERROR] AlphaTest.java:[7,3] cannot find symbol'\nexit 1\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(
            () ->
                new Trial(
                        Fixtures.subject("kind = junit, project = \"" + project + "\""), line -> {})
                    .close())
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(": " + maven + " -B -q test-compile")
        .hasMessageContaining(" ended with exit code 1 in " + project)
        .hasMessageEndingWith(
            ", and wrote: [ERROR] AlphaTest.java:[7,3] cannot find symbol; mend the build until this command succeeds")
        .extracting(e -> ((UserException) e).kind())
        .isEqualTo(UserException.Kind.INPUT);
  }

  @Test
  void noTestsOfPytest() {
    Assumptions.assumeTrue(Fixtures.hasPytest(), "there is no Python with pytest here");
    String section = Fixtures.pytest("pytest-kinds", project) + ", pytest-args = [\"-k\", nothing]";
    refused(
        UserException.Kind.INPUT,
        section,
        "subjects.core: no tests found: pytest collects none in DIR; name the folders of tests in pytest-args");
  }

  @Test
  void noPython() {
    refused(
        UserException.Kind.INPUT,
        "kind = pytest, project = \"DIR\", python = no-such-python",
        "python: no-such-python with pytest ended with exit code 127, and wrote:"
            + " setsid: failed to execute no-such-python: No such file or directory;"
            + " install Python and pytest on the driver and on every executor, or name another python");
  }

  @Test
  void anUnknownTestToReproduce() {
    try (Trial trial = new Trial(Fixtures.subject(Fixtures.junit("junit5", project)), l -> {})) {
      assertThatThrownBy(() -> trial.numbers(List.of("acme.AlphaTest#victom")))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "test 'acme.AlphaTest#victom': subjects.core has no such test"
                  + " (did you mean 'acme.AlphaTest#victim'?); write it as reports do, container#name");
      int[] numbers = trial.numbers(List.of("acme.AlphaTest#victim", "acme.AlphaTest#victim"));
      assertThatThrownBy(() -> trial.run(numbers))
          .isInstanceOf(UserException.class)
          .hasMessage("a test stands twice in the order; name each once");
    }
  }
}
