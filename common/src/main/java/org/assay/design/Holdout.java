package org.assay.design;

import com.google.auto.service.AutoService;
import org.assay.config.Section;

/**
 * One random split: a part {@code test} (default 0.2) of the rows is held out and a part {@code
 * train} (default: all others) is trained on. With {@code repeats}, as many independent splits; the
 * same numbers as {@link ShuffleSplit}, whose rules for sizes, classes and groups hold here too.
 */
@AutoService(Scheme.class)
public final class Holdout implements Scheme {

  @Override
  public String kind() {
    return "holdout";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    return ShuffleSplit.Drawn.read(section, options, "holdout", options.repeats());
  }
}
