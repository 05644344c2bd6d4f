package org.assay.jobs.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assay.importance.Forest;
import org.assay.importance.Link;
import org.assay.importance.RowFunction;
import org.assay.random.Keyed;

/**
 * The trees of an ONNX file that is one ensemble of trees over a matrix of numbers:
 * TreeEnsembleRegressor and TreeEnsembleClassifier, as scikit-learn's, XGBoost's and LightGBM's
 * models are exported.
 *
 * <p>Leaves are summed exactly where ONNX Runtime sums in single precision. The trees are used only
 * if they answer rows that meet their thresholds as ONNX Runtime does; a file of any other form, or
 * whose trees are read wrongly, is asked as a whole.
 *
 * <p>Source: ONNX, "Operator schemas of ai.onnx.ml", versions 1 to 3.
 */
final class OnnxTrees {

  /** Operations that pass on what an ensemble answers. */
  private static final Set<String> PASSES = Set.of("Identity", "Cast", "ZipMap");

  /** Rows that both are asked to find out whether they agree. */
  private static final int PROBES = 512;

  /** By how much probabilities may differ for the precision that they are summed in. */
  private static final double TOLERANCE = 1e-5;

  private final OnnxGraph.Node node;
  private final int width;
  private final boolean isSingle;

  /** Codes of classes by name; empty for a regression. */
  private final Map<String, Integer> codes;

  /** The largest size that a sum of leaves could have. */
  private double largest;

  private OnnxTrees(OnnxGraph.Node node, int width, boolean isSingle, Map<String, Integer> codes) {
    this.node = node;
    this.width = width;
    this.isSingle = isSingle;
    this.codes = codes;
  }

  /**
   * The trees of a file.
   *
   * @param input name of the matrix that it takes
   * @param isSingle whether that is in single precision
   * @param scored name of the output of scores, or of numbers
   * @param codes of classes by name; empty for a regression
   * @param asked the file as ONNX Runtime answers it: of a row the prediction, then the scores
   * @return empty when it is no such ensemble
   */
  static Optional<Scorer.Trees> of(
      byte[] file,
      String input,
      boolean isSingle,
      String scored,
      Map<String, Integer> codes,
      RowFunction asked) {
    try {
      OnnxGraph graph = new OnnxGraph(file);
      String name = scored;
      OnnxGraph.Node node = graph.producer(name).orElseThrow();
      while (PASSES.contains(node.type())) {
        name = node.inputs().get(0);
        node = graph.producer(name).orElseThrow();
      }
      String type = codes.isEmpty() ? "TreeEnsembleRegressor" : "TreeEnsembleClassifier";
      if (!node.type().equals(type)
          || !node.inputs().get(0).equals(input)
          || !node.outputs().get(codes.isEmpty() ? 0 : 1).equals(name)) {
        return Optional.empty();
      }
      OnnxTrees trees = new OnnxTrees(node, asked.width(), isSingle, codes);
      return trees.read().filter(t -> trees.agree(t, asked));
    } catch (RuntimeException e) {
      return Optional.empty(); // of another form than is known here
    }
  }

