package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.assay.config.RunConfig;
import org.assay.report.Tables;

/**
 * What tests share: one local session per process, and where real data and reference values are.
 */
public final class Shared {
  private Shared() {}

  /** A session on two threads, quiet, started once. */
  public static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.scheduler.mode", "FAIR")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.caseSensitive", "true")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  /** Runs all jobs of a configuration, without sealing; fails when a cell does. */
  static RunContext run(String conf, Path staging) {
    RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(
            spark(),
            config,
            runner.steps(),
            Progress.silent(),
            null,
            new org.apache.hadoop.fs.Path(staging.toUri()));
    runner.steps().forEach(step -> step.run(context));
    context.close();
    assertThat(context.rows(Tables.FAILURES)).isEmpty();
    return context;
  }

  /** A file of the data that stand beside the project. */
  static Path data(String name) {
    return existing("data/" + name);
  }

  /** A file of reference values. */
  static Path oracle(String name) {
    return existing("oracles/" + name);
  }

  private static Path existing(String name) {
    Path path = Path.of("../../shared").resolve(name).toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "no " + path + "; tests read real data from the folder 'shared' beside the project");
    }
    return path;
  }
}
