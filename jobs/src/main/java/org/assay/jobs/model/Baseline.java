package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.Suggestion;
import org.assay.metric.ExactSum;
import org.assay.metric.Target;

/**
 * What can be said without features: the most frequent class with the classes' shares as
 * probabilities, or the mean. {@code strategy = prior} (the default), or {@code majority}, whose
 * probabilities are 1 for that class and 0 for the others. Ties go to the first class. Exact: the
 * same to the bit however the rows are spread.
 */
@AutoService(Learner.class)
public final class Baseline implements Learner {

  @Override
  public String name() {
    return "baseline";
  }

  @Override
  public String refusal(Task task) {
    return null;
  }

  @Override
  public Target.Scores scores(Task task, Map<String, Object> params) {
    return task == Task.REGRESSION ? Target.Scores.NONE : Target.Scores.PROBABILITY;
  }

  @Override
  public void check(String where, Map<String, Object> params) {
    for (Map.Entry<String, Object> entry : params.entrySet()) {
      if (!entry.getKey().equals("strategy")) {
        throw UserException.usage(
            where
                + "."
                + entry.getKey()
                + ": no such parameter"
                + Suggestion.of(entry.getKey(), Set.of("strategy"))
                + "; known: strategy");
      }
      if (!Set.of("prior", "majority").contains(String.valueOf(entry.getValue()))) {
        throw UserException.usage(
            where + ".strategy = " + entry.getValue() + ": must be one of prior, majority");
      }
    }
  }

  @Override
  public Optional<Batched> batched() {
    return Optional.of(
        new Batched() {
          @Override
          public String refusal(Task task, Map<String, Object> params) {
            return null;
          }

          @Override
          public List<Group> fits(Shape shape, List<Map<String, Object>> settings) {
            return Batched.grouped(
                settings,
                setting -> strategy(shape.task(), setting),
                (strategy, own) ->
                    new org.assay.fit.Baseline(
                        shape.width(), shape.classes(), strategy, own.size()));
          }

          @Override
          public long bytes(int width, int classes) {
            return 1L << 12; // exact sums
          }

          @Override
          public Decision decision(Task task, Map<String, Object> params) {
            return task == Task.REGRESSION ? Decision.number() : Decision.greatest(null);
          }
        });
  }

  private static org.assay.fit.Baseline.Strategy strategy(Task task, Map<String, Object> params) {
    return task != Task.REGRESSION && "majority".equals(params.get("strategy"))
        ? org.assay.fit.Baseline.Strategy.MAJORITY
        : org.assay.fit.Baseline.Strategy.PRIOR;
  }

  @Override
  public Scorer fit(Training training, Map<String, Object> params) {
    boolean regression = training.task() == Task.REGRESSION;
    int cells = regression ? 2 : training.classes();
    JavaRDD<ExactSum[]> parts =
        training
            .rows()
            .select("label", "weight")
            .javaRDD()
            .mapPartitions(
                rows -> {
                  ExactSum[] sums = new ExactSum[cells];
                  java.util.Arrays.setAll(sums, c -> new ExactSum());
                  rows.forEachRemaining(
                      row -> {
                        double label = row.getDouble(0);
                        double weight = row.getDouble(1);
                        if (regression) {
                          sums[0].add(weight);
                          sums[1].add(weight * label);
                        } else {
                          sums[(int) label].add(weight);
                        }
                      });
                  return java.util.Collections.singleton(sums).iterator();
                });
    ExactSum[] sums =
        parts.treeReduce(
            (a, b) -> {
              for (int c = 0; c < a.length; c++) {
                a[c].merge(b[c]);
              }
              return a;
            });
    double total = 0;
    double[] shares = new double[cells];
    int most = 0;
    for (int c = 0; c < cells; c++) {
      shares[c] = sums[c].value();
      total += shares[c];
      most = shares[c] > shares[most] ? c : most;
    }
    if (regression) {
      return new Constant(sums[1].value() / sums[0].value(), new double[0], Target.Scores.NONE);
    }
    boolean majority = "majority".equals(params.get("strategy"));
    for (int c = 0; c < cells; c++) {
      shares[c] = majority ? (c == most ? 1 : 0) : shares[c] / total;
    }
    return new Constant(
        most,
        training.task() == Task.BINARY ? new double[] {shares[1]} : shares,
        Target.Scores.PROBABILITY);
  }

  private record Constant(double prediction, double[] probability, Target.Scores scores)
      implements Scorer {
    @Override
    public double score(Vector features, double[] out) {
      System.arraycopy(probability, 0, out, 0, probability.length);
      return prediction;
    }
  }
}
