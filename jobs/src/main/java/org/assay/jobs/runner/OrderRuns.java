package org.assay.jobs.runner;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.UserException;
import org.assay.flaky.Observation;
import org.assay.flaky.Run;
import org.assay.jobs.Progress;
import org.assay.jobs.engine.Tasks;
import org.assay.order.Order;

/**
 * Runs orders of one suite on the executors, one Spark task each.
 *
 * <p>An attempt leaves a mark when it starts and its outcomes when it ends. A task that finds a
 * mark without outcomes, because Spark or a resumed driver starts it anew, notes a lost attempt,
 * all of it MISSING, and makes the next one under the next number. One that finds outcomes runs
 * nothing.
 */
public final class OrderRuns implements AutoCloseable {
  /** Attempts at one order that may be lost before it is given up. */
  private static final int ATTEMPTS = 3;

  /** Where packs were unpacked on this executor. */
  private static final Map<String, Path> LIBRARIES = new HashMap<>();

  /**
   * One turn of an order.
   *
   * @param round number of its repetition
   * @param factors what is varied, see {@link #wrongLevels}
   */
  public record Turn(Order order, int round, SortedMap<String, String> factors)
      implements Serializable {
    /** A turn in the environment that all have. */
    public Turn(Order order, int round) {
      this(order, round, Collections.emptySortedMap());
    }
  }

  /**
   * What became of a turn.
   *
   * @param runs its attempts; none when there was no time left
   * @param problem why it has no outcomes; empty when it has
   * @param processMillis wall time of the process of the tests
   * @param taskMillis wall time of the task
   */
  public record Result(
      Turn turn, List<Run> runs, String problem, long processMillis, long taskMillis)
      implements Serializable {
    /** Whether it was left out because the time was up. */
    public boolean isLeftOut() {
      return runs.isEmpty() && problem.isEmpty();
    }
  }

  /** What a task needs besides its turn. */
  private record Kit(
      Harness harness,
      Limits limits,
      String tree,
      String library,
      RunJournal journal,
      long deadline)
      implements Serializable {}

  private final JavaSparkContext context;
  private final Prepared prepared;
  private final Limits limits;
  private final RunJournal journal;
  private final String tree;
  private final String library;

  /**
   * Takes a suite to the executors.
   *
   * @param folder where attempts are kept: of this suite alone
   * @throws UserException if Spark may start tasks twice
   */
  public OrderRuns(
      JavaSparkContext context,
      Prepared prepared,
      Limits limits,
      org.apache.hadoop.fs.Path folder,
      Configuration configuration)
      throws IOException {
    if (context.sc().conf().getBoolean("spark.speculation", false)) {
      throw UserException.usage(
          "spark.speculation = true: would run orders twice at once; start with --conf spark.speculation=false");
    }
    this.context = context;
    this.prepared = prepared;
    this.limits = limits;
    this.journal = new RunJournal(folder, configuration);
    this.tree = added(prepared.tree());
    this.library = added(prepared.library());
  }

  /** Hands a file to the executors, under a name that no other file of this session has. */
  private String added(Path pack) throws IOException {
    String name = "assay-" + UUID.randomUUID();
    Path unique = pack.resolveSibling(name);
    try {
      Files.createLink(unique, pack);
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(pack, unique);
    }
    context.addFile(unique.toString());
    return name;
  }

  /**
   * What the levels of a factor must be; empty when these are. A factor is a variable of the
   * environment, or cpu-load, processors, memory, network or clock.
   */
  public static Optional<String> wrongLevels(String factor, List<String> levels) {
    return Conditions.wrong(factor, levels);
  }

  /**
   * Looks whether executors can run orders, before any is run: as many tasks as run at once, so
   * that few executors are missed.
   *
   * @param levels of factors that orders will run under, besides those of all
   * @throws UserException if one cannot
   */
  public void check(String subject, List<SortedMap<String, String>> levels, Progress progress) {
    Broadcast<Kit> kit =
        context.broadcast(
            new Kit(prepared.harness(), limits, tree, library, journal, Long.MAX_VALUE));
    List<String> failures = new ArrayList<>();
    try {
      Tasks.run(
          context,
          "whether executors can run the tests of " + subject,
          Math.min(10_000, 2 * context.defaultParallelism()),
          task -> probe(kit.value(), levels),
          (task, failure) -> {
            if (!failure.isEmpty()) {
              failures.add(failure);
            }
          },
          progress);
    } finally {
      kit.destroy();
    }
    if (!failures.isEmpty()) {
      failures.sort(null);
      throw UserException.input(
          "subjects."
              + subject
              + ": "
              + failures.get(0)
              + "; install what the tests need on every executor, or name another program in the subject");
    }
  }

