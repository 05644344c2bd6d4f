package org.assay.jobs.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assay.Task;
import org.assay.fit.Center;
import org.assay.fit.Examples;
import org.assay.fit.Fit;
import org.assay.fit.Model;

/**
 * How a learner trains in the engine {@code batched}: its fits share passes over the rows with all
 * others of a design, and converge to what Spark ML's estimator converges to.
 */
public interface Batched {
  /** Spark ML's default of {@code maxIter}: fewer ask for a fit that ends before its optimum. */
  int ITERATIONS = 100;

  /**
   * What fits must know besides their rows.
   *
   * @param center what is subtracted from the rows before they are summed up
   * @param classes number of classes; 0 for a regression
   */
  record Shape(Center center, Task task, int classes) {
    /** Number of features. */
    int width() {
      return center.features().length;
    }
  }

  /**
   * A fit of some of the settings.
   *
   * @param fit under way; its k-th model is that of {@code settings[k]}
   * @param settings their numbers
   */
  record Group(Fit fit, int[] settings) implements Serializable {}

  /**
   * Null when these parameters can be fitted so, else the reason they cannot, as a clause: "loss =
   * huber is ...".
   */
  String refusal(Task task, Map<String, Object> params);

  /** Begins the fits of some settings to the same rows, in as few fits as can be. */
  List<Group> fits(Shape shape, List<Map<String, Object>> settings);

  /** Whether rows are to be checked before they are learned from with these parameters. */
  default boolean checks(Map<String, Object> params) {
    return false;
  }

  /**
   * Checks values of rows.
   *
   * @param times how often each row counts in training; those that do not are not checked
   * @throws org.assay.UserException if they cannot be learned from with these parameters
   */
  default void check(Examples rows, double[] times, Map<String, Object> params) {}

  /** How predictions are made with these parameters. */
  Decision decision(Task task, Map<String, Object> params);

  /**
   * Begins fits to all rows from which those of replicates can begin, in as few fits as can be;
   * none where that does not pay.
   */
  default List<Group> pilots(Shape shape, List<Map<String, Object>> settings) {
    return List.of();
  }

  /** Begins the fits of a replicate with the settings of pilots, which are done. */
  default List<Group> after(List<Group> pilots) {
    throw new IllegalStateException("there are no pilots");
  }

  /**
   * Why what a model would say of a row left out cannot be had from its fit to all rows with these
   * parameters, as a clause; null if it can.
   */
  default String leftOutRefusal(Map<String, Object> params) {
    return "there is no such approximation for it";
  }

  /**
   * What the model would say of each row if it were left out of training, from the fit to all rows.
   *
   * @param model the fit to all rows
   * @param rows all rows
   * @return by row, as {@link Model#predict} gives it
   * @throws org.assay.UserException if these rows do not allow it
   */
  default double[] leftOut(Model model, Shape shape, Map<String, Object> params, Examples rows) {
    throw new IllegalStateException("no approximation");
  }

  /**
   * Whether its models are linear in the rows and learned from {@link org.assay.fit.Moments}: then
   * those of rows held out say how large its errors are ({@link org.assay.fit.HeldOut}).
   */
  default boolean isOfMoments() {
    return false;
  }

  /** Whether one pass is all that a fit takes. */
  default boolean isOnePass() {
    return true;
  }

  /**
   * Multiplications of one replicate's fits, more or less.
   *
   * @param settings number of settings
   * @param piloted whether they begin from pilots
   */
  default double work(long rows, int width, int classes, int settings, boolean piloted) {
    return rows * (width + 1.0) * (width + 2.0) / 2;
  }

  /** Bytes of the sums of one fit, for so many features. */
  default long bytes(int width, int classes) {
    return Double.BYTES * (width + 1L) * (width + 2L) / 2;
  }

  /**
   * Brings settings together that one fit can carry.
   *
   * @param form what one fit must have in common
   * @param fit begins a fit of the settings of these numbers
   */
  static <F> List<Group> grouped(
      List<Map<String, Object>> settings, Function<Map<String, Object>, F> form, Grouped<F> fit) {
    Map<F, List<Integer>> forms = new LinkedHashMap<>();
    for (int s = 0; s < settings.size(); s++) {
      forms.computeIfAbsent(form.apply(settings.get(s)), f -> new ArrayList<>()).add(s);
    }
    List<Group> groups = new ArrayList<>();
    forms.forEach(
        (f, members) -> {
          List<Map<String, Object>> own = members.stream().map(settings::get).toList();
          groups.add(
              new Group(fit.of(f, own), members.stream().mapToInt(Integer::intValue).toArray()));
        });
    return groups;
  }

  /** Begins a fit. */
  interface Grouped<F> {
    /** A fit of settings of one form. */
    Fit of(F form, List<Map<String, Object>> settings);
  }
}