  private Optional<Scorer.Trees> read() {
    String transform = node.text("post_transform", "NONE");
    if (codes.isEmpty()) {
      String sum = node.text("aggregate_function", "SUM");
      boolean isOne = Arrays.equals(node.numbers("n_targets"), new long[] {1});
      if (!isOne || !transform.equals("NONE") || !Set.of("SUM", "AVERAGE").contains(sum)) {
        return Optional.empty();
      }
      Sum how = sum.equals("SUM") ? Sum.PLAIN : Sum.MEAN;
      Forest forest = forest("target", 1, id -> 0, how, Link.IDENTITY);
      return Optional.of(new Scorer.Trees(forest, Decision.number()));
    }
    List<String> classes = new ArrayList<>(node.texts("classlabels_strings"));
    LongStream.of(node.numbers("classlabels_int64s")).forEach(c -> classes.add(String.valueOf(c)));
    LongStream.of(node.numbers("classlabels_ints")).forEach(c -> classes.add(String.valueOf(c)));
    if (classes.size() != codes.size() || !codes.keySet().containsAll(classes)) {
      return Optional.empty();
    }
    long ids = LongStream.of(node.numbers("class_ids")).distinct().count();
    if (classes.size() == 2 && ids == 1) {
      // Leaves know the second class alone: the log of its odds, or its probability.
      return switch (transform) {
        case "LOGISTIC" ->
            Optional.of(
                new Scorer.Trees(
                    forest("class", 1, id -> 0, Sum.PLAIN, Link.LOGISTIC), Decision.above(0.5)));
        case "NONE" ->
            Optional.of(
                new Scorer.Trees(
                    forest("class", 1, id -> 0, Sum.SHARES, Link.IDENTITY), Decision.above(0.5)));
        default -> Optional.empty();
      };
    }
    boolean isKnown = transform.equals("NONE") || transform.equals("SOFTMAX");
    if (!isKnown || ids != classes.size() || ids < 3) {
      return Optional.empty();
    }
    Link link = transform.equals("NONE") ? Link.IDENTITY : Link.SOFTMAX;
    Score score = id -> codes.get(classes.get((int) id));
    return Optional.of(
        new Scorer.Trees(
            forest("class", classes.size(), score, Sum.PLAIN, link), Decision.greatest(null)));
  }

  /** Which score a number of a leaf adds to. */
  private interface Score {
    int of(long id);
  }

  /** What becomes of the votes of all trees. */
  private enum Sum {
    PLAIN,
    MEAN,
    /** Shares of the second of two classes; the first has the others. */
    SHARES
  }

  private Forest forest(String votes, int scores, Score score, Sum sum, Link link) {
    long[] treeOf = node.numbers("nodes_treeids");
    long[] numberOf = node.numbers("nodes_nodeids");
    Map<Long, Map<Long, Integer>> at = new LinkedHashMap<>();
    for (int k = 0; k < treeOf.length; k++) {
      at.computeIfAbsent(treeOf[k], t -> new HashMap<>()).put(numberOf[k], k);
    }
    double[][] leaves = new double[treeOf.length][scores];
    long[] voteTree = node.numbers(votes + "_treeids");
    long[] voteNode = node.numbers(votes + "_nodeids");
    long[] voteFor = node.numbers(votes + "_ids");
    double[] weight = node.reals(votes + "_weights");
    for (int k = 0; k < weight.length; k++) {
      double own = sum == Sum.MEAN ? weight[k] / at.size() : weight[k];
      leaves[at.get(voteTree[k]).get(voteNode[k])][score.of(voteFor[k])] += own;
    }
    double[] base = new double[scores];
    double[] given = node.reals("base_values");
    for (int k = 0; k < given.length; k++) {
      base[score.of(k)] = given[k];
    }
    if (sum == Sum.SHARES) {
      Arrays.setAll(leaves, k -> new double[] {-leaves[k][0], leaves[k][0]});
      base = new double[] {1 - base[0], base[0]};
    }
    List<Forest.Tree> trees = new ArrayList<>();
    for (Map<Long, Integer> tree : at.values()) {
      trees.add(tree(tree, leaves));
    }
    largest = Arrays.stream(base).map(Math::abs).sum();
    for (Forest.Tree tree : trees) {
      largest +=
          Arrays.stream(tree.value())
              .filter(v -> v != null)
              .flatMapToDouble(Arrays::stream)
              .map(Math::abs)
              .max()
              .orElse(0);
    }
    return new Forest(width, base, trees, link);
  }

