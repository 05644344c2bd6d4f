package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.assay.metric.Scorecard;

/** What tasks have measured, and what becomes of it. */
final class AnswerParts {
  private AnswerParts() {}

  /** Where a scorecard belongs to. */
  record Key(int member, int set, int repeat, int slice) implements Serializable {}

  /**
   * What some rows make of a key.
   *
   * @param card the scorecard; null for sums
   * @param sums by the canonical index of the first row that they are of; null for a scorecard
   */
  record Partial(Scorecard card, TreeMap<Long, double[][]> sums) implements Serializable {
    Partial merge(Partial other) {
      if (card != null) {
        card.merge(other.card);
      } else {
        sums.putAll(other.sums);
      }
      return this;
    }

    /** The sums, added in the order of the rows. */
    double[][] total() {
      double[][] total = null;
      for (double[][] part : sums.values()) {
        if (total == null) {
          total = new double[][] {part[0].clone(), part[1].clone()};
          continue;
        }
        for (int of = 0; of < total.length; of++) {
          for (int k = 0; k < total[of].length; k++) {
            total[of][k] += part[of][k];
          }
        }
      }
      return total;
    }

    Serializable of(Key key) {
      if (card != null) {
        return new Explainer.Measured(
            key.member(),
            key.set(),
            key.repeat(),
            key.slice(),
            card.items(),
            new ArrayList<>(card.values().values()));
      }
      double[][] total = total();
      return new Explainer.Summed(key.member(), key.set(), key.repeat(), total[0], total[1]);
    }
  }

  /** Merges the parts. */
  static void collect(JavaPairRDD<Key, Partial> parts, Explainer.Result result) {
    List<Serializable> all = // one per member, set, repeat and slice, and the sums
        parts.reduceByKey(Partial::merge).map(pair -> pair._2().of(pair._1())).collect();
    all.forEach(result::put);
  }
}
