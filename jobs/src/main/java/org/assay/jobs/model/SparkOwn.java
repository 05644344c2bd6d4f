package org.assay.jobs.model;

import java.util.List;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.assay.importance.NativeImportance;

/** What Spark ML's own models say of their features. */
public final class SparkOwn {
  private SparkOwn() {}

  /** What a fitted model says; empty when it is of a kind that says nothing. */
  public static List<NativeImportance> of(Object model) {
    if (model instanceof DecisionTreeClassificationModel tree) {
      return impurity(tree.featureImportances());
    } else if (model instanceof RandomForestClassificationModel forest) {
      return impurity(forest.featureImportances());
    } else if (model instanceof GBTClassificationModel boosted) {
      return impurity(boosted.featureImportances());
    } else if (model instanceof DecisionTreeRegressionModel tree) {
      return impurity(tree.featureImportances());
    } else if (model instanceof RandomForestRegressionModel forest) {
      return impurity(forest.featureImportances());
    } else if (model instanceof GBTRegressionModel boosted) {
      return impurity(boosted.featureImportances());
    } else if (model instanceof LogisticRegressionModel logistic) {
      Matrix all = logistic.coefficientMatrix();
      double[][] sets = new double[all.numRows()][all.numCols()];
      all.foreachActive(
          (set, feature, value) -> {
            sets[(int) set][(int) feature] = (double) value;
            return scala.runtime.BoxedUnit.UNIT;
          });
      return List.of(NativeImportance.coefficients(sets));
    } else if (model instanceof LinearSVCModel svc) {
      return coefficients(svc.coefficients());
    } else if (model instanceof LinearRegressionModel linear) {
      return coefficients(linear.coefficients());
    } else if (model instanceof GeneralizedLinearRegressionModel linear) {
      return coefficients(linear.coefficients());
    }
    return List.of();
  }

  private static List<NativeImportance> impurity(Vector shares) {
    return List.of(
        new NativeImportance("impurity", shares.toArray(), null, NativeImportance.Unit.NONE));
  }

  private static List<NativeImportance> coefficients(Vector vector) {
    return List.of(NativeImportance.coefficients(new double[][] {vector.toArray()}));
  }
}
