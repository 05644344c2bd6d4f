package org.assay.flaky;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assay.order.Order;

/**
 * One order, executed once in one fresh process.
 *
 * <p>A lost executor gives a run whose observations are all MISSING; the order is then run again as
 * the next attempt, and both are kept.
 *
 * @param order what ran
 * @param round number of the repetition of this order, from 0
 * @param attempt number of the attempt at this repetition, from 0
 * @param worker which worker ran it, such as an executor and its slot, or the night; empty when it
 *     is not known
 * @param host the machine; empty when it is not known
 * @param factors the level of each factor of the environment that was set for this run, by the
 *     factor's name; empty outside designed experiments
 * @param observations what each test did, by place: the i-th belongs to the i-th test of the order
 */
public record Run(
    Order order,
    int round,
    int attempt,
    String worker,
    String host,
    SortedMap<String, String> factors,
    List<Observation> observations)
    implements Serializable {

  public Run {
    factors = Collections.unmodifiableSortedMap(new TreeMap<>(factors));
    observations = List.copyOf(observations);
    if (observations.size() != order.size()) {
      throw new IllegalArgumentException(
          "order "
              + order.id()
              + " has "
              + order.size()
              + " tests, and "
              + observations.size()
              + " observations: must be as many");
    }
    if (round < 0 || attempt < 0) {
      throw new IllegalArgumentException(
          "round " + round + ", attempt " + attempt + " of " + order.id() + ": must be from 0");
    }
  }

  /** A run outside designed experiments. */
  public static Run of(
      Order order,
      int round,
      int attempt,
      String worker,
      String host,
      List<Observation> observations) {
    return new Run(order, round, attempt, worker, host, new TreeMap<>(), observations);
  }

  /** A run of which nothing is known, for its executor was lost. */
  public static Run lost(Order order, int round, int attempt, String worker, String host) {
    Observation[] none = new Observation[order.size()];
    Arrays.fill(none, Observation.MISSING);
    return of(order, round, attempt, worker, host, List.of(none));
  }

  /** The number of the test at a place. */
  public int test(int place) {
    return order.tests()[place];
  }

  /** The outcome at a place. */
  public Outcome outcome(int place) {
    return observations.get(place).outcome();
  }

  /** How many tests passed or failed. */
  public int counted() {
    return (int) observations.stream().filter(o -> o.outcome().counts()).count();
  }

  /** How many tests failed. */
  public int failures() {
    return (int) observations.stream().filter(o -> o.outcome().failed()).count();
  }
}
