package org.assay.jobs;

import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.assay.UserException;
import org.assay.jobs.store.RunStore;
import org.assay.jobs.store.TableRows;
import org.assay.report.Column;
import org.assay.report.Comparison;
import org.assay.report.Estimate;
import org.assay.report.FactorEffectRow;
import org.assay.report.Failure;
import org.assay.report.FailureClusterRow;
import org.assay.report.ImportanceRow;
import org.assay.report.Manifest;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.assay.report.TestDependency;
import org.assay.report.TestVerdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The tables of a sealed run in the terminal. Starts no Spark.
 *
 * <p>Lines are as wide as the environment's COLUMNS; without it 80 in a terminal, and as wide as
 * they need to be in a file or a pipe.
 */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows the tables of a sealed run in the terminal.")
public final class Show implements Callable<Integer> {
  private static final int PAGE = 1000;
  private static final int ROWS = 40;
  private static final Set<String> SPREADS = Set.of("sd-of-folds", "naive-se-of-folds");

  @Parameters(
      index = "0",
      paramLabel = "REPORTS",
      description = "The output that runs were sealed in: a path or URI.")
  private String reports;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Which run; the newest when not given.")
  private String runId;

  @Option(names = "--table", paramLabel = "T", description = "Show the rows of this table.")
  private String table;

