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
import org.assay.inference.Wilson;
import org.assay.order.Order;
import org.assay.order.OrderKind;
import org.assay.order.Suite;

/**
 * Finds the tests that are responsible for the outcome of one, by small orders made for it. It runs
 * nothing: {@link #next} names orders that can run at once, {@link #accept} takes what came of
 * them, until there are no more.
 *
 * <pre>
 *   1 alone      the test alone, and after each of its best {@link Suspects}; after others when it turns
 *                out to be brittle where it seemed a victim, or the other way round
 *   2 search     when none of these is likely: what ran before it in the few orders that showed the effect
 *                most clearly, or soonest, again; when that has the effect only now and then, the suspects
 *                more often; when it has it clearly more often than the test alone, {@link DeltaDebugging}
 *   3 confirm    each find again, so many times; four times as often, and by these runs alone, when it had
 *                the effect only now and then
 *   4 clean      for a victim, with its clearest polluter: polluter, x, victim for the best suspects x of
 *                making it pass; finds again, and the polluter without them, so many times
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
    SCREEN,
    VERIFY,
    SEARCH,
    CONFIRM,
    CONFIRM_AGAIN,
    CLEAN,
    CONFIRM_CLEANERS,
    DONE
  }

  /** Sequences after which a search gives up and takes the smallest set found. */
  private static final int MOST_TRIED = 2000;

  private static final int MOST_TRIES = 20;

  private static final int MOST_CANDIDATES = 3;

  /** The p-value up to which it is worth while to go on from a find; it confirms nothing. */
  private static final double LIKELY = 0.05;

  /**
   * The p-value up to which other tests are taken to matter to one that fails by chance as well.
   */
  private static final double CLEAR = 0.01;

  /** How much more often a find is run that had the effect only now and then. */
  private static final int AGAIN = 4;

  private final int test;
  private final List<Run> runs;
  private final Suite suite;
  private final Settings settings;
  private final List<Integer> first;
  private final Map<List<Integer>, String> ids = new HashMap<>();

  /** How often each order was asked for. */
  private final Map<String, Integer> made = new HashMap<>();

  /** Of each sequence before the test, how often it failed and ran, in runs that search. */
  private final Map<List<Integer>, long[]> tried = new HashMap<>();

  /** The same of runs that confirm. */
  private final Map<List<Integer>, long[]> confirmed = new HashMap<>();

  private final Set<List<Integer>> finds = new LinkedHashSet<>();
  private final List<List<Integer>> unsure = new ArrayList<>();
  private final List<Dependency> dependencies = new ArrayList<>();
  private Phase phase = Phase.ALONE;
  private Effect effect = Effect.FAILS;

  /**
   * What ran before the test in runs with the effect, most promising first; empty before phase 2.
   */
  private List<List<Integer>> candidates = List.of();

  /** Of what ran before the test in the runs known, how often it failed and ran. */
  private final Map<List<Integer>, long[]> planned = new LinkedHashMap<>();

  /** The one of them that has the effect. */
  private List<Integer> whole = List.of();

  /** Runs of each order that searches. */
  private int tries;

  /** The share of runs from which on an order is taken to have the effect; 0 for one run of any. */
  private double share;

  private DeltaDebugging search;
  private List<List<Integer>> asked = List.of();
  private int polluter = -1;
  private String outcome = "";

  private Investigation(
      Suite suite, int test, List<Run> runs, List<Integer> first, Settings settings) {
    this.suite = suite;
    this.test = test;
    this.runs = runs;
    this.first = first;
    this.settings = settings;
    this.tries = settings.tries();
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
      case CONFIRM_AGAIN -> AGAIN * settings.confirm();
      case VERIFY ->
          effects(tried.get(List.<Integer>of())) > 0
              ? 2 * settings.confirm()
              : Math.max(settings.confirm(), tries);
      default -> prefix.isEmpty() ? 4 * settings.confirm() : tries;
    };
  }

  private boolean confirms() {
    return phase == Phase.CONFIRM
        || phase == Phase.CONFIRM_AGAIN
        || phase == Phase.CONFIRM_CLEANERS;
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
    Map<List<Integer>, long[]> into = confirms() ? confirmed : tried;
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
    List<Integer> key = new ArrayList<>(prefix);
    key.add(confirms() ? -1 : -2);
    String kind =
        confirms()
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
        effect = failsMostly() ? Effect.PASSES : Effect.FAILS;
        suspects().forEach(x -> wanted.add(List.of(x)));
      }
      case SCREEN -> suspects().forEach(x -> wanted.add(List.of(x)));
      case VERIFY -> wanted.addAll(candidates);
      case SEARCH -> search.next().forEach(part -> wanted.add(boxed(part)));
      case CONFIRM -> wanted.addAll(finds);
      case CONFIRM_AGAIN -> wanted.addAll(unsure);
      case CLEAN ->
          Suspects.of(suite, runs, polluter, test, Effect.PASSES).stream()
              .limit(settings.cleaners())
              .forEach(suspect -> wanted.add(List.of(polluter, suspect.test())));
      case CONFIRM_CLEANERS -> {
        wanted.add(List.of(polluter));
        wanted.addAll(finds);
      }
      case DONE -> {}
    }
    return wanted;
  }

  /** The best suspects of having the effect. */
  private List<Integer> suspects() {
    Set<Integer> suspects = new LinkedHashSet<>(first);
    Suspects.of(suite, runs, test, effect).forEach(suspect -> suspects.add(suspect.test()));
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
      case SCREEN -> afterScreen();
      case VERIFY -> afterVerify();
      case SEARCH -> afterSearch();
      case CONFIRM -> afterFirstConfirm();
      case CONFIRM_AGAIN -> afterConfirm();
      case CLEAN -> {
        for (List<Integer> prefix : asked) {
          long[] tally = tried.get(prefix);
          if (tally != null && tally[0] < tally[1]) {
            finds.add(prefix);
          }
        }
        // The polluter was chosen for its runs so far: cleaners are compared with new ones.
        confirmed.remove(List.of(polluter));
        phase = finds.isEmpty() ? Phase.DONE : Phase.CONFIRM_CLEANERS;
      }
      case CONFIRM_CLEANERS -> {
        long[] polluted = confirmed.get(List.of(polluter));
        for (List<Integer> prefix : finds) {
          long[] tally = confirmed.get(prefix);
          if (tally != null && polluted != null) {
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
    Effect guess = effect;
    effect = 2 * alone[0] > alone[1] ? Effect.PASSES : Effect.FAILS;
    if (effect != guess) {
      phase = Phase.SCREEN;
    } else if (!takeFinds()) {
      verify();
    }
  }

  private void afterScreen() {
    if (takeFinds()) {
      return;
    }
    if (whole.isEmpty()) {
      verify();
    } else {
      search();
    }
  }

  /** On to confirm when a suspect has the effect. */
  private boolean takeFinds() {
    for (List<Integer> prefix : asked) {
      if (!prefix.isEmpty() && hasEffect(prefix)) {
        finds.add(prefix);
      }
    }
    if (finds.isEmpty()) {
      return false;
    }
    phase = Phase.CONFIRM;
    return true;
  }

  private void verify() {
    candidates = candidates();
    if (candidates.isEmpty()) {
      finish(
          effect == Effect.FAILS
              ? "it never failed in a run with tests before it"
              : "it never passed in a run with tests before it");
      return;
    }
    phase = Phase.VERIFY;
  }

  private void afterVerify() {
    long[] alone = tried.get(List.<Integer>of());
    for (List<Integer> candidate : candidates) {
      if (rate(candidate) > rate(whole) || whole.isEmpty() && rate(candidate) > 0) {
        whole = candidate;
      }
    }
    if (whole.isEmpty()) {
      finish("the runs that showed the effect did not show it again");
      return;
    }
    long[] tally = tried.get(whole);
    long[] before = planned.get(whole);
    double rate = (double) (effects(tally) + effects(before)) / (tally[1] + before[1]);
    int needed = tries;
    if (effects(alone) > 0) {
      if (FisherExact.greater(effects(tally), tally[1], effects(alone), alone[1]) > CLEAR) {
        finish("alone it passes and fails, and not clearly less so after other tests");
        return;
      }
      share = (rate + (double) effects(alone) / alone[1]) / 2;
      needed = MOST_TRIES / 2;
    } else if (rate < 1) {
      // So many that an order with the effect shows it with 98 % probability.
      needed = (int) Math.ceil(Math.log(0.02) / Math.log1p(-rate));
    }
    if (needed > tries) {
      tries = Math.min(MOST_TRIES, needed);
      phase = Phase.SCREEN;
    } else {
      search();
    }
  }

  private void search() {
    search =
        new DeltaDebugging(
            whole.stream().mapToInt(Integer::intValue).toArray(), settings.workers());
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

  /** What had the effect only now and then is run more often, and judged by that alone. */
  private void afterFirstConfirm() {
    for (List<Integer> prefix : finds) {
      long[] tally = confirmed.get(prefix);
      if (tally != null && effects(tally) > 0 && effects(tally) < tally[1]) {
        unsure.add(prefix);
        confirmed.remove(prefix);
      }
    }
    if (unsure.isEmpty()) {
      afterConfirm();
    } else {
      phase = Phase.CONFIRM_AGAIN;
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
        found(dependency(test, Role.VICTIM, all, seen, tally[1], p));
      } else {
        all[all.length - 1] = test;
        Role role = effect == Effect.FAILS ? Role.POLLUTER : Role.SETTER;
        found(dependency(last, role, all, seen, tally[1], p));
        if (effect == Effect.FAILS && p <= LIKELY) {
          polluters.put(last, p);
        }
      }
    }
    boolean isLikely = dependencies.stream().anyMatch(d -> d.pValue() <= LIKELY);
    outcome =
        !isLikely
            ? "what was found did not have the effect when it was run again"
            : effect == Effect.FAILS ? "alone it passes" : "alone it fails";
    finds.clear();
    unsure.clear();
    if (!isLikely && candidates.isEmpty()) {
      verify();
      return;
    }
    polluter =
        polluters.entrySet().stream()
            .min(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(-1);
    phase = polluter >= 0 && settings.cleaners() > 0 ? Phase.CLEAN : Phase.DONE;
  }

  /** A find that was made before, and was not likely then, is judged by all its runs. */
  private void found(Dependency find) {
    dependencies.removeIf(
        d ->
            d.test() == find.test()
                && d.role() == find.role()
                && Arrays.equals(d.others(), find.others()));
    dependencies.add(find);
  }

  private void finish(String why) {
    outcome = why;
    phase = Phase.DONE;
  }

  /** What ran before the test in the orders that show the effect best, a few of them. */
  private List<List<Integer>> candidates() {
    for (Run run : runs) {
      int place = Suspects.placeOf(run, test);
      if (place > 0 && run.outcome(place).counts()) {
        long[] tally =
            planned.computeIfAbsent(
                boxed(Arrays.copyOf(run.order().tests(), place)), prefix -> new long[2]);
        tally[0] += run.outcome(place).failed() ? 1 : 0;
        tally[1]++;
      }
    }
    return planned.entrySet().stream()
        .filter(entry -> effects(entry.getValue()) > 0)
        .sorted(
            Comparator.comparingDouble(
                    (Map.Entry<List<Integer>, long[]> entry) ->
                        -new Wilson()
                            .of(effects(entry.getValue()), entry.getValue()[1], settings.level())
                            .low())
                .thenComparingInt(entry -> entry.getKey().size()))
        .limit(MOST_CANDIDATES)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How often an order that was tried had the effect; 0 when it was not. */
  private double rate(List<Integer> prefix) {
    long[] tally = prefix.isEmpty() ? null : tried.get(prefix);
    return tally == null ? 0 : (double) effects(tally) / tally[1];
  }

  private boolean hasEffect(List<Integer> prefix) {
    long[] tally = tried.get(prefix);
    return tally != null && effects(tally) > 0 && effects(tally) >= share * tally[1];
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
