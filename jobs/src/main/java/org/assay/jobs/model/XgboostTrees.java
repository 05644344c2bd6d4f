package org.assay.jobs.model;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.assay.importance.Forest;
import org.assay.importance.Link;
import org.assay.importance.NativeImportance;

/**
 * XGBoost's models in JSON as sums over leaves. Splits are the same, comparisons in single
 * precision included; XGBoost adds leaves up in single precision, so that its outputs differ from
 * these by some 1e-7 of themselves.
 */
final class XgboostTrees {
  /** Objectives whose outputs are exponentials of scores. */
  private static final Set<String> EXPONENTIAL =
      Set.of("count:poisson", "reg:gamma", "reg:tweedie");

  /** Splits by categories have NaN for a threshold. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private XgboostTrees() {}

  /**
   * The trees of a model.
   *
   * @param model as {@code Booster.toByteArray("json")} gives it
   * @param rounds rounds that it predicts with; 0 for all
   * @param width number of features
   * @throws IllegalArgumentException if it is not one of trees that are added
   */
  static Forest of(byte[] model, int rounds, int width) {
    JsonNode learner = learner(model);
    JsonNode booster = learner.path("gradient_booster");
    String objective = learner.path("objective").path("name").asText();
    int scores = Math.max(1, learner.path("learner_model_param").path("num_class").asInt());
    double base = Float.parseFloat(learner.path("learner_model_param").path("base_score").asText());
    Link link = Link.IDENTITY;
    if (objective.equals("binary:logistic")) {
      link = Link.LOGISTIC;
      base = Math.log(base / (1 - base));
    } else if (objective.equals("multi:softprob")) {
      link = Link.SOFTMAX;
    } else if (EXPONENTIAL.contains(objective)) {
      link = Link.EXP;
      base = Math.log(base);
    }
    double[] bases = new double[scores];
    Arrays.fill(bases, base);
    JsonNode ensemble = booster.path("model");
    JsonNode all = ensemble.path("trees");
    int count = count(learner, rounds);
    List<Forest.Tree> trees = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      trees.add(tree(all.get(t), ensemble.path("tree_info").get(t).asInt()));
    }
    return new Forest(width, bases, trees, link);
  }

  /**
   * What a model says of itself.
   *
   * @param objective what it was fitted by
   * @param classes number of its classes; 0 where it has one score
   * @param names its features' names; empty when it does not know them
   * @param types its features' types, c for categories; empty when it does not know them
   * @param best the number of rounds that early stopping found best; 0 for all
   */
  record About(String objective, int classes, List<String> names, List<String> types, int best) {}

  /**
   * What a model says of itself.
   *
   * @throws IllegalArgumentException if it is not one of trees that are added
   */
  static About about(byte[] model) {
    JsonNode learner = learner(model);
    JsonNode best = learner.path("attributes").path("best_iteration");
    return new About(
        learner.path("objective").path("name").asText(),
        learner.path("learner_model_param").path("num_class").asInt(),
        texts(learner.path("feature_names")),
        texts(learner.path("feature_types")),
        best.isMissingNode() ? 0 : 1 + best.asInt());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** The part that learned, of a model of trees that are added. */
  private static JsonNode learner(byte[] model) {
    JsonNode learner;
    try {
      learner = MAPPER.readTree(model).path("learner");
    } catch (IOException e) {
      throw new IllegalArgumentException("no model in JSON: " + e.getMessage(), e);
    }
    String kind = learner.path("gradient_booster").path("name").asText();
    if (!kind.equals("gbtree")) {
      throw new IllegalArgumentException("a booster of kind '" + kind + "': must be gbtree");
    }
    return learner;
  }

  /** How many trees it predicts with, in so many rounds; 0 for all. */
  private static int count(JsonNode learner, int rounds) {
    JsonNode ensemble = learner.path("gradient_booster").path("model");
    int scores = Math.max(1, learner.path("learner_model_param").path("num_class").asInt());
    int each = Math.max(1, ensemble.path("gbtree_model_param").path("num_parallel_tree").asInt());
    int all = ensemble.path("trees").size();
    return rounds == 0 ? all : Math.min(all, rounds * each * scores);
  }

  /**
   * What XGBoost calls weight, gain, cover and total_gain, over the trees that it predicts with.
   *
   * @param model as for {@link #of}
   */
  static List<NativeImportance> importances(byte[] model, int rounds, int width) {
    JsonNode learner = learner(model);
    JsonNode all = learner.path("gradient_booster").path("model").path("trees");
    double[] weight = new double[width];
    double[] gain = new double[width];
    double[] cover = new double[width];
    for (int t = 0; t < count(learner, rounds); t++) {
      JsonNode tree = all.get(t);
      JsonNode lefts = tree.path("left_children");
      for (int n = 0; n < lefts.size(); n++) {
        if (lefts.get(n).asInt() >= 0) {
          int feature = tree.path("split_indices").get(n).asInt();
          weight[feature]++;
          gain[feature] += tree.path("loss_changes").get(n).asDouble();
          cover[feature] += tree.path("sum_hessian").get(n).asDouble();
        }
      }
    }
    NativeImportance.Unit none = NativeImportance.Unit.NONE;
    return List.of(
        new NativeImportance("gain", gain, weight, none),
        new NativeImportance("total-gain", gain, null, none),
        new NativeImportance("cover", cover, weight, none),
        new NativeImportance("weight", weight, null, none));
  }

  private static Forest.Tree tree(JsonNode tree, int score) {
    JsonNode lefts = tree.path("left_children");
    int size = lefts.size();
    int[] feature = new int[size];
    double[] threshold = new double[size];
    long[][] categories = sets(tree, size);
    boolean[] missingLeft = new boolean[size];
    int[] left = new int[size];
    int[] right = new int[size];
    double[][] value = new double[size][];
    for (int n = 0; n < size; n++) {
      left[n] = lefts.get(n).asInt();
      right[n] = tree.path("right_children").get(n).asInt();
      float condition = (float) tree.path("split_conditions").get(n).asDouble();
      if (left[n] < 0) {
        value[n] = new double[] {condition};
        continue;
      }
      feature[n] = tree.path("split_indices").get(n).asInt();
      JsonNode defaultLeft = tree.path("default_left").get(n);
      missingLeft[n] = defaultLeft.asBoolean() || defaultLeft.asInt() == 1;
      if (categories[n] == null) {
        threshold[n] = Forest.below(condition);
      } else {
        // Its categories go right, all else goes left.
        int other = left[n];
        left[n] = right[n];
        right[n] = other;
        missingLeft[n] = !missingLeft[n];
      }
    }
    return new Forest.Tree(feature, threshold, categories, missingLeft, left, right, value, score);
  }

  private static long[][] sets(JsonNode tree, int size) {
    long[][] sets = new long[size][];
    JsonNode nodes = tree.path("categories_nodes");
    for (int k = 0; k < nodes.size(); k++) {
      int from = tree.path("categories_segments").get(k).asInt();
      int count = tree.path("categories_sizes").get(k).asInt();
      long[] set = new long[1];
      for (int i = from; i < from + count; i++) {
        int category = tree.path("categories").get(i).asInt();
        set = Arrays.copyOf(set, Math.max(set.length, category / 64 + 1));
        set[category >> 6] |= 1L << category;
      }
      sets[nodes.get(k).asInt()] = set;
    }
    return sets;
  }
}
