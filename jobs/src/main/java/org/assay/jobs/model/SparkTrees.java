package org.assay.jobs.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.LeafNode;
import org.apache.spark.ml.tree.Node;
import org.assay.importance.Forest;
import org.assay.importance.Link;

/**
 * Spark ML's trees, forests and boosted trees as sums over leaves, which are asked again faster
 * than the models themselves. Where classes tie, Spark's own sums may round to one side; these do
 * not.
 */
final class SparkTrees {
  private SparkTrees() {}

  /** The trees of a model, if it is one of trees. */
  static Optional<Scorer.Trees> of(Object model, int width) {
    if (model instanceof RandomForestClassificationModel forest) {
      return Optional.of(shares(forest, forest.trees(), forest.numClasses(), width));
    }
    if (model instanceof DecisionTreeClassificationModel tree) {
      return Optional.of(shares(tree, new DecisionTreeModel[] {tree}, tree.numClasses(), width));
    }
    if (model instanceof GBTClassificationModel boosted) {
      // The probability of class 1 is 1 / (1 + exp(-2 margin)).
      Forest forest = sum(boosted.trees(), boosted.treeWeights(), 2, Link.LOGISTIC, width);
      return Optional.of(
          new Scorer.Trees(
              forest,
              thresholds(boosted) == null
                  ? Decision.above(0.5)
                  : Decision.greatest(thresholds(boosted))));
    }
    if (model instanceof RandomForestRegressionModel forest) {
      double[] weights = new double[forest.trees().length];
      Arrays.fill(weights, 1.0 / weights.length);
      return Optional.of(number(sum(forest.trees(), weights, 1, Link.IDENTITY, width)));
    }
    if (model instanceof GBTRegressionModel boosted) {
      return Optional.of(
          number(sum(boosted.trees(), boosted.treeWeights(), 1, Link.IDENTITY, width)));
    }
    if (model instanceof DecisionTreeRegressionModel tree) {
      DecisionTreeModel[] trees = {tree};
      return Optional.of(number(sum(trees, new double[] {1}, 1, Link.IDENTITY, width)));
    }
    return Optional.empty();
  }

  private static Scorer.Trees number(Forest forest) {
    return new Scorer.Trees(forest, Decision.number());
  }

  private static double[] thresholds(ProbabilisticClassificationModel<?, ?> model) {
    return model.isDefined(model.thresholds()) ? model.getThresholds() : null;
  }

  /** Each tree gives every class its share of the leaf's training rows. */
  private static Scorer.Trees shares(
      ProbabilisticClassificationModel<?, ?> model,
      DecisionTreeModel[] trees,
      int classes,
      int width) {
    List<Forest.Tree> all = new ArrayList<>();
    for (DecisionTreeModel tree : trees) {
      all.add(
          tree(
              tree.rootNode(),
              leaf -> {
                double[] counts = leaf.impurityStats().stats();
                double total = Arrays.stream(counts).sum();
                return Arrays.stream(counts).map(c -> total == 0 ? 0 : c / total).toArray();
              },
              -1));
    }
    return new Scorer.Trees(
        new Forest(width, new double[classes], all, Link.SHARES),
        Decision.greatest(thresholds(model)));
  }

  private static Forest sum(
      DecisionTreeModel[] trees, double[] weights, double factor, Link link, int width) {
    List<Forest.Tree> all = new ArrayList<>();
    for (int t = 0; t < trees.length; t++) {
      double weight = factor * weights[t];
      all.add(tree(trees[t].rootNode(), leaf -> new double[] {weight * leaf.prediction()}, 0));
    }
    return new Forest(width, new double[1], all, link);
  }

  private static Forest.Tree tree(Node root, Function<LeafNode, double[]> values, int score) {
    List<Node> nodes = new ArrayList<>(List.of(root));
    List<int[]> children = new ArrayList<>();
    for (int n = 0; n < nodes.size(); n++) {
      if (nodes.get(n) instanceof InternalNode split) {
        children.add(new int[] {nodes.size(), nodes.size() + 1});
        nodes.add(split.leftChild());
        nodes.add(split.rightChild());
      } else {
        children.add(new int[] {-1, -1});
      }
    }
    int size = nodes.size();
    int[] feature = new int[size];
    double[] threshold = new double[size];
    long[][] categories = new long[size][];
    double[][] value = new double[size][];
    for (int n = 0; n < size; n++) {
      if (!(nodes.get(n) instanceof InternalNode split)) {
        value[n] = values.apply((LeafNode) nodes.get(n));
        continue;
      }
      feature[n] = split.split().featureIndex();
      if (split.split() instanceof ContinuousSplit continuous) {
        threshold[n] = continuous.threshold();
      } else {
        CategoricalSplit categorical = (CategoricalSplit) split.split();
        categories[n] = new long[(categorical.numCategories() + 63) / 64];
        for (double category : categorical.leftCategories()) {
          categories[n][(int) category >> 6] |= 1L << (int) category;
        }
      }
    }
    return new Forest.Tree(
        feature,
        threshold,
        categories,
        null,
        children.stream().mapToInt(c -> c[0]).toArray(),
        children.stream().mapToInt(c -> c[1]).toArray(),
        value,
        score);
  }
}
