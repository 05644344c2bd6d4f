package org.assay.design;

import com.google.auto.service.AutoService;
import org.assay.config.Section;

/**
 * Five repeats of 2-fold cross-validation, the design of Dietterich's 5x2cv t-test and Alpaydin's
 * F-test: 10 replicates, repeat 0 to 4, fold 0 or 1. The same numbers as {@code k-fold} with 2
 * folds and 5 repeats.
 *
 * <p>Source: Dietterich, "Approximate statistical tests for comparing supervised classification
 * learning algorithms", Neural Computation 10 (1998), doi:10.1162/089976698300017197.
 */
@AutoService(Scheme.class)
public final class FiveByTwo implements Scheme {

  @Override
  public String kind() {
    return "five-by-two";
  }

  @Override
  public int repeats() {
    return 5;
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    if (options.repeats() != 5) {
      throw section.wrong(
          "repeats",
          "five-by-two has 5 repeats by definition; remove this key, or use k-fold with 2 folds");
    }
    return new KFold.Folds(2);
  }
}
