package org.assay.jobs;

import java.util.List;
import java.util.Optional;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.design.Plan;
import org.assay.jobs.engine.Explainer;

/**
 * A way to find which inputs matter, of the job {@code importance}. To add one, write one class
 * with {@code @AutoService(ImportanceMethod.class)} and a public constructor without arguments.
 */
public interface ImportanceMethod {

  /** Its name in configurations and reports, in kebab-case. */
  String name();

  /**
   * Reads its own keys, those of the job's section of its name, and refuses a job that it is not
   * for, without looking at data.
   *
   * @param keys to be read to their end; empty when the job has no such section
   * @throws org.assay.UserException if anything is wrong
   */
  Step read(Section keys, Asked asked);

  /** Refuses keys of a method that has none. */
  static void none(Section keys, Asked asked) {
    if (!keys.values().isEmpty()) {
      String path = keys.path();
      throw asked
          .section()
          .wrong(path.substring(path.lastIndexOf('.') + 1), "has no keys of its own; remove it");
    }
  }

  /**
   * What a job asks for besides.
   *
   * @param section the job's
   */
  record Asked(
      Section section,
      DataConfig data,
      List<ModelConfig> models,
      Optional<Plan> plan,
      Explainer.Within within) {

    /** Refuses models that are not fitted by a learner of this library's. */
    void estimatorsOnly(String method, String why) {
      for (ModelConfig model : models) {
        if (model.kind() != ModelConfig.Kind.ESTIMATOR) {
          throw section.wrong(
              "method",
              method
                  + " "
                  + why
                  + ", and '"
                  + model.name()
                  + "' is a saved one; name models with an estimator alone, or another method");
        }
      }
    }
  }

  /** A method with its settings. */
  interface Step {

    /** The method's name. */
    String name();

    /**
     * Checks what needs the data, and says what it costs, a line each.
     *
     * @throws org.assay.UserException if the data do not allow what is asked
     */
    List<String> explain(Explained all);

    /**
     * Whether it asks fitted models of rows, so that rows of another table serve as well; otherwise
     * it fits models anew, or looks at them alone.
     */
    default boolean asksOfRows() {
      return true;
    }

    /** Finds importances and adds them to the report. */
    void run(Explained all);
  }
}
