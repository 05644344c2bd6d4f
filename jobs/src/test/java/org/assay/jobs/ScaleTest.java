package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assay.jobs.store.RunStore;
import org.assay.random.Keyed;
import org.assay.report.Estimate;
import org.assay.report.Manifest;
import org.assay.report.Tables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data that do not fit in Spark's memory: whole runs in a heap of 512 MiB, the least that Spark
 * takes, with as little of it for Spark as makes the blocks of these small inputs spill.
 */
@Tag("slow")
class ScaleTest {
  private static final Keyed DRAW = Keyed.of(6, "scale test");

  @TempDir Path folder;

  private static double uniform(long row, int column) {
    return (DRAW.bits(row, column) >>> 11) * 0x1p-53;
  }

  /** Runs a cross-validation of the baseline and a logistic regression, and gives its manifest. */
  private Manifest run(Path data, String options, int folds, String memoryFraction)
      throws IOException, InterruptedException {
    Path conf =
        Files.writeString(
            folder.resolve("scale.conf"),
            """
            name = scale, seed = 1, output = "%s"
            data.d { path = "%s", id = id, label = y, %s }
            models.base { estimator = baseline }
            models.logit { estimator = logistic-regression, scale = standard, params { regParam = 0.001, maxIter = 10 } }
            jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold, folds = %d, stratify = true }, metrics = [roc-auc, log-loss, accuracy] } ]
            """
                .formatted(folder.resolve("reports"), data, options, folds));
    Path events = Files.createDirectories(folder.resolve("events"));
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("spark.master", "local[2]");
    properties.put("spark.memory.fraction", memoryFraction);
    properties.put("spark.local.dir", folder.resolve("spill").toString());
    properties.put("spark.eventLog.enabled", "true");
    properties.put("spark.eventLog.dir", events.toUri().toString());
    properties.put("spark.eventLog.compress", "false");
    properties.put("spark.eventLog.logBlockUpdates.enabled", "true");
    try (Child child =
        Child.start(
            "512m", Main.class, folder, properties, "run", conf.toString(), "--run-id", "night")) {
      assertThat(child.exitCode()).as(child.text()).isZero();
    }
    Predicate<String> onDisk =
        Pattern.compile("BlockUpdated.*\"Block ID\":\"rdd_.*\"Disk Size\":[1-9]").asPredicate();
    assertThat(lines(events)).as("blocks were spilled").anyMatch(onDisk);
    return store().sealedRun("night");
  }

  private static List<String> lines(Path events) throws IOException {
    try (Stream<Path> files = Files.walk(events)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .flatMap(
              file -> {
                try {
                  return Files.readAllLines(file).stream();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .filter(line -> line.contains("BlockUpdated"))
          .toList();
    }
  }

  private RunStore store() {
    return RunStore.open(folder.resolve("reports").toString(), new Configuration());
  }

  private double pooled(String model, String metric) {
    return store().read(Tables.ESTIMATES, "night").stream()
        .filter(e -> e.estimator().equals("pooled-out-of-fold"))
        .filter(e -> e.model().equals(model) && e.metric().equals(metric))
        .mapToDouble(Estimate::value)
        .findFirst()
        .orElseThrow();
  }

  /** The area under the ROC curve by ranks, for scores without ties. */
  private static double area(double[] score, int[] label) {
    int[] order =
        IntStream.range(0, score.length)
            .boxed()
            .sorted((a, b) -> Double.compare(score[a], score[b]))
            .mapToInt(i -> i)
            .toArray();
    double ranks = 0;
    long positives = 0;
    for (int r = 0; r < order.length; r++) {
      if (label[order[r]] == 1) {
        ranks += r + 1;
        positives++;
      }
    }
    return (ranks - positives * (positives + 1) / 2.0)
        / ((double) positives * (score.length - positives));
  }

  @Test
  void longDataSpill() throws IOException, InterruptedException {
    int rows = 400_000;
    double[] truth = new double[rows];
    int[] label = new int[rows];
    Path csv = folder.resolve("long.csv");
    try (BufferedWriter out = Files.newBufferedWriter(csv)) {
      out.write("id,x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,city,y\n");
      for (int i = 0; i < rows; i++) {
        StringBuilder line = new StringBuilder().append(i);
        double z = 0;
        for (int c = 0; c < 10; c++) {
          double x = Math.rint(uniform(i, c) * 20_000 - 10_000) / 1000;
          z += x * (c - 4) / 20;
          line.append(',').append(x);
        }
        int city = (int) (uniform(i, 10) * 20);
        z += (city - 10) / 10.0;
        truth[i] = z;
        label[i] = uniform(i, 11) < 1 / (1 + Math.exp(-z)) ? 1 : 0;
        out.write(line.append(",city-").append(city).append(',').append(label[i]).toString());
        out.write('\n');
      }
    }
    Manifest sealed = run(csv, "encode = one-hot", 3, "0.2");
    assertThat(sealed.tables()).containsEntry("predictions", 2L * rows);
    long positives = Arrays.stream(label).sum();
    assertThat(pooled("base", "accuracy"))
        .isEqualTo(Math.max(positives, rows - positives) / (double) rows);
    // The model is the true one, but for the penalty and what 30 coefficients take from 270,000
    // rows.
    assertThat(pooled("logit", "roc-auc")).isCloseTo(area(truth, label), within(0.001));
  }

  @Test
  void wideDataWithGapsAndManyCategoriesSpill() throws IOException, InterruptedException {
    int rows = 2000;
    int numbers = 3000;
    int texts = 200;
    Path csv = folder.resolve("wide.csv");
    long positives = 0;
    try (BufferedWriter out = Files.newBufferedWriter(csv)) {
      StringBuilder header = new StringBuilder("id");
      IntStream.range(0, numbers).forEach(c -> header.append(",x").append(c));
      IntStream.range(0, texts).forEach(c -> header.append(",t").append(c));
      out.write(header.append(",y\n").toString());
      for (int i = 0; i < rows; i++) {
        StringBuilder line = new StringBuilder().append(i);
        double z = 0;
        for (int c = 0; c < numbers; c++) {
          double x = Math.rint(uniform(i, c) * 2000 - 1000) / 1000;
          z += c < 5 ? x : 0;
          line.append(',');
          if (uniform(i, 100_000 + c) > 0.05) {
            line.append(x);
          }
        }
        for (int c = 0; c < texts; c++) {
          line.append(",v").append((int) (uniform(i, 200_000 + c) * 30));
        }
        int label = z > 0 ? 1 : 0;
        positives += label;
        out.write(line.append(',').append(label).append('\n').toString());
      }
    }
    Manifest sealed = run(csv, "encode = one-hot, impute = median", 2, "0.2");
    assertThat(sealed.tables())
        .containsEntry("predictions", 2L * rows)
        .containsEntry("failures", 0L);
    assertThat(pooled("base", "accuracy"))
        .isEqualTo(Math.max(positives, rows - positives) / (double) rows);
    assertThat(pooled("logit", "accuracy")).isBetween(0.5, 1.0);
  }
}
