package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.assay.importance.Influence;
import org.assay.importance.Repeats;
import org.assay.importance.RowSums;
import org.assay.importance.Scale;
import org.assay.inference.CorrectedT;
import org.assay.inference.Interval;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.random.Keyed;

/** All that one method measured of models whose inputs were changed, and what follows from it. */
final class ExchangeEvidence {

  /** Signs that are drawn for a p-value. */
  private static final int FLIPS = 9999;

  /** How rows are changed, and with what they are paired. */
  enum Changed {
    /** Each row has inputs of another, the same one for all sets. */
    DONATED,
    /** The same, but each set has donors of its own. */
    DONATED_EACH,
    /** The model is another. */
    REFITTED
  }

  /**
   * The sets that are to be measured: those of interest, and after them the empty ones, which
   * change nothing. Of these follows what rows and their donors had before, so that a jackknife
   * leaves out the same pairs on both sides; else the differences between rows would be taken for
   * errors of the difference.
   */
  static List<InputSet> paired(List<InputSet> sets, Changed changed) {
    List<InputSet> all = new ArrayList<>(sets);
    InputSet nothing = new InputSet("", InputSet.Kind.SINGLE, List.of(), new int[0]);
    int more =
        switch (changed) {
          case DONATED -> 1;
          case DONATED_EACH -> sets.size();
          case REFITTED -> 0;
        };
    for (int k = 0; k < more; k++) {
      all.add(nothing);
    }
    return all;
  }

  /** The set that says what rows and donors had before; -1 where there are no donors. */
  private int before(int set) {
    return switch (changed) {
      case DONATED -> sets.size();
      case DONATED_EACH -> sets.size() + set;
      case REFITTED -> -1;
    };
  }

  private final Explained all;
  private final List<InputSet> sets;
  private final Changed changed;
  private final List<Explainer.Member> members;
  private final int groups;
  private final Map<Place, Explainer.Measured> measured = new HashMap<>();
  private final Map<Part, double[]> summed = new HashMap<>();
  private final Map<Place, double[]> sums = new HashMap<>();
  private final Map<Left, Explainer.Deleted> deleted = new HashMap<>();
  private int repeats;

  private record Place(int member, int set, int repeat, int slice) {}

  private record Part(int member, int set) {}

  private record Left(int member, int set, int slice, int metric) {}

  /**
   * Nothing yet.
   *
   * @param sets whose inputs are changed
   * @param groups of rows, that a jackknife leaves out
   */
  ExchangeEvidence(
      Explained all,
      List<InputSet> sets,
      Changed changed,
      List<Explainer.Member> members,
      int groups) {
    this.all = all;
    this.sets = sets;
    this.changed = changed;
    this.members = members;
    this.groups = groups;
  }

  void add(Explainer.Result result, int more) {
    for (Explainer.Measured m : result.measured()) {
      measured.put(new Place(m.member(), m.set(), m.repeat(), m.slice()), m);
    }
    for (Explainer.Summed s : result.summed()) {
      int size = s.byGroup().length / groups; // of a repeat
      for (int r = 0; r < s.byRepeat().length / Math.max(1, size); r++) {
        sums.put(
            new Place(s.member(), s.set(), s.repeat() + r, -1),
            Arrays.copyOfRange(s.byRepeat(), r * size, (r + 1) * size));
      }
      summed.merge(
          new Part(s.member(), s.set()),
          s.byGroup(),
          (a, b) -> {
            double[] sum = new double[a.length];
            Arrays.setAll(sum, k -> a[k] + b[k]);
            return sum;
          });
    }
    for (Explainer.Deleted d : result.deleted()) {
      deleted.merge(
          new Left(d.member(), d.set(), d.slice(), d.metric()), d, Explainer.Deleted::plus);
    }
    repeats += more;
  }

  /** Repeats so far. */
  int repeats() {
    return repeats;
  }

  /** The members of a line; empty when a fit failed. */
  List<Integer> of(int line) {
    return all.of(line, members);
  }

  /** Rows as they are, of each member that has some in a slice. */
  List<Explainer.Measured> baseline(List<Integer> own, int slice) {
    return own.stream()
        .map(m -> measured.get(new Place(m, -1, 0, slice)))
        .filter(m -> m != null)
        .toList();
  }

  Value value(int member, int set, int repeat, int slice, int metric) {
    RowSums rowSums = new RowSums(members.get(member).target(), all.metrics());
    Explainer.Measured base = measured.get(new Place(member, -1, 0, slice));
    if (base == null) {
      return Value.undefined("a split has no rows of the slice");
    }
    if (!rowSums.has(metric)) {
      int at =
          set < 0 ? metric : (int) IntStream.range(0, metric).filter(m -> !rowSums.has(m)).count();
      Explainer.Measured m = measured.get(new Place(member, set, repeat, slice));
      return m == null ? Value.undefined("a fit failed") : m.values().get(at);
    }
    double[] own = sums.get(new Place(member, set, repeat, -1));
    if (own == null) {
      return Value.undefined("a fit failed");
    }
    int from = slice * rowSums.size();
    double value = rowSums.value(metric, Arrays.copyOfRange(own, from, from + rowSums.size()));
    return Double.isNaN(value)
        ? Value.undefined(
            base.values().get(metric).isDefined()
                ? "undefined once inputs are exchanged"
                : base.values().get(metric).reason())
        : Value.of(value);
  }

