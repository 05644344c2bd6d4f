package org.assay.flaky;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assay.flaky.Dependency.Role;
import org.assay.flaky.Suspects.Effect;
import org.assay.inference.Adjustment;
import org.assay.inference.FisherExact;
import org.assay.order.Order;
import org.assay.order.OrderKind;
import org.assay.order.Suite;

/**
 * Finds the tests that are responsible for the outcome of one, by small orders made for it. It runs
 * nothing: {@link #next} names orders that can run at once, {@link #accept} takes what came of
 * them, until there are no more.
 *
 * <pre>
 *   1 alone      the test alone, and after each of its best {@link Suspects}, once
 *   2 search     when none of these has the effect, and alone its outcome is always the same: what ran
 *                before it in the run that showed the effect soonest, again, and {@link DeltaDebugging} of that
 *   3 confirm    each find again, so many times
 *   4 clean      for a victim, with its first polluter confirmed: polluter, x, victim for the best
 *                suspects x of making it pass; finds again, so many times
 * </pre>
 *
 * <p>A test that passes alone, more often than not, is a victim and its culprits are polluters; one
 * that fails alone is brittle, and they are setters. A find has a p-value: Fisher's exact test that
 * the effect is more likely with it than without, from runs made after it was found. Pollution that
 * is itself a matter of chance is no reason to give up; its rate has an interval. Whether a find is
 * confirmed is said over all tests at once by {@link #confirmed(Collection, double)}.
 *
 * <p>A pure function of the runs given. Not thread-safe.
 */
public final class Investigation {

  /**
   * How far to go.
   *
   * @param confirm runs to confirm a find with, at least 2; the test alone runs four times as often
   * @param suspects most suspects tried one by one, at least 1
   * @param cleaners most suspects of cleaning up tried; 0 to look for none
   * @param tries runs of each order that searches, at least 1: more find pollution by chance
   * @param workers orders that can run at once, at least 1
   * @param level of the intervals
   */
  public record Settings(
      int confirm, int suspects, int cleaners, int tries, int workers, double level)
      implements Serializable {
    public Settings {
      if (confirm < 2 || suspects < 1 || cleaners < 0 || tries < 1 || workers < 1) {
        throw new IllegalArgumentException(
            "confirm "
                + confirm
                + ", suspects "
                + suspects
                + ", cleaners "
                + cleaners
                + ", tries "
                + tries
                + ", workers "
                + workers
                + ": must be positive, confirm at least 2");
      }
    }
  }

  /**
   * An order to run.
   *
   * @param order ends with the test under investigation
   * @param firstRound number of its first repetition: it may have been asked for before
   * @param rounds how often, each time in a fresh process
   */
  public record Request(Order order, int firstRound, int rounds) implements Serializable {}

  private enum Phase {
    ALONE,
    VERIFY,
    SEARCH,
    CONFIRM,
    CLEAN,
    CONFIRM_CLEANERS,
    DONE
  }

  /** Sequences after which a search gives up and takes the smallest set found. */
  private static final int MOST_TRIED = 2000;

  private final int test;
  private final List<Run> runs;
  private final Suite suite;
  private final Settings settings;
  private final List<Integer> before;
  private final Map<List<Integer>, String> ids = new HashMap<>();

  /** How often each order was asked for. */
  private final Map<String, Integer> made = new HashMap<>();

  /** Of each sequence before the test, how often it failed and ran, in runs that search. */
  private final Map<List<Integer>, long[]> tried = new HashMap<>();

  /** The same of runs that confirm. */
  private final Map<List<Integer>, long[]> confirmed = new HashMap<>();

  private final Set<List<Integer>> finds = new LinkedHashSet<>();
  private final List<Dependency> dependencies = new ArrayList<>();
  private Phase phase = Phase.ALONE;
  private Effect effect = Effect.FAILS;
  private int[] shortest;
  private DeltaDebugging search;
  private List<List<Integer>> asked = List.of();
  private int polluter = -1;
  private String outcome = "";

  private Investigation(
      Suite suite, int test, List<Run> runs, List<Integer> before, Settings settings) {
    this.suite = suite;
    this.test = test;
    this.runs = runs;
    this.before = before;
    this.settings = settings;
  }

