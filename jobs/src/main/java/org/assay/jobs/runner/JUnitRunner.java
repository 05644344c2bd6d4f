package org.assay.jobs.runner;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assay.UserException;
import org.assay.config.Section;
import org.assay.launcher.Main;
import org.assay.order.Suite;

/**
 * {@code kind = junit}: JUnit 3, 4, 5 and 6 and other engines of the JUnit Platform, from a
 * compiled class path or from a Maven module.
 *
 * <p>One JVM runs one order. Consecutive tests of one class are one request, so that what stands
 * around a class's tests ({@code @BeforeAll}, {@code @BeforeClass} and so on) runs again whenever
 * an order comes back to a class. A test with invocations that are known only when it runs
 * (parameterized, repeated, dynamic) is one test of an order, and fails when one of them does.
 */
@AutoService(TestRunner.class)
public final class JUnitRunner implements TestRunner {
  /** Class names that Maven takes for tests. */
  private static final List<String> NAMES = List.of("Test*", "*Test", "*Tests", "*TestCase");

  @Override
  public String kind() {
    return "junit";
  }

  @Override
  public Subject read(String name, Section section) {
    Path project = Path.of(section.string("project", "."));
    Configured subject =
        new Configured(
            name,
            section,
            project,
            section.has("class-path") ? section.strings("class-path") : null,
            section.has("test-classes")
                ? section.strings("test-classes")
                : List.of("target/test-classes"),
            section.strings("maven-args"),
            section.has("classes") ? section.strings("classes") : NAMES,
            section.strings("exclude"),
            section.string("java", ""),
            section.has("jvm")
                ? section.strings("jvm")
                : List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            Limits.read(section));
    if (subject.classPath != null && !subject.mavenArgs.isEmpty()) {
      throw section.wrong(
          "maven-args",
          "is for a Maven module, and class-path says that there is none; remove one");
    }
    section.done();
    return subject;
  }

