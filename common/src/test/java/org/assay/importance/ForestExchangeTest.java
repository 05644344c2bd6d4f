package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ForestExchangeTest {
  private static final int WIDTH = 7;
  private static final FeatureGroups GROUPS =
      new FeatureGroups(
          WIDTH,
          List.of("0", "1", "2", "3", "unused", "5", "0 and 5", "all"),
          new int[][] {{0}, {1}, {2}, {3}, {4}, {5}, {0, 5}, {0, 1, 2, 3, 4, 5, 6}});

  /**
   * Draws trees: of the features but 4, number 5 has categories, some values go left if missing.
   */
  static final class Drawn {
    final Keyed keyed;
    final boolean everything;
    final int numbers;
    final int score;
    long at;

    final List<Integer> feature = new ArrayList<>();
    final List<Double> threshold = new ArrayList<>();
    final List<long[]> set = new ArrayList<>();
    final List<Boolean> missingLeft = new ArrayList<>();
    final List<Integer> left = new ArrayList<>();
    final List<Integer> right = new ArrayList<>();
    final List<double[]> value = new ArrayList<>();

    Drawn(Keyed keyed, boolean everything, int numbers, int score) {
      this.keyed = keyed;
      this.everything = everything;
      this.numbers = numbers;
      this.score = score;
    }

    private int below(int n) {
      return (int) keyed.below(n, 1, at++);
    }

    private double uniform() {
      return keyed.uniform(2, at++);
    }

    int node(int depth, int width) {
      int node = left.size();
      boolean leaf = depth == 0 || uniform() < 0.2;
      int f = below(width - 1);
      f += f >= 4 ? 1 : 0;
      boolean categories = everything && f == 5;
      feature.add(f);
      double cut = Math.floor(uniform() * 10) / 10;
      threshold.add(everything && below(20) == 0 ? Double.POSITIVE_INFINITY : cut);
      set.add(leaf || !categories ? null : new long[] {keyed.bits(3, at++), below(8)});
      missingLeft.add(everything && below(2) == 0);
      value.add(leaf ? keyed(numbers) : null);
      left.add(-1);
      right.add(-1);
      if (!leaf) {
        left.set(node, node(depth - 1, width));
        right.set(node, node(depth - 1, width));
      }
      return node;
    }

    private double[] keyed(int count) {
      double[] drawn = new double[count];
      Arrays.setAll(drawn, k -> uniform() - 0.3);
      return drawn;
    }

    Forest.Tree tree(int depth, int width) {
      node(depth, width);
      boolean[] missing = new boolean[left.size()];
      for (int n = 0; n < missing.length; n++) {
        missing[n] = missingLeft.get(n);
      }
      return new Forest.Tree(
          feature.stream().mapToInt(Integer::intValue).toArray(),
          threshold.stream().mapToDouble(Double::doubleValue).toArray(),
          set.toArray(long[][]::new),
          missing,
          left.stream().mapToInt(Integer::intValue).toArray(),
          right.stream().mapToInt(Integer::intValue).toArray(),
          value.toArray(double[][]::new),
          score);
    }
  }

  static List<Forest.Tree> drawn(
      int trees, int depth, int width, boolean everything, int scores, boolean oneScoreEach) {
    List<Forest.Tree> drawn = new ArrayList<>();
    for (int t = 0; t < trees; t++) {
      drawn.add(
          new Drawn(
                  Keyed.of(t, "trees"),
                  everything,
                  oneScoreEach ? 1 : scores,
                  oneScoreEach ? t % scores : -1)
              .tree(depth, width));
    }
    return drawn;
  }

  /** A row's way down by the definition of a tree. */
  private static int leaf(Forest.Tree tree, double[] row) {
    int node = 0;
    while (tree.left()[node] >= 0) {
      double x = row[tree.feature()[node]];
      long[] set = tree.categories() == null ? null : tree.categories()[node];
      boolean goesLeft;
      if (Double.isNaN(x)) {
        goesLeft = tree.missingLeft() != null && tree.missingLeft()[node];
      } else if (set == null) {
        goesLeft = x <= tree.threshold()[node];
      } else {
        goesLeft = false;
        for (int c = 0; c < 64 * set.length; c++) {
          goesLeft |= c == x && (set[c / 64] >> c % 64 & 1) == 1;
        }
      }
      node = goesLeft ? tree.left()[node] : tree.right()[node];
    }
    return node;
  }

  private abstract static class OfForest extends ExchangeContract {
    private List<Forest.Tree> made;

    abstract List<Forest.Tree> trees();

    abstract double[] base();

    abstract Link link();

    abstract boolean everything();

    @Override
    Exchange exchange() {
      return new ForestExchange(GROUPS, new Forest(WIDTH, base(), trees(), link()));
    }

    @Override
    double[] outputs(double[] row) {
      double[] scores = base();
      if (made == null) {
        made = trees();
      }
      for (Forest.Tree tree : made) {
        double[] value = tree.value()[leaf(tree, row)];
        for (int k = 0; k < value.length; k++) {
          scores[tree.score() < 0 ? k : tree.score()] += value[k];
        }
      }
      double[] out = new double[link().outputs(scores.length)];
      link().apply(scores, 1, scores.length, out, 0);
      return out;
    }

    @Override
    double tolerance() {
      return 1e-12;
    }

    @Override
    double[] rows(int count) {
      Keyed keyed = Keyed.of(8, "rows");
      double[] rows = new double[count * WIDTH];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = keyed.below(11, 0, i) / 10.0;
        if (everything() && i % WIDTH == 5) {
          // Categories, also such as no split knows, and what is none.
          double[] odd = {-1, 0.5, 64, 66, 67, 128, 1e10, Double.NaN, Double.NEGATIVE_INFINITY};
          int c = (int) keyed.below(20, 1, i);
          rows[i] = c < odd.length ? odd[c] : c;
        } else if (everything() && keyed.below(4, 2, i) == 0) {
          rows[i] =
              new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0}
                  [(int) keyed.below(4, 3, i)];
        }
      }
      return rows;
    }

    @Override
    int unusedGroups() {
      return 1;
    }
  }

  @Nested
  class OfNumbers extends OfForest {
    @Override
    List<Forest.Tree> trees() {
      return drawn(20, 6, WIDTH, false, 1, false);
    }

    @Override
    double[] base() {
      return new double[] {0.25};
    }

    @Override
    Link link() {
      return Link.IDENTITY;
    }

    @Override
    boolean everything() {
      return false;
    }
  }

  @Nested
  class OfBoostedClassesWithEverything extends OfForest {
    @Override
    List<Forest.Tree> trees() {
      return drawn(30, 5, WIDTH, true, 3, true);
    }

    @Override
    double[] base() {
      return new double[] {0.5, 0.5, -0.1};
    }

    @Override
    Link link() {
      return Link.SOFTMAX;
    }

    @Override
    boolean everything() {
      return true;
    }
  }

  @Nested
  class OfSharesOfClasses extends OfForest {
    @Override
    List<Forest.Tree> trees() {
      return drawn(15, 9, WIDTH, true, 3, false);
    }

    @Override
    double[] base() {
      return new double[] {9, 9, 9};
    }

    @Override
    Link link() {
      return Link.SHARES;
    }

    @Override
    boolean everything() {
      return true;
    }
  }

  @Nested
  class OfMissingValuesWithoutCategories extends OfForest {
    @Override
    List<Forest.Tree> trees() {
      return drawn(25, 4, WIDTH, true, 1, true).stream()
          .map(
              t ->
                  new Forest.Tree(
                      t.feature(),
                      t.threshold(),
                      null,
                      t.missingLeft(),
                      t.left(),
                      t.right(),
                      t.value(),
                      0))
          .toList();
    }

    @Override
    double[] base() {
      return new double[1];
    }

    @Override
    Link link() {
      return Link.LOGISTIC;
    }

    @Override
    boolean everything() {
      return true;
    }
  }

  private static Forest.Tree leafOf(double... value) {
    return new Forest.Tree(
        new int[1], new double[1], new int[] {-1}, new int[] {-1}, new double[][] {value}, -1);
  }

  private static Forest.Tree stump(int feature, double threshold, int left, int right) {
    return new Forest.Tree(
        new int[] {feature, 0, 0},
        new double[] {threshold, 0, 0},
        new int[] {left, -1, -1},
        new int[] {right, -1, -1},
        new double[][] {null, {1}, {2}},
        -1);
  }

  @Test
  void aTreeMayBeALeafAndAForestEmpty() {
    double[] out = new double[2];
    new Forest(1, new double[] {1.5}, List.of(), Link.IDENTITY).predict(new double[2], 2, out);
    assertThat(out).containsExactly(1.5, 1.5);
    Forest forest =
        new Forest(1, new double[1], List.of(leafOf(0.25), stump(0, 0, 1, 2)), Link.IDENTITY);
    forest.predict(new double[] {0.0, 1}, 2, out);
    assertThat(out).containsExactly(1.25, 2.25);
    assertThat(forest.trees()).isEqualTo(2);
  }

  @Test
  void treesThatAreLeavesUseNothing() {
    Exchange exchange =
        new ForestExchange(
            FeatureGroups.singles(List.of("x")),
            new Forest(1, new double[] {1}, List.of(leafOf(2), leafOf(0.5)), Link.IDENTITY));
    Exchange.Prepared rows = exchange.prepare(new double[] {7, 8}, 2);
    double[][] out = new double[1][2];
    exchange.exchange(rows, 0, 2, rows, new int[] {1, 0}, out);
    assertThat(out[0]).containsExactly(3.5, 3.5);
    assertThat(exchange.uses(0)).isFalse();
  }

  @Test
  void sumsDoNotDependOnTheOrderOfTrees() {
    List<Forest.Tree> trees = drawn(50, 5, WIDTH, false, 1, false);
    List<Forest.Tree> reversed = new ArrayList<>(trees);
    java.util.Collections.reverse(reversed);
    double[] rows = LinearExchangeTest.someRows(300, WIDTH);
    double[] a = new double[300];
    double[] b = new double[300];
    new Forest(WIDTH, new double[] {0.1}, trees, Link.IDENTITY).predict(rows, 300, a);
    new Forest(WIDTH, new double[] {0.1}, reversed, Link.IDENTITY).predict(rows, 300, b);
    assertThat(a).isEqualTo(b);
  }

  @Test
  void refusesWhatIsNoForest() {
    assertRefused("tree 0, node 0: child 3 is no node, or has another parent", stump(0, 0, 1, 3));
    assertRefused("tree 0, node 0: child 1 is no node, or has another parent", stump(0, 0, 1, 1));
    assertRefused("tree 0, node 0: child 0 is no node, or has another parent", stump(0, 0, 0, 1));
    assertRefused("tree 0, node 0: feature 2 of a model with 2", stump(2, 0, 1, 2));
    assertRefused("tree 0, node 0: a threshold that is NaN", stump(0, Double.NaN, 1, 2));
    assertRefused("tree 0, node 0: 2 numbers in a leaf, not 1", leafOf(1, 2));
    assertRefused("tree 0, node 0: a leaf is NaN: must be finite", leafOf(Double.NaN));
    assertRefused(
        "tree 1, node 0: feature 0 is split by thresholds and by categories",
        stump(0, 0, 1, 2),
        new Forest.Tree(
            new int[3],
            new double[3],
            new long[][] {{1}, null, null},
            null,
            new int[] {1, -1, -1},
            new int[] {2, -1, -1},
            new double[][] {null, {1}, {2}},
            -1));
    assertRefused(
        "tree 0 adds to score 1 of 1",
        new Forest.Tree(
            new int[1], new double[1], new int[] {-1}, new int[] {-1}, new double[1][1], 1));
    assertThatThrownBy(
            () ->
                new ForestExchange(
                    FeatureGroups.singles(List.of("x")),
                    new Forest(2, new double[1], List.of(), Link.IDENTITY)))
        .hasMessage("groups of 1 features of a model with 2");
  }

  private static void assertRefused(String message, Forest.Tree... trees) {
    assertThatThrownBy(() -> new Forest(2, new double[1], List.of(trees), Link.IDENTITY))
        .hasMessage(message);
  }

  /** Around many floats, and all odd ones, every double near a threshold is on the right side. */
  @Test
  void thresholdsInSinglePrecisionAreTheSameInDouble() {
    Keyed keyed = Keyed.of(4, "floats");
    List<Float> floats =
        new ArrayList<>(
            List.of(
                0f,
                -0f,
                Float.MIN_VALUE,
                -Float.MIN_VALUE,
                Float.MIN_NORMAL,
                1f,
                -1f,
                0.1f,
                Float.MAX_VALUE,
                -Float.MAX_VALUE,
                Float.POSITIVE_INFINITY));
    for (int i = 0; i < 2000; i++) {
      float drawn = Float.intBitsToFloat((int) keyed.bits(0, i));
      if (Float.isFinite(drawn)) {
        floats.add(drawn);
      }
    }
    for (float t : floats) {
      List<Double> near = new ArrayList<>();
      for (double x : new double[] {t, Math.nextDown(t), Math.nextUp(t)}) {
        near.add(x);
        near.add((x + t) / 2);
      }
      near.add(0x1.ffffffp127);
      near.add(-0x1.ffffffp127);
      near.add(Double.POSITIVE_INFINITY);
      near.add(Double.NEGATIVE_INFINITY);
      for (double middle : List.copyOf(near)) {
        near.add(Math.nextUp(middle));
        near.add(Math.nextDown(middle));
      }
      for (double x : near) {
        if (!Double.isNaN(x)) {
          if (x <= Forest.below(t) != (float) x < t || x <= Forest.atMost(t) != (float) x <= t) {
            throw new AssertionError(x + " beside " + t);
          }
        }
      }
    }
    assertThat(Forest.below(Float.NEGATIVE_INFINITY)).isNaN();
  }
}
