package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.importance.Conditioning;
import org.assay.importance.Similarity;
import org.assay.importance.Variable;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Frame;

/** Strata of rows that are alike in the columns that say most of an input. */
final class Conditions {
  private Conditions() {}

  /** Columns that the strata of a set are made of, at most. */
  private static final int GIVEN = 10;

  /** For each set, rows that are alike in the columns that are most like its own. */
  static List<Explainer.Condition> of(Explained all) {
    Frame frame = all.frame();
    List<InputSet> sets = all.sets();
    frame.blocks().context().setJobDescription(all.name() + ": find conditions");
    List<double[]> sample = frame.sample(InputImportance.SAMPLE);
    frame.blocks().context().setJobDescription(null);
    List<Feature> features = frame.schema().features();
    int[] known = IntStream.range(0, features.size()).filter(f -> sample.get(f) != null).toArray();
    List<Variable> variables =
        Arrays.stream(known)
            .mapToObj(
                f ->
                    new Variable(
                        features.get(f).name(),
                        sample.get(f),
                        features.get(f).kind() == Feature.Kind.TEXT))
            .toList();
    double[][] alike = Similarity.of(variables);
    List<Explainer.Condition> conditions = new ArrayList<>();
    for (InputSet set : sets) {
      int[] own =
          IntStream.range(0, known.length)
              .filter(k -> Arrays.stream(set.features()).anyMatch(f -> f == known[k]))
              .toArray();
      if (own.length < set.features().length) {
        throw UserException.usage(
            all.settings().section().path("method")
                + ": '"
                + set.name()
                + "' is a vector, and conditions are made of single numbers and texts; leave it out by "
                + all.settings().section().path("inputs"));
      }
      int[] given =
          IntStream.range(0, known.length)
              .filter(k -> Arrays.stream(own).noneMatch(o -> o == k))
              .boxed()
              .sorted(
                  Comparator.comparingDouble(
                      k -> -Arrays.stream(own).mapToDouble(o -> alike[o][k]).max().orElse(0)))
              .limit(GIVEN)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      Conditioning conditioning =
          Conditioning.tree(
              Arrays.stream(given).mapToObj(variables::get).toList(),
              Arrays.stream(own).mapToObj(variables::get).toList(),
              Conditioning.Limits.DEFAULT);
      conditions.add(
          new Explainer.Condition(conditioning, Arrays.stream(given).map(k -> known[k]).toArray()));
    }
    return conditions;
  }

  /** Among which rows a set's inputs were exchanged. */
  static String describe(Frame frame, Explainer.Condition condition) {
    Conditioning conditioning = condition.conditioning();
    if (conditioning.strata() == 1) {
      return "no other column tells anything of it, so it was exchanged among all rows";
    }
    List<String> by =
        Arrays.stream(conditioning.used())
            .mapToObj(u -> frame.schema().features().get(condition.given()[u]).name())
            .toList();
    return "exchanged within "
        + conditioning.strata()
        + " strata by "
        + String.join(", ", by)
        + ", which explain "
        + Math.round(100 * conditioning.explained())
        + " % of it";
  }
}