  private static String probe(Kit kit, List<SortedMap<String, String>> levels) {
    String host = self().host();
    List<Map<String, String>> all = new ArrayList<>(levels);
    all.add(0, Map.of());
    for (Map<String, String> each : all) {
      String under = each.isEmpty() ? "" : " under " + each;
      try {
        String problem = Conditions.of(kit.limits(), each).probe(kit.harness(), kit.limits());
        if (!problem.isEmpty()) {
          return "on the executor at " + host + under + " " + problem;
        }
      } catch (IOException e) {
        return "on the executor at "
            + host
            + under
            + " the command "
            + String.join(" ", kit.harness().probe())
            + " cannot be started: "
            + e.getMessage();
      }
    }
    return "";
  }

  /**
   * Runs turns, and gives what became of each, in their order.
   *
   * @param what the work as a person reads it
   * @param deadline in milliseconds since 1970, after which no turn is begun
   */
  public List<Result> run(String what, List<Turn> turns, long deadline, Progress progress) {
    if (turns.isEmpty()) {
      return List.of();
    }
    Broadcast<Kit> kit =
        context.broadcast(new Kit(prepared.harness(), limits, tree, library, journal, deadline));
    Result[] results = new Result[turns.size()];
    try {
      JavaRDD<Turn> rdd = context.parallelize(turns, turns.size());
      Tasks.over(
          context,
          what,
          rdd,
          turns.size(),
          part -> take(kit.value(), part.next()),
          (number, result) -> results[number] = result,
          progress);
    } finally {
      kit.destroy();
    }
    return List.of(results);
  }

  private static Result take(Kit kit, Turn turn) {
    long start = System.nanoTime();
    List<Run> runs = new ArrayList<>();
    RunJournal.Starter self = self();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        RunJournal.Entry entry =
            kit.journal().done(turn.order(), turn.round(), attempt).orElse(null);
        if (entry == null) {
          if (attempt == 0 && System.currentTimeMillis() > kit.deadline()) {
            return new Result(turn, List.of(), "", 0, 0);
          }
          if (!kit.journal().start(turn.order(), turn.round(), attempt, self)) {
            RunJournal.Starter lost = kit.journal().starter(turn.order(), turn.round(), attempt);
            runs.add(
                new Run(
                    turn.order(),
                    turn.round(),
                    attempt,
                    lost.worker(),
                    lost.host(),
                    turn.factors(),
                    Collections.nCopies(turn.order().size(), Observation.MISSING)));
            continue;
          }
          entry = once(kit, turn, attempt, self);
          kit.journal().finish(entry);
        }
        runs.add(entry.run());
        return new Result(
            turn,
            runs,
            entry.problem(),
            entry.processMillis(),
            (System.nanoTime() - start) / 1_000_000);
      }
    } catch (IOException e) {
      return new Result(turn, runs, "a file failed: " + e.getMessage(), 0, 0);
    }
    return new Result(
        turn, runs, "its executor was lost " + ATTEMPTS + " times while it ran", 0, 0);
  }

  @SuppressWarnings("try") // passed for as long as the block lasts
  private static RunJournal.Entry once(Kit kit, Turn turn, int attempt, RunJournal.Starter self)
      throws IOException {
    Path library = unpacked(kit.library());
    try (Turnstile alone = new Turnstile(kit.limits().isExclusive());
        Sandbox sandbox = new Sandbox(Path.of(SparkFiles.get(kit.tree())), library)) {
      Sandbox.Ran ran =
          sandbox.run(
              kit.harness(),
              kit.limits(),
              turn.order().tests(),
              Conditions.of(kit.limits(), turn.factors()));
      return new RunJournal.Entry(
          new Run(
              turn.order(),
              turn.round(),
              attempt,
              self.worker(),
              self.host(),
              turn.factors(),
              ran.observations()),
          ran.problem(),
          ran.processMillis());
    }
  }

  private static Path unpacked(String name) throws IOException {
    synchronized (LIBRARIES) {
      Path folder = LIBRARIES.get(name);
      if (folder == null) {
        // on executors a relative path, and the process of the tests works elsewhere
        Path root = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath().normalize();
        folder = Files.createTempDirectory(root, "library-");
        Pack.unpack(Path.of(SparkFiles.get(name)), folder);
        LIBRARIES.put(name, folder);
      }
      return folder;
    }
  }

  private static RunJournal.Starter self() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "";
    }
    return new RunJournal.Starter(SparkEnv.get().executorId(), host);
  }

  /** Lets go of what executors in this process unpacked. */
  @Override
  public void close() {
    synchronized (LIBRARIES) {
      Path folder = LIBRARIES.remove(library);
      if (folder != null) {
        Pack.remove(folder);
      }
    }
  }
}
