package org.assay.jobs.model;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.config.Suggestion;

/** The learners on the class path, by name. */
public final class Learners {
  private static final Map<String, Learner> ALL = new TreeMap<>();

  static {
    for (Learner learner : ServiceLoader.load(Learner.class, Learners.class.getClassLoader())) {
      ALL.put(learner.name(), learner);
    }
  }

  private Learners() {}

  /** All, by name. */
  public static Map<String, Learner> all() {
    return Map.copyOf(ALL);
  }

  /**
   * The learner that a model names.
   *
   * @throws UserException if there is none of that name
   */
  public static Learner of(ModelConfig model) {
    Learner learner = ALL.get(model.target());
    if (learner == null) {
      throw model.wrong(unknown(model.target()));
    }
    return learner;
  }

  /**
   * The learner of a name.
   *
   * @param where the configuration key that the error names
   */
  static Learner named(String where, String name) {
    Learner learner = ALL.get(name);
    if (learner == null) {
      throw UserException.usage(where + " = " + name + ": " + unknown(name));
    }
    return learner;
  }

  private static String unknown(String name) {
    return "no such estimator"
        + Suggestion.of(name, ALL.keySet())
        + "; known: "
        + String.join(", ", ALL.keySet());
  }
}
