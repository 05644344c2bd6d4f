package org.assay.design;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * Cross-validation that trains on the past and tests on the future.
 *
 * <p>The last rows in order of time are {@code folds} (default 5) adjoining test windows of length
 * {@code horizon} (default: rows / (folds + 1), rounded down); fold 0 is the earliest. A test
 * window's training rows end {@code gap} (default 0) before it and start with the first row ({@code
 * window = expanding}, the default) or {@code train} before their end ({@code window = sliding};
 * shorter when there is less history). All other rows are unused. Each length is a number of rows,
 * or a time ({@code 7d}, {@code 12h}, {@code 30m}, {@code 90s}), for which the rows' times must be
 * in microseconds. In time, the last window ends just after the last row.
 *
 * <p>Rows of the same time are never cut apart: where a number of rows ends among them, the cut
 * goes before the first of them. So windows may grow or shrink by rows tied at their ends, a gap
 * never shrinks, and order within a time does not matter. When no times are tied and lengths are in
 * rows, the splits are those of scikit-learn's TimeSeriesSplit(folds, gap=gap, test_size=horizon,
 * max_train_size=train).
 *
 * <p>With groups, the rows of a group that occurs in the test window do not train in that fold.
 *
 * <p>Nothing is drawn at random, so repeats, stratification and stable assignment are refused. Also
 * refused: a fold with no row to test or to train on.
 *
 * <p>Source: Tashman, "Out-of-sample tests of forecasting accuracy", Int. J. Forecasting 16 (2000),
 * doi:10.1016/S0169-2070(00)00065-0.
 */
@AutoService(Scheme.class)
public final class TimeSeries implements Scheme {

  /** Where training rows start. */
  enum Window {
    EXPANDING,
    SLIDING
  }

  @Override
  public String kind() {
    return "time-series";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    options.refuseRepeats(
        section, "time-series draws nothing at random, so a repeat would be identical");
    options.refuseStratify(
        section, "windows are cut at times, so their classes cannot be balanced");
    options.refuseStable(section, "time-series assigns nothing at random");
    int folds = (int) section.integer("folds", 5, 1, 1_000);
    Window window = section.choice("window", Window.class, Window.EXPANDING);
    Extent train = Extent.read(section, "train", null, 1);
    Extent horizon = Extent.read(section, "horizon", null, 1);
    Extent gap = Extent.read(section, "gap", new Extent(0, Extent.Unit.ROWS, "0"), 0);
    if (window == Window.SLIDING && train == null) {
      throw section.wrong(
          "train",
          "is the length of a sliding window and has no default; add it, such as train = 1000 or 90d");
    }
    if (window == Window.EXPANDING && train != null) {
      throw section.wrong(
          "train", "is the length of a sliding window; add window = sliding, or remove this key");
    }
    return new Windows(folds, window, train, horizon, gap);
  }