  /**
   * @param classPath folders and jars below the project or anywhere; null to ask Maven
   * @param testClasses folders of classes in which tests are looked for
   */
  private record Configured(
      String name,
      Section section,
      Path project,
      List<String> classPath,
      List<String> testClasses,
      List<String> mavenArgs,
      List<String> classes,
      List<String> exclude,
      String java,
      List<String> jvm,
      Limits limits)
      implements Project {

    @Override
    public Prepared prepared(Path scratch, Consumer<String> say) throws IOException {
      Path root = project.toRealPath();
      List<Path> paths = new ArrayList<>();
      if (classPath == null) {
        paths.addAll(
            new MavenModule(section.path(), root, mavenArgs, limits).classPath(scratch, say));
      } else {
        for (String entry : classPath) {
          List<Path> expanded = ClassPath.expanded(root, entry);
          if (expanded.isEmpty() || !Files.exists(expanded.get(0))) {
            throw UserException.input(
                section.path("class-path")
                    + ": there is no "
                    + root.resolve(entry)
                    + "; build the project, or mend the path");
          }
          paths.addAll(expanded);
        }
      }
      Set<Path> folders = new LinkedHashSet<>();
      for (String folder : testClasses) {
        Path path = root.resolve(folder);
        if (!Files.isDirectory(path)) {
          throw UserException.input(
              section.path("test-classes")
                  + ": there is no folder "
                  + path
                  + " of compiled tests; build the project, or name the folder");
        }
        folders.add(path.toRealPath());
        if (!paths.contains(path) && !paths.contains(path.toRealPath())) {
          paths.add(0, path);
        }
      }
      Optional<Path> launcher = ClassPath.missingLauncher(paths);
      if (launcher.isPresent()) {
        if (!Files.exists(launcher.get())) {
          throw UserException.input(
              section.path("class-path")
                  + ": holds JUnit Platform's engine, but neither it nor the folder of the engine holds "
                  + launcher.get().getFileName()
                  + ", which starts it; add that jar");
        }
        paths.add(launcher.get());
      }
      ClassPath all = new ClassPath(root, paths);
      Path tree = scratch.resolve(name + ".tree");
      Path library = scratch.resolve(name + ".library");
      String hash;
      try (Pack.Writer to = new Pack.Writer(tree)) {
        to.tree(section.path("project"), root, "", Pack.excluded(exclude));
        hash = to.hash();
      }
      try (Pack.Writer to = new Pack.Writer(library)) {
        all.pack(to);
        hash = hash.substring(0, 32) + to.hash().substring(0, 32);
      }
      JUnitHarness harness = new JUnitHarness(all.entries(), List.of(), java, jvm);
      List<String> scanned =
          folders.stream()
              .map(
                  folder ->
                      folder.startsWith(root)
                          ? "tree/" + root.relativize(folder)
                          : "library/" + all.place(folder))
              .toList();
      return discovered(scratch, tree, library, hash, harness, scanned);
    }

    private Prepared discovered(
        Path scratch,
        Path tree,
        Path library,
        String hash,
        JUnitHarness harness,
        List<String> scanned)
        throws IOException {
      Listing listing =
          Listing.of(
              "subjects." + name,
              harness,
              limits,
              tree,
              library,
              scratch,
              "mend the class path until the project's own tool finds its tests with it",
              (places, units) -> {
                List<String> arguments =
                    new ArrayList<>(List.of("discover", units.toString(), pattern()));
                scanned.forEach(s -> arguments.add(ClassPath.resolve(List.of(s), places)));
                return harness.java(places, arguments);
              });
      if (listing.tests().isEmpty()) {
        throw UserException.input(
            "subjects."
                + name
                + ": no tests found: below "
                + String.join(", ", testClasses)
                + " are "
                + listing.total(0)
                + " classes, "
                + listing.total(1)
                + " of them match classes = ["
                + String.join(", ", classes)
                + "] and can be loaded, and none holds a test"
                + (listing.unloadable().isEmpty()
                    ? ""
                    : "; not loaded: " + listing.unloadable().get(0))
                + "; name other folders in test-classes, other names in classes, or complete the class path");
      }
      return new Prepared(
          Suite.of(listing.tests()),
          project.toAbsolutePath().normalize(),
          new JUnitHarness(harness.entries(), listing.lines(), java, jvm),
          tree,
          library,
          hash,
          listing.unloadable(),
          List.of(
              "classes are interleaved only by orders that say so; what stands around the tests of a class runs at every return to it"));
    }

    /** Full names that match any glob; a glob without a dot is about the name without package. */
    private String pattern() {
      return classes.stream()
          .map(
              glob ->
                  (glob.contains(".") ? "" : "(?:.*\\.)?")
                      + Pattern.compile("\\*")
                          .splitAsStream(glob + " ")
                          .map(part -> part.isBlank() ? "" : Pattern.quote(part.stripTrailing()))
                          .collect(Collectors.joining(".*")))
          .collect(Collectors.joining("|", "(?:", ")"));
    }
  }

  /**
   * @param entries of the class path
   * @param lines what the launcher is told of each test, by number
   * @param java the program; empty for that of the executor
   * @param jvm options of the JVM
   */
  private record JUnitHarness(
      List<String> entries, List<String> lines, String java, List<String> jvm) implements Harness {
    private static final long serialVersionUID = 1L;

    private String program() {
      return java.isEmpty()
          ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
          : java;
    }

    List<String> java(Places places, List<String> arguments) {
      List<String> command = new ArrayList<>();
      command.add(program());
      command.addAll(jvm);
      command.add("-Djava.io.tmpdir=" + places.temp());
      command.add("-Duser.home=" + places.home());
      command.add("-Dbasedir=" + places.tree());
      command.addAll(List.of("-cp", ClassPath.resolve(entries, places), Main.class.getName()));
      command.addAll(arguments);
      return command;
    }

    @Override
    public List<String> probe() {
      return List.of(program(), "-version");
    }

    /** A JVM asks for more addresses than memory: its heap is what can be limited. */
    @Override
    public List<String> limited(List<String> command, long bytes) {
      List<String> limited = new ArrayList<>(command);
      limited.add(Math.max(1, limited.indexOf("-cp")), "-Xmx" + bytes); // after other options
      return limited;
    }

    @Override
    public List<String> command(Places places, int[] tests) throws IOException {
      Path order = Listing.write(lines, tests, places);
      return java(places, List.of("run", order.toString(), places.events().toString()));
    }
  }
}