  Influence influence(int line, List<Integer> own, int set, int metric, int slice) {
    RowSums sums = new RowSums(all.lines().get(line).series().target(), all.metrics());
    return sums.has(metric)
        ? influence(
            all.metrics().get(metric),
            sums,
            metric,
            own.stream().map(m -> summed.get(new Part(m, before(set)))).toList(),
            own.stream().map(m -> summed.get(new Part(m, set))).toList(),
            slice,
            groups,
            changed != Changed.REFITTED)
        : ranked(own, set, metric, slice);
  }

  /** The same of a metric without sums, where it is known without each group of rows. */
  private Influence ranked(List<Integer> own, int set, int metric, int slice) {
    double[] without = new double[groups];
    boolean[] has = new boolean[groups];
    double whole = 0;
    Scale scale = all.settings().scale();
    for (int member : own) {
      Explainer.Deleted base = deleted.get(new Left(member, before(set), slice, metric));
      Explainer.Deleted other = deleted.get(new Left(member, set, slice, metric));
      if (base == null || other == null) {
        return Influence.NONE;
      }
      double value = 0;
      for (int r = 0; r < repeats; r++) {
        value += value(member, set, r, slice, metric).value();
      }
      Metric.Direction direction = all.metrics().get(metric).direction();
      double unchanged = value(member, -1, 0, slice, metric).value();
      whole += scale.of(direction, unchanged, value / repeats) / own.size();
      for (int g = 0; g < groups; g++) {
        has[g] |= base.has()[g];
        without[g] +=
            scale.of(direction, base.without()[g] / repeats, other.without()[g] / repeats)
                / own.size();
      }
    }
    return Influence.of(
        whole,
        IntStream.range(0, groups).filter(g -> has[g]).mapToDouble(g -> without[g]).toArray(),
        scale.none());
  }

