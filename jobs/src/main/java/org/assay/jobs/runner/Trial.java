package org.assay.jobs.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assay.UserException;
import org.assay.config.Suggestion;
import org.assay.flaky.Observation;
import org.assay.order.TestId;

/** One order of a subject's tests, run on this machine, without Spark. */
public final class Trial implements AutoCloseable {
  private final Project subject;
  private final Scratch scratch = new Scratch();
  private final Prepared prepared;
  private final Path library;

  /**
   * Prepares a subject.
   *
   * @param say receives lines for people
   */
  public Trial(Project subject, Consumer<String> say) {
    this.subject = subject;
    this.prepared = subject.prepare(scratch.folder(), say);
    try {
      this.library = Files.createDirectories(scratch.folder().resolve("library"));
      Pack.unpack(prepared.library(), library);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All tests as reports write them, in the suite's own order. */
  public List<String> tests() {
    return prepared.suite().tests().stream().map(TestId::text).toList();
  }

  /**
   * The numbers of tests.
   *
   * @throws UserException if one is not in the suite
   */
  public int[] numbers(List<String> ids) {
    List<String> known = tests();
    return ids.stream()
        .mapToInt(
            id -> {
              int number = known.indexOf(id);
              if (number < 0) {
                throw UserException.usage(
                    "test '"
                        + id
                        + "': subjects."
                        + subject.name()
                        + " has no such test"
                        + Suggestion.of(id, known)
                        + "; write it as reports do, container#name");
              }
              return number;
            })
        .toArray();
  }

  /** Runs tests in this order in the environment as it is. */
  public List<Observation> run(int[] tests) {
    return run(tests, Map.of());
  }

  /**
   * Runs tests in this order, in a fresh process in a fresh copy of the tree.
   *
   * @param levels of factors of the environment, as {@link OrderRuns#wrongLevels} knows them
   * @return what each did, by place
   * @throws UserException if it did not run as asked
   */
  @SuppressWarnings("try") // passed for as long as the block lasts
  public List<Observation> run(int[] tests, Map<String, String> levels) {
    if (Arrays.stream(tests).distinct().count() < tests.length) {
      throw UserException.usage("a test stands twice in the order; name each once");
    }
    Conditions conditions = Conditions.of(subject.limits(), levels);
    try (Turnstile alone = new Turnstile(subject.limits().isExclusive());
        Sandbox sandbox = new Sandbox(prepared.tree(), library)) {
      String unable =
          levels.isEmpty() ? "" : conditions.probe(prepared.harness(), subject.limits());
      if (!unable.isEmpty()) {
        throw UserException.input("subjects." + subject.name() + ": on this machine " + unable);
      }
      Sandbox.Ran ran = sandbox.run(prepared.harness(), subject.limits(), tests, conditions);
      if (!ran.problem().isEmpty()) {
        throw UserException.input("subjects." + subject.name() + ": " + ran.problem());
      }
      return new ArrayList<>(ran.observations());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
