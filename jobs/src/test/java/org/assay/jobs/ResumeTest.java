package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Manifest;
import org.assay.report.Score;
import org.assay.report.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real processes that are killed, continued, started again and started at once. {@link HeldMarks}
 * stops them at a known place.
 */
@Tag("slow")
class ResumeTest {
  @TempDir Path folder;

  private Path output;
  private Path conf;

  @BeforeEach
  void configuration() throws IOException {
    output = folder.resolve("reports");
    conf = folder.resolve("nightly.conf");
    Files.writeString(conf, text(output, JOBS));
  }

  /** A model whose fits are carried out one by one: as Spark jobs, or as tasks. */
  private static final String JOBS = "estimator = baseline, engine = cluster";

  private static final String TASKS = "estimator = xgboost, params { num_round = 2 }";

  private static String text(Path output, String model) {
    return """
        name = nightly, seed = 3, output = "%s"
        data.wisconsin { path = "%s", id = id, label = benign }
        models.base { %s }
        jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold, folds = 5, repeats = 2, stratify = true }, metrics = [accuracy, log-loss], fits-at-once = 2 } ]
        """
        .formatted(output, Shared.data("breast_cancer.csv"), model);
  }

  /** {@code assay run} under id {@code night}. */
  private Child assay(Map<String, String> properties, String... more) {
    List<String> args = new ArrayList<>(List.of("run", conf.toString(), "--run-id", "night"));
    args.addAll(List.of(more));
    return Child.start(Main.class, folder, properties, args.toArray(String[]::new));
  }

  private static Map<String, String> spark() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("spark.master", "local[2]");
    return properties;
  }

  private static Map<String, String> held() {
    Map<String, String> properties = spark();
    properties.put("spark.hadoop.fs.file.impl", HeldMarks.class.getName());
    return properties;
  }

  private RunStore store() {
    return RunStore.open(output.toString(), new Configuration());
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The times of the fits that are marked as done. */
  private Set<Double> done() throws IOException {
    Set<Double> seconds = new HashSet<>();
    try (Stream<Path> files = Files.walk(output.resolve("_staging/night/cells"))) {
      for (Path mark : files.filter(file -> file.endsWith("_DONE")).toList()) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(mark))) {
          assertThat(in.readInt()).isEqualTo(1); // a cell
          seconds.add(in.readDouble());
        }
      }
    }
    return seconds;
  }

  private String undisturbed(String model) {
    Shared.spark();
    RunConfig config =
        RunConfig.read(ConfigFactory.parseString(text(folder.resolve("undisturbed"), model)));
    return Runner.of(config, List.of())
        .run("other", false, Progress.silent())
        .manifest()
        .reportHash();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {JOBS + "|cv: fits|10/10", TASKS + "|cv: fit and score base|7/7"})
  void aKilledRunIsContinuedAndEndsAsIfNothingHadHappened(String model, String what, String rest)
      throws IOException, InterruptedException {
    Files.writeString(conf, text(output, model));
    try (Child killed = assay(held())) {
      killed.awaitLine(line -> line.equals(what + " " + HeldMarks.FREE + "/10"));
      killed.kill();
    }
    assertThat(store().sealedRuns()).isEmpty();
    assertThat(folders()).containsExactly("_runs", "_staging");
    Set<Double> before = done();
    assertThat(before).hasSize(HeldMarks.FREE);

    try (Child other = assay(Map.of(), "--resume", "--set", "seed=4")) {
      assertThat(other.exitCode()).as(other.text()).isEqualTo(2);
      assertThat(other.text())
          .contains("assay: run id 'night': was begun with other settings")
          .doesNotContain("\tat ");
    }
    assertThat(done()).isEqualTo(before);

    try (Child resumed = assay(spark(), "--resume")) {
      assertThat(resumed.exitCode()).as(resumed.text()).isZero();
      assertThat(resumed.text()).contains(what + " " + rest);
    }
    Manifest sealed = store().sealedRun("night");
    assertThat(sealed.tables())
        .containsEntry("predictions", 2L * 569)
        .containsEntry("failures", 0L);
    List<Double> seconds =
        store().read(Tables.SCORES, "night").stream()
            .filter(s -> s.metric().equals("accuracy"))
            .map(Score::fitSeconds)
            .toList();
    assertThat(seconds).hasSize(10).containsAll(before);
    assertThat(folders()).doesNotContain("night").contains("scores", "runs");
    assertThat(output.resolve("_staging/night")).doesNotExist();
    assertThat(sealed.reportHash()).isEqualTo(undisturbed(model));

    // Without a master nothing of Spark can start: a run that is sealed needs none.
    try (Child again = assay(Map.of())) {
      assertThat(again.exitCode()).as(again.text()).isZero();
      assertThat(again.text())
          .contains("is sealed already with the same settings; nothing to do")
          .contains("accuracy")
          .doesNotContain("reading data");
    }
    assertThat(store().sealedRun("night")).isEqualTo(sealed);

    try (Child other = assay(Map.of(), "--set", "seed=4")) {
      assertThat(other.exitCode()).as(other.text()).isEqualTo(2);
      assertThat(other.text())
          .contains("assay: run id 'night': was sealed with other settings")
          .contains("another --run-id")
          .doesNotContain("\tat ");
    }
    assertThat(store().sealedRuns()).containsExactly(sealed);
  }

  @Test
  void ofTwoThatStartAtOnceOneSealsAndTheOtherSaysWhoHasTheRun()
      throws IOException, InterruptedException {
    try (Child a = assay(held());
        Child b = assay(held())) {
      Child refused = Child.firstToEnd(a, b);
      Child holder = refused == a ? b : a;
      assertThat(refused.exitCode()).as(refused.text()).isEqualTo(2);
      assertThat(refused.text())
          .containsPattern(
              "assay: run id 'night': (process "
                  + holder.pid()
                  + " on \\S+|a process that is just starting) has been working on it since ")
          .contains("Wait for it, use another --run-id, or stop it")
          .doesNotContain("\tat ");
      holder.awaitLine(line -> line.equals("cv: fits " + HeldMarks.FREE + "/10"));
      assertThat(store().sealedRuns()).isEmpty();
      holder.closeInput();
      assertThat(holder.exitCode()).as(holder.text()).isZero();
    }
    assertThat(store().sealedRuns()).extracting(Manifest::runId).containsExactly("night");
    assertThat(store().read(Tables.PREDICTIONS, "night")).hasSize(2 * 569);
  }
}