  /**
   * The investigation of one test.
   *
   * @param runs what is known; only planned orders count, outside of experiments and without mass
   *     failures
   * @param first tests to suspect first, such as polluters of other tests; may be empty
   */
  public static Investigation of(
      Suite suite, int test, Collection<Run> runs, Collection<Integer> first, Settings settings) {
    List<Run> sorted = new ArrayList<>(runs);
    Set<String> kinds = new HashSet<>(OrderKind.labels());
    sorted.removeIf(run -> !run.factors().isEmpty() || !kinds.contains(run.order().kind()));
    Set<Run> apart = Collections.newSetFromMap(new IdentityHashMap<>());
    apart.addAll(MassFailures.of(sorted, MassFailures.SHARE));
    sorted.removeIf(apart::contains);
    sorted.sort(
        Comparator.comparing((Run run) -> run.order().id())
            .thenComparingInt(Run::round)
            .thenComparingInt(Run::attempt));
    Set<Integer> before = new LinkedHashSet<>(first);
    before.remove(test);
    return new Investigation(suite, test, sorted, List.copyOf(before), settings);
  }

  /** The number of the test. */
  public int test() {
    return test;
  }

  /** Whether there is nothing more to run. */
  public boolean isDone() {
    return phase == Phase.DONE;
  }

  /** What came of it, as a sentence for people. */
  public String outcome() {
    return outcome;
  }

  /** What was found; {@link #confirmed(Collection, double)} says which of it to believe. */
  public List<Dependency> dependencies() {
    return List.copyOf(dependencies);
  }