  @Option(names = "--all", description = "Show all rows, however many.")
  private boolean all;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    RunStore store = RunStore.open(reports, configuration(reports));
    print(store, out);
    out.flush();
    return 0;
  }

  private void print(RunStore store, PrintWriter out) {
    Manifest run = runId == null ? newest(store) : store.sealedRun(runId);
    Table<?> wanted = table == null ? null : shown(run, table);
    long limit = all ? Long.MAX_VALUE : ROWS;
    out.print(header(run));
    if (wanted == null) {
      out.print(summary(store, run, limit, width()));
    } else {
      out.println();
      rows(store, run, wanted, limit, width(), out);
    }
  }

  /**
   * What the run is: suite, id, times, status, seed, hash, and the number of rows of each table.
   */
  static String header(Manifest run) {
    String tables =
        run.tables().entrySet().stream()
            .filter(t -> t.getValue() > 0 && !t.getKey().equals(Tables.RUNS.name()))
            .map(t -> t.getKey() + " " + t.getValue())
            .collect(Collectors.joining(", "));
    StringBuilder text = new StringBuilder();
    line(text, "suite", run.suite());
    line(text, "run", run.runId());
    line(text, "started", TextTable.time(run.startedAt()) + ", took " + seconds(run) + " s");
    line(
        text,
        "status",
        run.status()
            + (run.reason().isEmpty() ? "" : ": " + run.reason())
            + " (exit code "
            + run.exitCode()
            + ")");
    if (!run.gateStatus().isEmpty()) {
      line(text, "gates", run.gateStatus());
    }
    line(text, "seed", Long.toString(run.seed()));
    line(text, "report", run.reportHash());
    line(text, "rows", tables.isEmpty() ? "none" : tables);
    return text.toString();
  }

  /**
   * The estimates, the comparisons and the failures of a sealed run, and what was left out of its
   * data.
   *
   * @param limit the most rows of each
   * @param width the most characters of a line
   */
  static String summary(RunStore store, Manifest run, long limit, int width) {
    StringBuilder text = new StringBuilder();
    long estimates = run.tables().getOrDefault(Tables.ESTIMATES.name(), 0L);
    if (estimates > 0) {
      List<Estimate> shown = new ArrayList<>();
      long others = 0;
      try (TableRows<Estimate> rows = store.rows(Tables.ESTIMATES, run.runId())) {
        while (rows.hasNext()) {
          Estimate estimate = rows.next();
          if (SPREADS.contains(estimate.estimator())) {
            continue; // the interval says what these say; they are in the table
          }
          if (shown.size() < limit) {
            shown.add(estimate);
          } else {
            others++;
          }
        }
      }
      text.append('\n').append(estimates(shown).render(width));
      more(text, others);
    }
    long compared = run.tables().getOrDefault(Tables.COMPARISONS.name(), 0L);
    if (compared > 0) {
      List<Comparison> shown = first(store, run, Tables.COMPARISONS, limit);
      text.append('\n').append(comparisons(shown).render(width));
      more(text, compared - shown.size());
    }
    if (run.tables().getOrDefault(Tables.VERDICTS.name(), 0L) > 0) {
      text.append('\n').append(verdicts(store, run, limit, width));
    }
    long dependencies = run.tables().getOrDefault(Tables.DEPENDENCIES.name(), 0L);
    if (dependencies > 0) {
      List<TestDependency> shown = first(store, run, Tables.DEPENDENCIES, limit);
      text.append('\n').append(dependencies(shown).render(width));
      more(text, dependencies - shown.size());
    }
    long effects = run.tables().getOrDefault(Tables.FACTOR_EFFECTS.name(), 0L);
    if (effects > 0) {
      List<FactorEffectRow> shown = first(store, run, Tables.FACTOR_EFFECTS, limit);
      text.append('\n').append(factorEffects(shown).render(width));
      more(text, effects - shown.size());
    }
    long clusters = run.tables().getOrDefault(Tables.FAILURE_CLUSTERS.name(), 0L);
    if (clusters > 0) {
      List<FailureClusterRow> shown = first(store, run, Tables.FAILURE_CLUSTERS, limit);
      text.append('\n').append(failureClusters(shown).render(width));
      more(text, clusters - shown.size());
    }
    long importances = run.tables().getOrDefault(Tables.IMPORTANCES.name(), 0L);
    if (importances > 0) {
      List<ImportanceRow> shown = first(store, run, Tables.IMPORTANCES, limit);
      text.append('\n').append(importances(shown).render(width));
      more(text, importances - shown.size());
    }
    if (run.failures() > 0) {
      TextTable failures = TextTable.of("failed in job", "data", "model", "cell", "kind", "reason");
      for (Failure failure : first(store, run, Tables.FAILURES, limit)) {
        failures.row(
            failure.job(),
            failure.data(),
            failure.model(),
            failure.cell(),
            failure.kind(),
            failure.reason());
      }
      text.append('\n').append(failures.render(width));
      more(text, run.failures() - limit);
    }
    List<String> notes =
        run.inputs().values().stream().flatMap(input -> input.notes().stream()).distinct().toList();
    if (!notes.isEmpty()) {
      text.append('\n');
      notes.forEach(note -> text.append("note: ").append(TextTable.printable(note)).append('\n'));
    }
    return text.toString();
  }

  /** The tests that are not stable, the worst first, and how many there are of each verdict. */
  private static String verdicts(RunStore store, Manifest run, long limit, int width) {
    Map<String, Long> counts = new TreeMap<>();
    List<TestVerdict> suspicious = new ArrayList<>();
    try (TableRows<TestVerdict> rows = store.rows(Tables.VERDICTS, run.runId())) {
      while (rows.hasNext()) {
        TestVerdict verdict = rows.next();
        counts.merge(verdict.verdict(), 1L, Long::sum);
        if (!verdict.verdict().equals("STABLE_WITHIN")) {
          suspicious.add(verdict);
        }
      }
    }
    suspicious.sort(
        Comparator.comparing(TestVerdict::job)
            .thenComparing(TestVerdict::verdict)
            .thenComparing(TestVerdict::testId));
    TextTable table =
        TextTable.of(
            "job",
            "subject",
            "verdict",
            "test",
            "failures",
            "runs",
            "interval",
            "method",
            "p adjusted",
            "reruns for 95%",
            "evidence");
    suspicious.stream()
        .limit(limit)
        .forEach(
            v ->
                table.row(
                    v.job(),
                    v.subject(),
                    v.verdict(),
                    v.testId(),
                    v.failures(),
                    v.runs(),
                    "[" + TextTable.number(v.ciLow()) + ", " + TextTable.number(v.ciHigh()) + "]",
                    percent(v.ciLevel()) + " " + v.ciMethod(),
                    Double.isNaN(v.pAdjusted()) ? null : v.pAdjusted(),
                    v.rerunsFor95() == 0 ? null : v.rerunsFor95(),
                    v.evidence()));
    StringBuilder text = new StringBuilder();
    text.append("tests by verdict: ")
        .append(
            counts.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", ")))
        .append('\n');
    if (!suspicious.isEmpty()) {
      text.append('\n').append(table.render(width));
      more(text, suspicious.size() - limit);
    }
    return text.toString();
  }

  /** Which tests are to blame, and how to see it. */
  private static TextTable dependencies(List<TestDependency> dependencies) {
    TextTable table =
        TextTable.of("job", "subject", "role", "test", "others", "confirmed", "of", "reproduce");
    for (TestDependency d : dependencies) {
      table.row(
          d.job(),
          d.subject(),
          d.role(),
          d.testId(),
          d.others(),
          (long) d.confirmed(),
          (long) d.of(),
          d.reproduce());
    }
    return table;
  }

  /** What the environment does to tests. */
  private static TextTable factorEffects(List<FactorEffectRow> effects) {
    TextTable table =
        TextTable.of(
            "job",
            "subject",
            "test",
            "factor",
            "level",
            "failures",
            "of",
            "else",
            "of",
            "effect",
            "interval",
            "method",
            "p",
            "adjusted",
            "reproduce");
    for (FactorEffectRow e : effects) {
      table.row(
          e.job(),
          e.subject(),
          e.testId(),
          e.factor(),
          e.level(),
          e.failures(),
          e.runs(),
          e.otherFailures(),
          e.otherRuns(),
          e.value(),
          "[" + TextTable.number(e.ciLow()) + ", " + TextTable.number(e.ciHigh()) + "]",
          percent(e.ciLevel()) + " " + e.ciMethod(),
          e.pValue(),
          e.pAdjusted(),
          e.reproduce());
    }
    return table;
  }

  /** Failures that have one reason. */
  private static TextTable failureClusters(List<FailureClusterRow> clusters) {
    TextTable table =
        TextTable.of("job", "subject", "failures", "runs", "tests", "such as", "message");
    for (FailureClusterRow c : clusters) {
      table.row(
          c.job(),
          c.subject(),
          c.failures(),
          c.runs(),
          c.tests(),
          ConfigFactory.parseString("ids = " + c.testIds()).getStringList("ids").get(0),
          c.message().lines().findFirst().orElse(""));
    }
    return table;
  }

  /** Comparisons with what makes them readable: effect, interval, both p-values, and why. */
  static TextTable comparisons(List<Comparison> comparisons) {
    TextTable table =
        TextTable.of(
            "job",
            "data",
            "slice",
            "metric",
            "a",
            "b",
            "test",
            "effect",
            "interval",
            "method",
            "p",
            "adjusted",
            "by",
            "n",
            "replicates",
            "reason");
    for (Comparison c : comparisons) {
      table.row(
          c.job(),
          c.data(),
          c.slice().isEmpty() ? "(all)" : c.slice(),
          c.metric(),
          c.modelA(),
          c.modelB(),
          c.test(),
          c.effect(),
          c.ciMethod().isEmpty()
              ? "-"
              : "[" + TextTable.number(c.ciLow()) + ", " + TextTable.number(c.ciHigh()) + "]",
          c.ciMethod().isEmpty() ? "-" : percent(c.ciLevel()) + " " + c.ciMethod(),
          c.pValue(),
          c.pAdjusted(),
          c.adjustment().isEmpty() ? "-" : c.adjustment() + ", " + c.family(),
          c.n(),
          (long) c.replicates(),
          c.reason());
    }
    return table;
  }

  /** Importances with what makes them readable: rank, value, standard error, interval, p-values. */
  static TextTable importances(List<ImportanceRow> importances) {
    TextTable table =
        TextTable.of(
            "job",
            "data",
            "slice",
            "model",
            "params",
            "metric",
            "method",
            "rank",
            "feature",
            "value",
            "+/-",
            "interval",
            "ci",
            "p",
            "adjusted",
            "test",
            "n",
            "repeats",
            "reason");
    for (ImportanceRow i : importances) {
      table.row(
          i.job(),
          i.data(),
          i.slice().isEmpty() ? "(all)" : i.slice(),
          i.model(),
          i.params(),
          i.metric(),
          i.method() + (i.scale().equals("difference") ? "" : ", " + i.scale()),
          (long) i.rank(),
          i.feature() + (i.members().isEmpty() ? "" : " (" + i.members() + ")"),
          i.value(),
          Double.isNaN(i.stdError()) ? null : i.stdError(),
          i.ciMethod().isEmpty()
              ? "-"
              : "[" + TextTable.number(i.ciLow()) + ", " + TextTable.number(i.ciHigh()) + "]",
          i.ciMethod().isEmpty() ? "-" : percent(i.ciLevel()) + " " + i.ciMethod(),
          Double.isNaN(i.pValue()) ? null : i.pValue(),
          Double.isNaN(i.pAdjusted()) ? null : i.pAdjusted(),
          i.test().isEmpty() ? "-" : i.test(),
          i.n(),
          (long) i.repeats(),
          i.reason());
    }
    return table;
  }

  /**
   * Estimates with what makes them readable: value, standard error, interval with its method and
   * level, n and replicates.
   */
  static TextTable estimates(List<Estimate> estimates) {
    TextTable table =
        TextTable.of(
            "job",
            "data",
            "slice",
            "model",
            "params",
            "metric",
            "value",
            "+/-",
            "interval",
            "method",
            "estimator",
            "n",
            "replicates",
            "reason");
    for (Estimate e : estimates) {
      table.row(
          e.job(),
          e.data(),
          e.slice().isEmpty() ? "(all)" : e.slice(),
          e.model(),
          e.params(),
          e.metric(),
          e.value(),
          Double.isNaN(e.stdError()) ? null : e.stdError(),
          e.ciMethod().isEmpty()
              ? "-"
              : "[" + TextTable.number(e.ciLow()) + ", " + TextTable.number(e.ciHigh()) + "]",
          e.ciMethod().isEmpty() ? "-" : percent(e.ciLevel()) + " " + e.ciMethod(),
          e.estimator(),
          e.n(),
          e.replicates(),
          e.reason());
    }
    return table;
  }

  /** The width of the terminal. */
  @SuppressWarnings(
      "SystemConsoleNull") // Spark 4.1 ends at Java 21; from 22 on the console is never null, and
  // lines are cut.
  static int width() {
    String columns = System.getenv("COLUMNS");
    if (columns != null && columns.matches("[0-9]{1,5}") && Integer.parseInt(columns) > 0) {
      return Integer.parseInt(columns);
    }
    return System.console() == null ? TextTable.UNLIMITED : 80;
  }

  /**
   * Hadoop's settings; none where only local files are meant, since reading the defaults takes as
   * long as all the rest.
   */
  private static Configuration configuration(String reports) {
    boolean hasSite = Show.class.getResource("/core-site.xml") != null;
    boolean isLocal = reports.startsWith("file:") || (!reports.contains(":") && !hasSite);
    return isLocal ? new Configuration(false) : new Configuration();
  }

  private static <T extends Record> void rows(
      RunStore store, Manifest run, Table<T> table, long limit, int width, PrintWriter out) {
    List<String> names = table.columns().stream().map(Column::name).toList();
    long shown = 0;
    try (TableRows<T> rows = store.rows(table, run.runId())) {
      // Laid out page by page, so that a table of any length needs little memory.
      do {
        TextTable page = TextTable.of(names);
        while (page.size() < PAGE && shown < limit && rows.hasNext()) {
          page.row(table.values(rows.next()));
          shown++;
        }
        out.print(page.render(width));
      } while (shown < limit && rows.hasNext());
    }
    StringBuilder rest = new StringBuilder();
    more(rest, run.tables().getOrDefault(table.name(), 0L) - shown);
    out.print(rest);
  }

  private static <T extends Record> List<T> first(
      RunStore store, Manifest run, Table<T> table, long limit) {
    List<T> first = new ArrayList<>();
    try (TableRows<T> rows = store.rows(table, run.runId())) {
      while (first.size() < limit && rows.hasNext()) {
        first.add(rows.next());
      }
    }
    return first;
  }

  private static Table<?> shown(Manifest run, String name) {
    if (!run.tables().containsKey(name)) {
      throw UserException.usage(
          "run "
              + run.runId()
              + " has no table '"
              + name
              + "'; it has: "
              + run.tables().entrySet().stream()
                  .map(Map.Entry::getKey)
                  .collect(Collectors.joining(", ")));
    }
    return Tables.named(name);
  }

  static Manifest newest(RunStore store) {
    List<Manifest> runs = store.sealedRuns();
    if (runs.isEmpty()) {
      throw UserException.usage(
          "no sealed run in "
              + store.output()
              + "; make one with: assay run CONF --output "
              + store.output());
    }
    return runs.get(runs.size() - 1);
  }

  private static void more(StringBuilder text, long rows) {
    if (rows > 0) {
      text.append("... and ")
          .append(rows)
          .append(rows == 1 ? " more row" : " more rows")
          .append("; show them with --all\n");
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name)
        .append(" ".repeat(9 - name.length()))
        .append(TextTable.printable(value))
        .append('\n');
  }

  private static String percent(double level) {
    if (Double.isNaN(level)) {
      return "?";
    }
    String text = BigDecimal.valueOf(level).movePointRight(2).stripTrailingZeros().toPlainString();
    return text + "%";
  }

  private static long seconds(Manifest run) {
    return Duration.between(run.startedAt(), run.endedAt()).toSeconds();
  }
}