  /**
   * One tree, its root first.
   *
   * @param at where its nodes are, by their numbers
   */
  private Forest.Tree tree(Map<Long, Integer> at, double[][] leaves) {
    List<String> modes = node.texts("nodes_modes");
    long[] featureOf = node.numbers("nodes_featureids");
    long[] whenTrue = node.numbers("nodes_truenodeids");
    long[] whenFalse = node.numbers("nodes_falsenodeids");
    long[] missing = node.numbers("nodes_missing_value_tracks_true");
    double[] values = node.reals("nodes_values");
    List<Integer> order = new ArrayList<>();
    order.add(at.values().stream().min(Integer::compare).orElseThrow()); // the first is the root
    int size = at.size();
    int[] feature = new int[size];
    double[] threshold = new double[size];
    boolean[] missingLeft = new boolean[size];
    int[] left = new int[size];
    int[] right = new int[size];
    double[][] value = new double[size][];
    for (int n = 0; n < order.size(); n++) {
      int k = order.get(n);
      String mode = modes.get(k);
      if (mode.equals("LEAF")) {
        left[n] = -1;
        right[n] = -1;
        value[n] = leaves[k];
        continue;
      }
      boolean isAbove = mode.equals("BRANCH_GT") || mode.equals("BRANCH_GTE");
      boolean isStrict = mode.equals("BRANCH_LT") || mode.equals("BRANCH_GTE");
      if (!isAbove && !isStrict && !mode.equals("BRANCH_LEQ")) {
        throw new IllegalArgumentException(mode);
      }
      boolean missingIsTrue = missing.length > 0 && missing[k] == 1;
      feature[n] = Math.toIntExact(featureOf[k]);
      threshold[n] = isStrict ? below(values[k]) : atMost(values[k]);
      missingLeft[n] = isAbove != missingIsTrue;
      left[n] = order.size();
      order.add(at.get(isAbove ? whenFalse[k] : whenTrue[k]));
      right[n] = order.size();
      order.add(at.get(isAbove ? whenTrue[k] : whenFalse[k]));
    }
    return new Forest.Tree(feature, threshold, null, missingLeft, left, right, value, -1);
  }

  private double below(double t) {
    return isSingle ? Forest.below((float) t) : Math.nextDown(t);
  }

  private double atMost(double t) {
    return isSingle ? Forest.atMost((float) t) : t;
  }

  /** Whether trees answer as the file does, rows that are at thresholds and between them. */
  private boolean agree(Scorer.Trees trees, RowFunction asked) {
    long[] featureOf = node.numbers("nodes_featureids");
    double[] values = node.reals("nodes_values");
    List<String> modes = node.texts("nodes_modes");
    Map<Integer, double[]> thresholds =
        IntStream.range(0, featureOf.length)
            .filter(k -> !modes.get(k).equals("LEAF"))
            .boxed()
            .collect(
                Collectors.groupingBy(
                    k -> (int) featureOf[k],
                    Collectors.collectingAndThen(
                        Collectors.toList(),
                        all -> all.stream().mapToDouble(k -> values[k]).toArray())));
    Keyed random = Keyed.of(0, "rows that trees are compared by");
    double[] rows = new double[PROBES * width];
    thresholds.forEach(
        (f, all) -> {
          for (int i = 0; i < PROBES; i++) {
            long bits = random.bits(i, f);
            double t = all[(int) Long.remainderUnsigned(bits >>> 8, all.length)];
            rows[i * width + f] =
                switch ((int) bits & 7) {
                  case 0, 1 -> t;
                  case 2 -> Math.nextUp((float) t);
                  case 3 -> Math.nextDown((float) t);
                  case 4, 5 -> t + 0.1 * Math.max(1e-3, Math.abs(t));
                  case 6 -> t - 0.1 * Math.max(1e-3, Math.abs(t));
                  default -> Double.NaN;
                };
          }
        });
    double[] right = new double[PROBES * asked.outputs()];
    asked.predict(rows, PROBES, right);
    int count = trees.forest().outputs();
    double[] own = new double[PROBES * count];
    trees.forest().predict(rows, PROBES, own);
    double tolerance = codes.isEmpty() ? 0x1p-20 * largest : TOLERANCE;
    for (int i = 0; i < PROBES; i++) {
      double[] outputs = Arrays.copyOfRange(own, i * count, (i + 1) * count);
      double[] scores = codes.size() == 2 ? new double[] {outputs[1]} : outputs;
      int to = codes.isEmpty() ? 0 : 1;
      for (int k = 0; k < scores.length; k++) {
        if (!(Math.abs(scores[k] - right[i * asked.outputs() + to + k]) <= tolerance)) {
          return false;
        }
      }
      double chosen = trees.decision().of(outputs, 0, count);
      double[] sorted = Arrays.stream(outputs).sorted().toArray();
      boolean isTie = count > 1 && sorted[count - 1] - sorted[count - 2] <= 2 * tolerance;
      if (!codes.isEmpty() && !isTie && chosen != right[i * asked.outputs()]) {
        return false;
      }
    }
    return true;
  }
}