  /**
   * Those of many finds that are confirmed: adjusted over all of them by Benjamini and Hochberg's
   * method, p is at most {@code fdr}.
   */
  public static List<Dependency> confirmed(Collection<Dependency> finds, double fdr) {
    List<Dependency> all = List.copyOf(finds);
    double[] adjusted =
        Adjustment.BH.adjust(all.stream().mapToDouble(Dependency::pValue).toArray());
    List<Dependency> confirmed = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      if (adjusted[i] <= fdr) {
        confirmed.add(all.get(i));
      }
    }
    return confirmed;
  }

  /** The orders to run next, all at once; none when done. Asked again, the same. */
  public List<Request> next() {
    if (asked.isEmpty() && phase != Phase.DONE) {
      asked = wanted();
    }
    List<Request> requests = new ArrayList<>();
    for (List<Integer> prefix : asked) {
      Order order = order(prefix);
      requests.add(new Request(order, made.getOrDefault(order.id(), 0), rounds(prefix)));
    }
    return requests;
  }

  private int rounds(List<Integer> prefix) {
    return switch (phase) {
      case CONFIRM, CONFIRM_CLEANERS -> settings.confirm();
      case VERIFY -> Math.max(2, settings.tries());
      default -> prefix.isEmpty() ? 4 * settings.confirm() : settings.tries();
    };
  }

  /**
   * Takes the runs of the last requests; other runs are not looked at. A run in which the test
   * neither passed nor failed says nothing.
   */
  public void accept(Collection<Run> results) {
    Map<String, List<Integer>> sequences = new HashMap<>();
    for (List<Integer> prefix : asked) {
      String id = order(prefix).id();
      sequences.put(id, prefix);
      made.merge(id, rounds(prefix), Integer::sum);
    }
    Map<List<Integer>, long[]> into =
        phase == Phase.CONFIRM || phase == Phase.CONFIRM_CLEANERS ? confirmed : tried;
    for (Run run : results) {
      List<Integer> prefix = sequences.get(run.order().id());
      Outcome last = run.outcome(run.order().size() - 1);
      if (prefix != null && last.counts()) {
        long[] tally = into.computeIfAbsent(prefix, p -> new long[2]);
        tally[0] += last.failed() ? 1 : 0;
        tally[1]++;
      }
    }
    advance();
    asked = List.of();
    while (phase != Phase.DONE && asked.isEmpty()) {
      asked = wanted();
      if (asked.isEmpty()) {
        advance();
      }
    }
  }

  private Order order(List<Integer> prefix) {
    boolean confirms = phase == Phase.CONFIRM || phase == Phase.CONFIRM_CLEANERS;
    List<Integer> key = new ArrayList<>(prefix);
    key.add(confirms ? -1 : -2);
    String kind =
        confirms
            ? "confirm"
            : prefix.isEmpty() ? "alone" : phase == Phase.CLEAN ? "cleaner" : "suspect";
    String id =
        ids.computeIfAbsent(
            key,
            k -> {
              String number = Integer.toString(ids.size());
              return kind
                  + "-"
                  + test
                  + "-"
                  + "0".repeat(Math.max(0, 4 - number.length()))
                  + number;
            });
    int[] tests = new int[prefix.size() + 1];
    for (int i = 0; i < prefix.size(); i++) {
      tests[i] = prefix.get(i);
    }
    tests[prefix.size()] = test;
    return new Order(id, kind, 0, tests);
  }

  private List<List<Integer>> wanted() {
    List<List<Integer>> wanted = new ArrayList<>();
    switch (phase) {
      case ALONE -> {
        wanted.add(List.of());
        suspects().forEach(x -> wanted.add(List.of(x)));
      }
      case VERIFY -> wanted.add(boxed(shortest));
      case SEARCH -> search.next().forEach(part -> wanted.add(boxed(part)));
      case CONFIRM -> wanted.addAll(finds);
      case CLEAN ->
          Suspects.of(suite, runs, polluter, test, Effect.PASSES).stream()
              .limit(settings.cleaners())
              .forEach(suspect -> wanted.add(List.of(polluter, suspect.test())));
      case CONFIRM_CLEANERS -> wanted.addAll(finds);
      case DONE -> {}
    }
    return wanted;
  }

  /** The best suspects of what the runs suggest: polluters, or setters. */
  private List<Integer> suspects() {
    Set<Integer> suspects = new LinkedHashSet<>(before);
    Suspects.of(suite, runs, test, failsMostly() ? Effect.PASSES : Effect.FAILS)
        .forEach(suspect -> suspects.add(suspect.test()));
    return suspects.stream().limit(settings.suspects()).toList();
  }

  /**
   * Whether the runs suggest that the test fails alone: it failed where it ran first, or mostly.
   */
  private boolean failsMostly() {
    int failed = 0;
    int counted = 0;
    for (Run run : runs) {
      int place = Suspects.placeOf(run, test);
      if (place >= 0 && run.outcome(place).counts()) {
        if (place == 0) {
          return run.outcome(place).failed();
        }
        counted++;
        failed += run.outcome(place).failed() ? 1 : 0;
      }
    }
    return 2 * failed > counted;
  }

  private void advance() {
    switch (phase) {
      case ALONE -> afterAlone();
      case VERIFY -> afterVerify();
      case SEARCH -> afterSearch();
      case CONFIRM -> afterConfirm();
      case CLEAN -> {
        for (List<Integer> prefix : asked) {
          long[] tally = tried.get(prefix);
          if (tally != null && tally[0] < tally[1]) {
            finds.add(prefix);
          }
        }
        phase = finds.isEmpty() ? Phase.DONE : Phase.CONFIRM_CLEANERS;
      }
      case CONFIRM_CLEANERS -> {
        long[] polluted = confirmed.get(List.of(polluter));
        for (List<Integer> prefix : finds) {
          long[] tally = confirmed.get(prefix);
          if (tally != null) {
            dependencies.add(
                dependency(
                    prefix.get(1),
                    Role.CLEANER,
                    new int[] {polluter, test},
                    tally[1] - tally[0],
                    tally[1],
                    FisherExact.greater(
                        tally[1] - tally[0], tally[1], polluted[1] - polluted[0], polluted[1])));
          }
        }
        phase = Phase.DONE;
      }
      case DONE -> {}
    }
  }

  private void afterAlone() {
    long[] alone = tried.get(List.<Integer>of());
    if (alone == null) {
      finish("alone it neither passed nor failed, so nothing can be compared with it");
      return;
    }
    effect = 2 * alone[0] > alone[1] ? Effect.PASSES : Effect.FAILS;
    for (List<Integer> prefix : asked) {
      if (!prefix.isEmpty() && hasEffect(prefix)) {
        finds.add(prefix);
      }
    }
    if (!finds.isEmpty()) {
      phase = Phase.CONFIRM;
      return;
    }
    if (alone[0] > 0 && alone[0] < alone[1]) {
      finish("alone it passes and fails, and no suspect has a clear effect");
      return;
    }
    shortest = shortest();
    if (shortest == null) {
      finish(
          effect == Effect.FAILS
              ? "it never failed in a run with tests before it"
              : "it never passed in a run with tests before it");
      return;
    }
    phase = Phase.VERIFY;
  }

  private void afterVerify() {
    if (!hasEffect(boxed(shortest))) {
      finish("the run that showed the effect soonest did not show it again");
      return;
    }
    search = new DeltaDebugging(shortest, settings.workers());
    phase = Phase.SEARCH;
    searched();
  }

  private void afterSearch() {
    boolean[] effects = new boolean[asked.size()];
    for (int i = 0; i < effects.length; i++) {
      effects[i] = hasEffect(asked.get(i));
    }
    search.accept(effects);
    searched();
  }

  /** On to confirm, when the search is over or has gone on for too long. */
  private void searched() {
    if (search.next().isEmpty() || tried.size() > MOST_TRIED) {
      finds.add(boxed(search.result()));
      phase = Phase.CONFIRM;
    }
  }

  private void afterConfirm() {
    long[] alone = tried.get(List.<Integer>of());
    Map<Integer, Double> polluters = new LinkedHashMap<>();
    for (List<Integer> prefix : finds) {
      long[] tally = confirmed.get(prefix);
      if (tally == null) {
        continue;
      }
      long seen = effects(tally);
      double p = FisherExact.greater(seen, tally[1], effects(alone), alone[1]);
      int[] all = prefix.stream().mapToInt(Integer::intValue).toArray();
      int last = all[all.length - 1];
      if (effect == Effect.FAILS && all.length > 1) {
        dependencies.add(dependency(test, Role.VICTIM, all, seen, tally[1], p));
      } else {
        all[all.length - 1] = test;
        Role role = effect == Effect.FAILS ? Role.POLLUTER : Role.SETTER;
        dependencies.add(dependency(last, role, all, seen, tally[1], p));
        if (effect == Effect.FAILS && seen > 0) {
          polluters.put(last, p);
        }
      }
    }
    long found = dependencies.stream().filter(d -> d.confirmed() > 0).count();
    outcome =
        found == 0
            ? "what was found did not have the effect when it was run again"
            : effect == Effect.FAILS ? "alone it passes" : "alone it fails";
    finds.clear();
    polluter =
        polluters.entrySet().stream()
            .min(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(-1);
    phase = polluter >= 0 && settings.cleaners() > 0 ? Phase.CLEAN : Phase.DONE;
  }

  private void finish(String why) {
    outcome = why;
    phase = Phase.DONE;
  }

  /** What ran before the test in the shortest run with the effect; null when there is none. */
  private int[] shortest() {
    int[] shortest = null;
    for (Run run : runs) {
      int place = Suspects.placeOf(run, test);
      if (place > 0
          && run.outcome(place).counts()
          && effect.isSeenIn(run.outcome(place))
          && (shortest == null || place < shortest.length)) {
        shortest = Arrays.copyOf(run.order().tests(), place);
      }
    }
    return shortest;
  }

  private boolean hasEffect(List<Integer> prefix) {
    long[] tally = tried.get(prefix);
    return tally != null && effects(tally) > 0;
  }

  private long effects(long[] tally) {
    return effect == Effect.FAILS ? tally[0] : tally[1] - tally[0];
  }

  private Dependency dependency(
      int of, Role role, int[] others, long seen, long counted, double p) {
    return new Dependency(
        of,
        role,
        others,
        (int) seen,
        (int) counted,
        new FailureRate(seen, counted).interval(FailureRate.Stopping.FIXED, settings.level()),
        p);
  }

  private static List<Integer> boxed(int[] tests) {
    return Arrays.stream(tests).boxed().toList();
  }
}