  /** Whether the error of the draw is small beside that of the rows, wherever this is known. */
  boolean isPrecise() {
    for (int line = 0; line < all.lines().size(); line++) {
      List<Integer> own = of(line);
      for (int metric = 0; metric < all.metrics().size() && !own.isEmpty(); metric++) {
        for (int set = 0; set < sets.size(); set++) {
          Influence rows = influence(line, own, set, metric, 0);
          double[][] values = values(own, set, 0, metric);
          double error = new Repeats(values).shuffleError();
          if (rows.isKnown() && error > Importance.RepeatRule.SHARE * rows.error()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Importances by split and repeat. */
  double[][] values(List<Integer> own, int set, int slice, int metric) {
    double[][] values = new double[own.size()][repeats];
    for (int split = 0; split < own.size(); split++) {
      double base = value(own.get(split), -1, 0, slice, metric).value();
      for (int r = 0; r < repeats; r++) {
        values[split][r] =
            all.settings()
                .scale()
                .of(
                    all.metrics().get(metric).direction(),
                    base,
                    value(own.get(split), set, r, slice, metric).value());
      }
    }
    return values;
  }

  /**
   * Adds all lines that follow from it to the report.
   *
   * @param method its name
   * @param notes by set, what else is to be heeded; empty for nothing
   */
  void report(String method, IntFunction<String> notes) {
    for (int l = 0; l < all.lines().size(); l++) {
      Explained.Line line = all.lines().get(l);
      List<Integer> own = of(l);
      double train = all.trainingRows(line);
      for (int slice = 0; slice < all.frame().slicing().size(); slice++) {
        List<Explainer.Measured> base = baseline(own, slice);
        if (base.isEmpty()) {
          continue;
        }
        double test = base.stream().mapToLong(Explainer.Measured::n).average().orElse(0);
        for (int metric = 0; metric < all.metrics().size(); metric++) {
          List<Influence> influences = new ArrayList<>();
          for (int set = 0; set < sets.size(); set++) {
            influences.add(influence(l, own, set, metric, slice));
          }
          double[] p =
              Influence.signFlips(influences, Keyed.of(all.seed(), "importance signs"), FLIPS);
          List<Explained.Found> found = new ArrayList<>();
          for (int set = 0; set < sets.size(); set++) {
            found.add(
                found(
                    own,
                    set,
                    slice,
                    metric,
                    line.isPlanned() ? train : Double.NaN,
                    test,
                    influences.get(set),
                    p[set],
                    Explained.reasons(notes.apply(set), Explained.inSample(line))));
          }
          all.add(
              line,
              method,
              all.frame().slicing().name(slice),
              all.metrics().get(metric).spec(),
              all.settings().scale().label(),
              found);
        }
      }
    }
  }

  /**
   * How often a fair coin would show as many splits with an importance as were found: the sign test
   * over splits. A split in which nothing changed is none.
   */
  private double overSplits(double[] bySplit) {
    double none = all.settings().scale().none();
    if (bySplit.length < 2 || Arrays.stream(bySplit).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    int more = (int) Arrays.stream(bySplit).filter(x -> x > none).count();
    return more == 0
        ? 1
        : BinomialDistribution.of(bySplit.length, 0.5).survivalProbability(more - 1);
  }

  private Explained.Found found(
      List<Integer> own,
      int set,
      int slice,
      int metric,
      double train,
      double test,
      Influence influence,
      double p,
      String notes) {
    double baseline = 0;
    String reason = "";
    for (int member : own) {
      Value base = value(member, -1, 0, slice, metric);
      baseline += base.value() / own.size();
      reason = base.isDefined() ? reason : base.reason();
      for (int r = 0; r < repeats; r++) {
        Value other = value(member, set, r, slice, metric);
        reason = other.isDefined() ? reason : other.reason();
      }
    }
    Repeats each = new Repeats(values(own, set, slice, metric));
    double value = each.value();
    if (Double.isNaN(value) && reason.isEmpty()) {
      reason = "a ratio to 0";
    }
    String constancy = all.constancy(sets.get(set));
    double level = all.settings().level();
    CorrectedT t =
        own.size() > 1 && !Double.isNaN(train)
            ? CorrectedT.of(each.bySplit(), train, test, level)
            : null;
    long n = all.frame().slicing().count(slice);
    boolean binomial = all.settings().test() == Importance.Test.BINOMIAL;
    return new Explained.Found(
        sets.get(set),
        each.repeats(),
        baseline,
        value,
        t == null ? influence.error() : t.standardError(),
        t != null
            ? t.interval()
            : influence.isKnown() ? influence.interval(value, level) : Interval.none(level),
        binomial ? "binomial" : "sign-flip",
        binomial ? overSplits(each.bySplit()) : p,
        each.spreadShuffle(),
        influence.error(),
        each.spreadSplit(),
        t == null ? new double[0] : each.bySplit(),
        n,
        n * each.repeats(),
        Explained.reasons(constancy.isEmpty() ? reason : constancy, notes));
  }

  /**
   * What the rows say of the error.
   *
   * @param base of each split the sums of rows as they are, of the same pairs of rows and donors
   * @param changed of each split the sums with the set's inputs exchanged
   */
  private Influence influence(
      Metric<?> metric,
      RowSums sums,
      int number,
      List<double[]> base,
      List<double[]> changed,
      int slice,
      int groups,
      boolean donated) {
    double[] without = new double[groups];
    boolean[] has = new boolean[groups];
    double whole = 0;
    for (int split = 0; split < base.size(); split++) {
      if (base.get(split) == null || changed.get(split) == null) {
        return Influence.NONE;
      }
      double[][] own = bySum(base.get(split), slice, sums.size(), groups);
      double[][] other = bySum(changed.get(split), slice, sums.size(), groups);
      // Where rows have donors each is in the sums as a row and as a donor.
      double[] total = totals(own, donated ? 0.5 : 1);
      double[] otherTotal = totals(other, donated ? 0.5 : 1);
      double importance =
          all.settings()
              .scale()
              .of(metric.direction(), sums.value(number, total), sums.value(number, otherTotal));
      whole += importance / base.size();
      for (int g = 0; g < groups; g++) {
        double[] rest = total.clone();
        double[] otherRest = otherTotal.clone();
        boolean any = false;
        for (int k = 0; k < rest.length; k++) {
          any |= own[k][g] != 0 || other[k][g] != 0;
          rest[k] -= own[k][g];
          otherRest[k] -= other[k][g];
        }
        has[g] |= any;
        without[g] +=
            (any
                    ? all.settings()
                        .scale()
                        .of(
                            metric.direction(),
                            sums.value(number, rest),
                            sums.value(number, otherRest))
                    : importance)
                / base.size();
      }
    }
    return Influence.of(
        whole,
        IntStream.range(0, groups).filter(g -> has[g]).mapToDouble(g -> without[g]).toArray(),
        all.settings().scale().none());
  }

  /** Sums of a slice, by number and group. */
  private static double[][] bySum(double[] sums, int slice, int size, int groups) {
    double[][] all = new double[size][];
    for (int k = 0; k < size; k++) {
      int at = (slice * size + k) * groups;
      all[k] = Arrays.copyOfRange(sums, at, at + groups);
    }
    return all;
  }

  private static double[] totals(double[][] sums, double factor) {
    return Arrays.stream(sums)
        .mapToDouble(
            groups -> {
              double total = 0;
              for (double group : groups) {
                total += group;
              }
              return factor * total;
            })
        .toArray();
  }
}
