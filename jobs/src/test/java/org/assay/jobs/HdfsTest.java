package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Manifest;
import org.assay.report.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose report is on HDFS: killed, continued, sealed and read back. The cluster is Hadoop's
 * own small one, of one name node and one data node in this process; its library is large, so that
 * only the profile of the slow suites has it, and it is reached by name.
 */
@Tag("slow")
class HdfsTest {
  @TempDir static Path folder;

  private static AutoCloseable cluster;
  private static String root;

  @BeforeAll
  static void startHdfs() throws ReflectiveOperationException, IOException {
    Configuration conf = new Configuration();
    conf.set("hdfs.minidfs.basedir", folder.resolve("hdfs").toString());
    Class<?> builder = Class.forName("org.apache.hadoop.hdfs.MiniDFSCluster$Builder");
    Object settings = builder.getConstructor(Configuration.class).newInstance(conf);
    Object started = builder.getMethod("build").invoke(settings);
    cluster = (AutoCloseable) started;
    started.getClass().getMethod("waitClusterUp").invoke(started);
    FileSystem fs = (FileSystem) started.getClass().getMethod("getFileSystem").invoke(started);
    root = fs.getUri().toString();
    assertThat(root).startsWith("hdfs://");
  }

  @AfterAll
  static void stopHdfs() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String text(String output) {
    return """
        name = nightly, seed = 3, output = "%s"
        data.wisconsin { path = "%s", id = id, label = benign }
        models.base { estimator = baseline, engine = cluster }
        jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold, folds = 5, repeats = 2, stratify = true }, metrics = [accuracy, log-loss], fits-at-once = 2 } ]
        """
        .formatted(output, Shared.data("breast_cancer.csv").toUri());
  }

  private static Child assay(Map<String, String> properties, Path conf, String... more) {
    Map<String, String> all = new LinkedHashMap<>(properties);
    all.put("spark.master", "local[2]");
    String[] args = {"run", conf.toString(), "--run-id", "night"};
    String[] whole = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, whole, args.length, more.length);
    return Child.start(Main.class, folder, all, whole);
  }

  @Test
  void aKilledRunIsContinuedSealedAndReadBack() throws IOException, InterruptedException {
    String output = root + "/reports";
    Path conf = Files.writeString(folder.resolve("nightly.conf"), text(output));
    RunStore store = RunStore.open(output, new Configuration());
    Map<String, String> held =
        Map.of("spark.hadoop.fs.hdfs.impl", HeldMarks.OnHdfs.class.getName());
    try (Child killed = assay(held, conf)) {
      killed.awaitLine(line -> line.equals("cv: fits " + HeldMarks.FREE + "/10"));
      killed.kill();
    }
    assertThat(store.sealedRuns()).isEmpty();

    try (Child resumed = assay(Map.of(), conf, "--resume")) {
      assertThat(resumed.exitCode()).as(resumed.text()).isZero();
      assertThat(resumed.text()).contains("sealed: " + output);
    }
    Manifest sealed = store.sealedRun("night");
    assertThat(sealed.tables())
        .containsEntry("predictions", 2L * 569)
        .containsEntry("failures", 0L);
    Shared.spark();
    Manifest local =
        Runner.of(
                RunConfig.read(ConfigFactory.parseString(text(folder.resolve("local").toString()))),
                List.of())
            .run("night", false, Progress.silent())
            .manifest();
    assertThat(sealed.reportHash()).isEqualTo(local.reportHash());

    assertThat(store.read(Tables.PREDICTIONS, "night")).hasSize(2 * 569);
    assertThat(Shared.spark().read().parquet(output + "/estimates").where("n = 569").count())
        .isEqualTo(sealed.tables().get("estimates"));
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    assertThat(Main.run(new PrintStream(shown, true, StandardCharsets.UTF_8), "show", output))
        .isZero();
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("mean-of-folds");
  }
}
