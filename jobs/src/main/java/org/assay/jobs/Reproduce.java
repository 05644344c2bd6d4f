package org.assay.jobs;

import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Suggestion;
import org.assay.flaky.Observation;
import org.assay.flaky.Outcome;
import org.assay.jobs.runner.OrderRuns;
import org.assay.jobs.runner.Subjects;
import org.assay.jobs.runner.Trial;
import org.assay.jobs.store.RunStore;
import org.assay.report.Manifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs tests of a subject in one order, on this machine, as an executor would: what the table
 * dependencies names to paste. Starts no Spark.
 */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    description =
        "Runs tests of a subject in exactly this order, in a fresh process, and says what each does.")
final class Reproduce implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "CONF|REPORTS",
      description = "a configuration, or the output that a run of it was sealed in")
  private String source;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TEST",
      description = "tests as reports write them, container#name, first to last")
  private List<String> tests = new ArrayList<>();

  @Option(names = "--subject", paramLabel = "NAME", description = "needed when there are several")
  private String subject;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "of REPORTS: which run's configuration; the newest when not given")
  private String runId;

  @Option(
      names = "--factor",
      paramLabel = "NAME=LEVEL",
      description =
          "a level of the environment to run under: a variable, or cpu-load, processors, memory, network, clock; may be repeated")
  private Map<String, String> factors = new LinkedHashMap<>();

  @Option(names = "--times", paramLabel = "N", description = "how often; once unless given")
  private int times = 1;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    factors.forEach(
        (name, level) ->
            OrderRuns.wrongLevels(name, List.of(level))
                .ifPresent(
                    rule -> {
                      throw UserException.usage("--factor " + name + "=" + level + ": " + rule);
                    }));
    RunConfig.SubjectConfig chosen = subject(config());
    PrintWriter out = spec.commandLine().getOut();
    Progress progress = Progress.toStandardError();
    int failures = 0;
    try (Trial trial = new Trial(Subjects.project(chosen), progress::say)) {
      int[] numbers = trial.numbers(tests);
      for (int i = 0; i < times; i++) {
        TextTable table = TextTable.of("place", "outcome", "test", "ms", "message");
        List<Observation> observed = trial.run(numbers, factors);
        for (int place = 0; place < numbers.length; place++) {
          Observation o = observed.get(place);
          table.row(
              (long) place,
              o.outcome().name(),
              tests.get(place),
              o.durationMillis(),
              o.message().lines().findFirst().orElse(""));
        }
        out.print(table.render(Show.width()));
        failures += observed.stream().map(Observation::outcome).anyMatch(Outcome::failed) ? 1 : 0;
      }
    }
    out.println("a test failed in " + failures + " of " + times + (times == 1 ? " run" : " runs"));
    out.flush();
    return 0;
  }

  private RunConfig config() {
    if (new File(source).isFile()) {
      return RunConfig.load(new File(source), List.of());
    }
    RunStore store = RunStore.open(source, Runner.hadoop());
    Manifest run = runId == null ? Show.newest(store) : store.sealedRun(runId);
    return RunConfig.read(ConfigFactory.parseString(run.config()));
  }

  private RunConfig.SubjectConfig subject(RunConfig config) {
    if (subject == null && config.subjects().size() == 1) {
      return config.subjects().values().iterator().next();
    }
    RunConfig.SubjectConfig found = subject == null ? null : config.subjects().get(subject);
    if (found == null) {
      throw UserException.usage(
          "--subject"
              + (subject == null
                  ? ": is needed, for there are several"
                  : " "
                      + subject
                      + ": no such subject"
                      + Suggestion.of(subject, config.subjects().keySet()))
              + "; known: "
              + String.join(", ", config.subjects().keySet()));
    }
    return found;
  }
}
