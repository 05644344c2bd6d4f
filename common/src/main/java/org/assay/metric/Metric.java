package org.assay.metric;

import java.io.Serializable;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * One way to measure predictions against labels.
 *
 * <p>To add a metric, write one class with a public constructor without arguments and
 * {@code @AutoService(Metric.class)}; the inherited contract test then covers it. (The processor
 * also wants {@code @SuppressWarnings("rawtypes")}, for it can name the raw type only.) A metric is
 * immutable: a name and, for some, parameters.
 *
 * @param <S> the state it reads
 */
public interface Metric<S extends State<S>> extends Serializable {

  /** Which way is better. */
  enum Direction {
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER
  }

  /** The name in configurations and reports, in kebab-case. */
  String name();

  /**
   * The name, followed by the parameters that differ from their defaults: {@code
   * top-k-accuracy(k=3)}. {@link Metrics#named} reads it back.
   */
  default String spec() {
    return name();
  }

  /**
   * This metric with other parameters.
   *
   * @param parameters keys and values; those not there keep their defaults
   * @throws UserException if a key is unknown or a value out of range
   */
  default Metric<S> with(Section parameters) {
    if (!parameters.values().isEmpty()) {
      throw UserException.usage(
          "metric "
              + name()
              + " has no parameters, found "
              + String.join(", ", parameters.values().keySet())
              + "; write "
              + name());
    }
    return this;
  }

  /** Which way is better. */
  Direction direction();

  /**
   * Null when this metric can be computed for {@code target}, else the reason it cannot, as a
   * clause: "needs ...".
   */
  String refusal(Target target);

  /**
   * An empty state. Metrics whose {@link #stateKind} are equal for a target may be given one state
   * of either.
   *
   * @throws IllegalArgumentException if {@link #refusal} is not null
   */
  S state(Target target);

  /** Identifies the kind of state: its class, or class and parameters. */
  default Object stateKind(Target target) {
    return state(target).getClass();
  }

  /** The metric of all items seen; NaN with a reason when it is undefined for them. */
  Value value(S state);
}
