package org.assay.jobs.runner;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assay.UserException;
import org.assay.config.Section;
import org.assay.order.Suite;

/**
 * {@code kind = pytest}: a plug-in of ours brings the collected tests into an order, and says what
 * becomes of them. Tests run one after the other in one process, whatever the project's own options
 * say; those that are expected to fail, and do, count as skipped.
 */
@AutoService(TestRunner.class)
public final class PytestRunner implements TestRunner {
  private static final String PLUGIN = "assay_pytest.py";

  /**
   * Options that switch off what would change the order or the number of runs, where it is there.
   */
  private static final Map<String, List<String>> OFF =
      Map.of(
          "xdist", List.of("-n0"),
          "pytest_rerunfailures", List.of("--reruns=0"),
          "pytest_cov", List.of("--no-cov"));

  @Override
  public String kind() {
    return "pytest";
  }

  @Override
  public Subject read(String name, Section section) {
    Configured subject =
        new Configured(
            name,
            section,
            Path.of(section.string("project", ".")),
            section.string("python", "python3"),
            section.strings("pytest-args"),
            section.strings("exclude"),
            Limits.read(section));
    section.done();
    return subject;
  }

  private record Configured(
      String name,
      Section section,
      Path project,
      String python,
      List<String> arguments,
      List<String> exclude,
      Limits limits)
      implements Project {

    @Override
    public Prepared prepared(Path scratch, Consumer<String> say) throws IOException {
      List<String> options = new ArrayList<>(arguments);
      options.addAll(
          List.of(
              "-p",
              "no:cacheprovider",
              "-p",
              "no:randomly",
              "-p",
              "no:random_order",
              "--continue-on-collection-errors",
              "--maxfail=0"));
      String script =
          "import importlib.util as u, pytest; print(' '.join(m for m in ('"
              + String.join("','", OFF.keySet().stream().sorted().toList())
              + "') if u.find_spec(m)))";
      String there = probed(List.of(python, "-c", script), scratch);
      for (String module : there.strip().split(" +", -1)) {
        options.addAll(OFF.getOrDefault(module, List.of()));
      }
      Path root = project.toRealPath();
      Path tree = scratch.resolve(name + ".tree");
      Path library = scratch.resolve(name + ".library");
      String hash;
      try (Pack.Writer to = new Pack.Writer(tree)) {
        to.tree(section.path("project"), root, "", Pack.excluded(exclude));
        hash = to.hash();
      }
      Path plugin = scratch.resolve(PLUGIN);
      try (Pack.Writer to = new Pack.Writer(library);
          InputStream in = PytestRunner.class.getResourceAsStream(PLUGIN)) {
        Files.copy(in, plugin, StandardCopyOption.REPLACE_EXISTING);
        to.file(plugin, PLUGIN);
      }
      PytestHarness harness = new PytestHarness(python, options, List.of());
      Listing listing =
          Listing.of(
              "subjects." + name,
              harness,
              limits,
              tree,
              library,
              scratch,
              "mend the project until pytest --collect-only lists its tests",
              (places, units) ->
                  harness.python(places, List.of("discover", units.toString()), "-q"));
      if (listing.tests().isEmpty()) {
        throw UserException.input(
            "subjects."
                + name
                + ": no tests found: pytest collects none in "
                + root
                + (listing.unloadable().isEmpty()
                    ? ""
                    : "; not collected: " + Listing.lastLines(listing.unloadable().get(0)))
                + "; name the folders of tests in pytest-args");
      }
      return new Prepared(
          Suite.of(listing.tests()),
          project.toAbsolutePath().normalize(),
          new PytestHarness(python, options, listing.lines()),
          tree,
          library,
          hash,
          listing.unloadable(),
          List.of());
    }

    private String probed(List<String> command, Path scratch) {
      Subprocess.Ended ended;
      try {
        ended =
            Subprocess.run(
                command,
                scratch,
                limits.environment(System.getenv()),
                60,
                4_096,
                () -> Subprocess.Killed.NO);
      } catch (IOException e) {
        throw missing("cannot be started: " + e.getMessage());
      }
      if (ended.exitCode() != 0) {
        throw missing(
            "ended with exit code "
                + ended.exitCode()
                + ", and wrote: "
                + Listing.lastLines(ended.output()));
      }
      return ended.output();
    }

    private UserException missing(String how) {
      return UserException.input(
          section.path("python")
              + ": "
              + python
              + " with pytest "
              + how
              + "; install Python and pytest on the driver and on every executor, or name another python");
    }
  }

  /**
   * @param lines what our plug-in is told of each test, by number
   */
  private record PytestHarness(String python, List<String> options, List<String> lines)
      implements Harness {
    private static final long serialVersionUID = 1L;

    List<String> python(Places places, List<String> own, String... more) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(python, places.library().resolve(PLUGIN).toString()));
      command.addAll(own);
      command.addAll(options);
      command.addAll(List.of(more));
      return command;
    }

    @Override
    public List<String> probe() {
      return List.of(python, "-c", "import pytest");
    }

    @Override
    public List<String> command(Places places, int[] tests) throws IOException {
      Path order = Listing.write(lines, tests, places);
      return python(places, List.of("run", order.toString(), places.events().toString()));
    }

    @Override
    public Map<String, String> environment(Places places) {
      return Map.of("PYTHONDONTWRITEBYTECODE", "1");
    }

    @Override
    public String ownCommand(Path project, int[] tests) {
      StringBuilder command = new StringBuilder("cd ").append(Shell.quoted(project.toString()));
      command.append(" && ").append(Shell.quoted(python)).append(" -m pytest -p no:randomly");
      for (int test : tests) {
        String node = Transcript.plain(lines.get(test).split("\t", -1)[3]);
        command.append(' ').append(Shell.quoted(node));
      }
      return command.toString();
    }
  }
}
