package org.assay.jobs.runner;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.assay.flaky.Observation;
import org.assay.flaky.Outcome;
import org.assay.flaky.Run;
import org.assay.order.Order;

/**
 * What is known of every attempt at an order, below one folder of a Hadoop file system: a mark when
 * it starts, its outcomes when it ends. Written by tasks, so that it outlives executor and driver.
 */
final class RunJournal implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;

  /**
   * A finished attempt.
   *
   * @param problem why nothing of it may be used; empty when it ran as asked
   * @param processMillis wall time of the process of the tests
   */
  record Entry(Run run, String problem, long processMillis) implements Serializable {}

  /** Who started an attempt. */
  record Starter(String worker, String host) {}

  private final String folder;
  private final SerializableConfiguration configuration;

  RunJournal(Path folder, Configuration configuration) {
    this.folder = folder.toString();
    this.configuration = new SerializableConfiguration(configuration);
  }

  private Path path(Order order, int round, String file) {
    return new Path(folder, order.id() + "-" + round + "/" + file);
  }

  private FileSystem files() throws IOException {
    return new Path(folder).getFileSystem(configuration.value());
  }

  /** Whether an attempt could be marked as started; false when somebody has done so before. */
  boolean start(Order order, int round, int attempt, Starter starter) throws IOException {
    Path mark = path(order, round, "start-" + attempt);
    if (files().exists(mark)) {
      return false;
    }
    try (DataOutputStream out = new DataOutputStream(files().create(mark, false))) {
      out.writeUTF(starter.worker());
      out.writeUTF(starter.host());
    }
    return true;
  }

  /** Who started an attempt, as far as is known. */
  Starter starter(Order order, int round, int attempt) {
    try (DataInputStream in =
        new DataInputStream(files().open(path(order, round, "start-" + attempt)))) {
      return new Starter(in.readUTF(), in.readUTF());
    } catch (IOException e) {
      return new Starter("", ""); // its starter was gone before it had written this
    }
  }

  /** Keeps a finished attempt. */
  void finish(Entry entry) throws IOException {
    Run run = entry.run();
    Path done = path(run.order(), run.round(), "done-" + run.attempt());
    Path written = path(run.order(), run.round(), ".done-" + run.attempt());
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(files().create(written, true)))) {
      out.writeInt(FORMAT);
      out.writeInt(run.observations().size());
      text(out, run.worker());
      text(out, run.host());
      out.writeInt(run.factors().size());
      for (Map.Entry<String, String> factor : run.factors().entrySet()) {
        text(out, factor.getKey());
        text(out, factor.getValue());
      }
      text(out, entry.problem());
      out.writeLong(entry.processMillis());
      for (Observation observation : run.observations()) {
        text(out, observation.outcome().name());
        out.writeLong(observation.durationMillis());
        text(out, observation.message());
        text(out, observation.fingerprint());
      }
    }
    if (!files().rename(written, done)) {
      throw new IOException(written + " cannot be renamed to " + done);
    }
  }

  /** A finished attempt. */
  Optional<Entry> done(Order order, int round, int attempt) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(files().open(path(order, round, "done-" + attempt))))) {
      if (in.readInt() != FORMAT || in.readInt() != order.size()) {
        return Optional.empty();
      }
      String worker = text(in);
      String host = text(in);
      TreeMap<String, String> factors = new TreeMap<>();
      for (int f = in.readInt(); f > 0; f--) {
        String name = text(in);
        factors.put(name, text(in));
      }
      String problem = text(in);
      long millis = in.readLong();
      List<Observation> observations = new ArrayList<>(order.size());
      for (int i = 0; i < order.size(); i++) {
        Outcome outcome = Outcome.valueOf(text(in));
        observations.add(new Observation(outcome, in.readLong(), text(in), text(in)));
      }
      return Optional.of(
          new Entry(
              new Run(order, round, attempt, worker, host, factors, observations),
              problem,
              millis));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes.length == 0 ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
