package org.assay.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.UserException;

/**
 * Several metrics of the same items, in one pass: each distinct state is kept and fed once,
 * whichever metrics read it.
 *
 * <p>Like the states it holds, it is exactly mergeable: values depend on the set of items, never on
 * order or partition. Scorecards made by {@link #empty} share what they have in common, so that
 * many of them travel cheaply in one message. Not thread-safe.
 */
public final class Scorecard implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Layout layout;
  private final List<State<?>> states;
  private long items;

  private Scorecard(Layout layout) {
    this.layout = layout;
    this.states = new ArrayList<>();
    for (Metric<?> source : layout.sources) {
      states.add(source.state(layout.target));
    }
  }

  /**
   * An empty scorecard.
   *
   * @param target what the items will be
   * @param metrics at least one, no two with the same {@link Metric#spec}
   * @throws UserException if there are none, one is there twice, or one cannot be computed for the
   *     target: which, and why
   */
  public static Scorecard of(Target target, List<? extends Metric<?>> metrics) {
    if (metrics.isEmpty()) {
      throw UserException.usage(
          "no metrics: name at least one of " + String.join(", ", Metrics.names()));
    }
    List<Metric<?>> all = List.copyOf(metrics);
    List<Metric<?>> sources = new ArrayList<>();
    Map<Object, Integer> kinds = new LinkedHashMap<>();
    Map<String, Integer> stateOf = new LinkedHashMap<>();
    for (Metric<?> metric : all) {
      String refusal = metric.refusal(target);
      if (refusal != null) {
        throw UserException.usage(
            "metric " + metric.spec() + " " + refusal + "; the data are " + target.describe());
      }
      Integer state = kinds.get(metric.stateKind(target));
      if (state == null) {
        state = sources.size();
        kinds.put(metric.stateKind(target), state);
        sources.add(metric);
      }
      if (stateOf.put(metric.spec(), state) != null) {
        throw UserException.usage("metric " + metric.spec() + " is there twice; name it once");
      }
    }
    int[] indices = stateOf.values().stream().mapToInt(i -> i).toArray();
    return new Scorecard(new Layout(target, all, List.copyOf(sources), indices));
  }

  /** An empty scorecard for the same target and metrics. */
  public Scorecard empty() {
    return new Scorecard(layout);
  }

  /** What the items are. */
  public Target target() {
    return layout.target;
  }

  /** The metrics, in the order given. */
  public List<Metric<?>> metrics() {
    return layout.metrics;
  }

  /** Number of items of positive weight. */
  public long items() {
    return items;
  }

  /** Number of distinct states that are fed. */
  int states() {
    return states.size();
  }

  /**
   * Adds one item.
   *
   * @param label class code, or the number of a regression
   * @param prediction class code, or the predicted number
   * @param scores one score of the positive class (binary), one per class (multiclass), or null
   *     when the target has none; not kept
   * @param weight in [0, {@link Target#MOST_WEIGHT}]; an item of weight 0 changes nothing
   * @throws IllegalArgumentException if the item is not one of this target
   */
  public void add(double label, double prediction, double[] scores, double weight) {
    layout.target.check(label, prediction, scores, weight);
    if (weight == 0) {
      return;
    }
    for (int i = 0; i < states.size(); i++) {
      states.get(i).add(label, prediction, scores, weight);
    }
    items++;
  }

  /**
   * Adds all items of {@code other}, which stays usable and unchanged.
   *
   * @throws IllegalArgumentException if it is not for the same target and metrics
   */
  public void merge(Scorecard other) {
    if (!layout.equivalent(other.layout)) {
      throw new IllegalArgumentException(
          "scorecards of " + layout.describe() + " and of " + other.layout.describe());
    }
    for (int i = 0; i < states.size(); i++) {
      merge(states.get(i), other.states.get(i));
    }
    items += other.items;
  }

  /** The value of each metric by its {@link Metric#spec}, in the order given. */
  public Map<String, Value> values() {
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < layout.metrics.size(); i++) {
      values.put(layout.metrics.get(i).spec(), value(i));
    }
    return values;
  }

  /** The value of one metric, by its place in {@link #metrics}. */
  public Value value(int metric) {
    return value(layout.metrics.get(metric), states.get(layout.stateOf[metric]));
  }

  // Equal kinds mean equal types: both casts are that promise of Metric.stateKind.

  @SuppressWarnings("unchecked")
  private static <S extends State<S>> void merge(State<S> state, State<?> other) {
    state.merge((S) other);
  }

  @SuppressWarnings("unchecked")
  private static <S extends State<S>> Value value(Metric<S> metric, State<?> state) {
    return metric.value((S) state);
  }

  /** What scorecards of one origin share. {@code sources} are the metrics whose states are kept. */
  private record Layout(
      Target target, List<Metric<?>> metrics, List<Metric<?>> sources, int[] stateOf)
      implements Serializable {
    boolean equivalent(Layout other) {
      return target.equals(other.target) && specs().equals(other.specs());
    }

    String describe() {
      return String.join(", ", specs()) + " for " + target.describe();
    }

    private List<String> specs() {
      return metrics.stream().map(Metric::spec).toList();
    }
  }
}
