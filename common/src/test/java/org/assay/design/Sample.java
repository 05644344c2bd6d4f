package org.assay.design;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.assay.config.Section;

/** Rows in canonical order, cut into blocks. */
record Sample(Rows all, int[] cuts) {

  /**
   * 60 to 400 rows in 1 to 40 blocks, some empty; 1 to 4 strata of at least 12 rows; groups of very
   * different sizes; times with and without ties; folds that do not split groups.
   */
  static Sample random(long seed) {
    Random random = new Random(seed);
    int n = 60 + random.nextInt(340);
    int strata = 1 + random.nextInt(4);
    int groups = 12 + random.nextInt(n / 4);
    int folds = 2 + random.nextInt(5);
    boolean ties = random.nextBoolean();
    long[] groupKey = random.longs(groups).toArray();
    long[] key = random.longs(n).toArray();
    int[] stratum = new int[n];
    long[] group = new long[n];
    long[] time = new long[n];
    int[] fold = new int[n];
    for (int i = 0; i < n; i++) {
      stratum[i] =
          i < 12 * strata ? i % strata : (int) (strata * random.nextDouble() * random.nextDouble());
      int g = i < groups ? i : (int) (groups * Math.pow(random.nextDouble(), 2));
      group[i] = groupKey[g];
      time[i] = 1_700_000_000_000_000L + (ties ? random.nextInt(n / 2) : i) * 3_600_000_000L;
      fold[i] = g % folds;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      swap(stratum, i, j);
      swap(fold, i, j);
      swap(group, i, j);
      swap(time, i, j);
    }
    return of(new Rows(0, n, key, stratum, group, time, fold)).recut(seed);
  }

  /** n rows of which nothing but the keys 0 .. n - 1 is known. */
  static Sample plain(int n) {
    long[] key = new long[n];
    Arrays.setAll(key, i -> i);
    return of(new Rows(0, n, key, null, null, null, null));
  }

  /** All rows in one block. */
  static Sample of(Rows rows) {
    return new Sample(rows, new int[] {0, rows.size()});
  }

  /** Rows with strata. */
  static Sample strata(int... stratum) {
    Sample plain = plain(stratum.length);
    return of(new Rows(0, stratum.length, plain.all.key(), stratum, null, null, null));
  }

  /** Rows with groups. */
  static Sample groups(long... group) {
    Sample plain = plain(group.length);
    return of(new Rows(0, group.length, plain.all.key(), new int[group.length], group, null, null));
  }

  /** Rows with times, all of one group each. */
  static Sample times(long... time) {
    Sample plain = plain(time.length);
    return of(new Rows(0, time.length, plain.all.key(), null, plain.all.key(), time, null));
  }

  /** Rows with folds, in groups. */
  static Sample folds(int[] fold, long[] group) {
    Sample plain = plain(fold.length);
    return of(new Rows(0, fold.length, plain.all.key(), null, group, null, fold));
  }

  /** The same rows in other blocks. */
  Sample recut(long seed) {
    Random random = new Random(seed);
    int[] cut = new int[2 + random.nextInt(40)];
    for (int i = 1; i < cut.length; i++) {
      cut[i] = i == cut.length - 1 ? all.size() : random.nextInt(all.size() + 1);
    }
    Arrays.sort(cut);
    return new Sample(all, cut);
  }

  List<Rows> blocks() {
    List<Rows> blocks = new ArrayList<>();
    for (int b = 0; b + 1 < cuts.length; b++) {
      int from = cuts[b];
      int count = cuts[b + 1] - from;
      int[] index = new int[count];
      Arrays.setAll(index, i -> from + i);
      Rows rows = all.subset(index, count);
      blocks.add(
          new Rows(b, count, rows.key(), rows.stratum(), rows.group(), rows.time(), rows.fold()));
    }
    return blocks;
  }

  Population population() {
    List<Population.Census> census =
        new ArrayList<>(blocks().stream().map(Population::census).toList());
    Collections.shuffle(census, new Random(1));
    return Population.of(census);
  }

  /** The weights of all rows, in canonical order. */
  int[] weights(Design design, int replicate) {
    int[] weights = new int[all.size()];
    for (Rows rows : blocks()) {
      int[] weight = new int[rows.size() + 3];
      Arrays.fill(weight, 99);
      design.fill(replicate, rows, weight);
      if (weight[rows.size()] != 99) {
        throw new AssertionError("filled more than the block");
      }
      System.arraycopy(weight, 0, weights, cuts[rows.block()], rows.size());
    }
    return weights;
  }

  int[][] weights(Design design) {
    int[][] weights = new int[design.replicates()][];
    Arrays.setAll(weights, r -> weights(design, r));
    return weights;
  }

  Design bind(String plan, long seed) {
    return plan(plan).bind(population(), seed);
  }

  static Plan plan(String body) {
    return plan(body, false);
  }

  static Plan groupedPlan(String body) {
    return plan(body, true);
  }

  private static Plan plan(String body, boolean grouped) {
    return Plan.read(
        Section.root(ConfigFactory.parseString("plan {" + body + "}")).section("plan"), grouped);
  }

  static long count(int[] weights, int weight) {
    return Arrays.stream(weights).filter(w -> w == weight).count();
  }

  static TreeSet<Integer> where(int[] weights, int weight) {
    TreeSet<Integer> where = new TreeSet<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == weight) {
        where.add(i);
      }
    }
    return where;
  }

  @SuppressWarnings("unchecked") // what was written is what is read
  static <T> T copy(T object) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(object);
      }
      return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void swap(int[] a, int i, int j) {
    int x = a[i];
    a[i] = a[j];
    a[j] = x;
  }

  private static void swap(long[] a, int i, int j) {
    long x = a[i];
    a[i] = a[j];
    a[j] = x;
  }
}