  private record Windows(int folds, Window window, Extent train, Extent horizon, Extent gap)
      implements Spec {

    @Override
    public String label() {
      return "time-series, "
          + (folds == 1 ? "1 fold" : folds + " folds")
          + (horizon == null ? "" : " of " + horizon.label())
          + (window == Window.EXPANDING
              ? ", expanding window"
              : ", sliding window of " + train.label())
          + (gap.amount() == 0 ? "" : ", gap " + gap.label());
    }

    @Override
    public Plan.Needs needs() {
      return new Plan.Needs(false, false, true, false);
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      Line line = new Line(population.times().key(), population.times().before());
      long[][] cuts = new long[folds][];
      for (int fold = 0; fold < folds; fold++) {
        cuts[fold] = cuts(line, fold);
      }
      Groups groups = null;
      long[][] barred = null;
      if (plan.options().grouped()) {
        groups = new Groups(population.groups().key());
        barred = new long[folds][];
        for (int fold = 0; fold < folds; fold++) {
          barred[fold] = barred(population, cuts[fold], fold);
        }
      }
      return new Bound(cuts, groups, barred, plan.fingerprint(population, seed));
    }

    /** Start and end of training, start and end of testing. */
    private long[] cuts(Line line, int fold) {
      long n = line.rows();
      long end = Math.addExact(line.last(), 1);
      long length = horizon == null ? n / (folds + 1) : horizon.amount();
      long later = (long) folds - fold;
      long testFrom;
      long testTo;
      if (length == 0) {
        throw UserException.input(
            folds
                + " folds of a time series need at least "
                + (folds + 1)
                + " rows, and there are "
                + n
                + "; use fewer folds");
      }
      if (horizon == null || horizon.inRows()) {
        testFrom = line.cut(n - Math.multiplyExact(later, length), end);
        testTo = line.cut(n - (later - 1) * length, end);
      } else {
        testFrom = Math.subtractExact(end, Math.multiplyExact(later, length));
        testTo = testFrom + length;
      }
      long trainTo =
          gap.inRows() ? back(line, testFrom, gap.amount(), end) : testFrom - gap.amount();
      long trainFrom = line.first();
      if (window == Window.SLIDING) {
        trainFrom =
            train.inRows() ? back(line, trainTo, train.amount(), end) : trainTo - train.amount();
      }
      if (line.before(testTo) - line.before(testFrom) <= 0) {
        throw UserException.input(
            name(fold)
                + " has no row to test on"
                + (horizon == null || horizon.inRows()
                    ? ": rows of the same time stay together; use fewer folds or a longer horizon"
                    : " in its " + horizon.label() + "; use a longer horizon"));
      }
      if (line.before(trainTo) - line.before(trainFrom) <= 0) {
        throw UserException.input(
            name(fold)
                + " has no row to train on: "
                + line.before(testFrom)
                + " of "
                + n
                + " rows come before its test window"
                + (gap.amount() == 0 ? "" : ", with a gap of " + gap.label())
                + "; use fewer folds, a shorter horizon"
                + (gap.amount() == 0 ? "" : ", a shorter gap")
                + (window == Window.SLIDING ? " or a longer window" : ""));
      }
      return new long[] {trainFrom, trainTo, testFrom, testTo};
    }

    private static long back(Line line, long cut, long rows, long end) {
      return rows == 0 ? cut : line.cut(line.before(cut) - rows, end);
    }

    private String name(int fold) {
      return "fold " + fold + " of " + label();
    }

    /** One bit per group: whether it occurs in the test window. */
    private long[] barred(Population population, long[] cut, int fold) {
      long[] time = population.times().key();
      Counts pairs = population.groupTimes();
      long[] bits = new long[(population.groupCount() + 63) / 64];
      for (long pair : pairs.key()) {
        long t = time[(int) (pair % time.length)];
        if (t >= cut[2] && t < cut[3]) {
          int g = (int) (pair / time.length);
          bits[g >> 6] |= 1L << g;
        }
      }
      for (long pair : pairs.key()) {
        long t = time[(int) (pair % time.length)];
        int g = (int) (pair / time.length);
        if (t >= cut[0] && t < cut[1] && (bits[g >> 6] >>> g & 1) == 0) {
          return bits;
        }
      }
      throw UserException.input(
          name(fold)
              + " has no row to train on: every group before its test window occurs in it too, and rows of a group never"
              + " split; use a shorter horizon");
    }
  }

  /** The distinct times in ascending order, and how many rows come before each. */
  private record Line(long[] time, long[] rowsBefore) {
    long rows() {
      return rowsBefore[time.length];
    }

    long first() {
      return time[0];
    }

    long last() {
      return time[time.length - 1];
    }

    /** How many rows are earlier than t. */
    long before(long t) {
      int i = Arrays.binarySearch(time, t);
      return rowsBefore[i < 0 ? -i - 1 : i];
    }

    /**
     * The time of the row at a place in order of time: of the first row for places before it,
     * {@code end} after the last.
     */
    long cut(long place, long end) {
      if (place >= rows()) {
        return end;
      }
      int i = Arrays.binarySearch(rowsBefore, Math.max(0, place));
      return time[i < 0 ? -i - 2 : i];
    }
  }

  /**
   * Windows [from, to) in time.
   *
   * @param groups null when not grouped
   * @param barred by fold, one bit per group that may not train
   */
  private record Bound(long[][] cuts, Groups groups, long[][] barred, String fingerprint)
      implements Design {
    @Override
    public int replicates() {
      return cuts.length;
    }

    @Override
    public Split split(int replicate) {
      return new Split(0, Objects.checkIndex(replicate, cuts.length));
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      long[] cut = cuts[Objects.checkIndex(replicate, cuts.length)];
      for (int i = 0; i < rows.size(); i++) {
        long t = rows.time()[i];
        weight[i] = t >= cut[2] && t < cut[3] ? HELD_OUT : t >= cut[0] && t < cut[1] ? 1 : UNUSED;
      }
      if (groups != null) {
        long[] bits = barred[replicate];
        for (int i = 0; i < rows.size(); i++) {
          if (weight[i] == 1) {
            int g = groups.index(rows.group()[i]);
            weight[i] = (bits[g >> 6] >>> g & 1) == 0 ? 1 : UNUSED;
          }
        }
      }
    }
  }
}
