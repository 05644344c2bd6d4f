package org.assay.order;

import java.util.List;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.config.Suggestion;

/** The kinds of orders a user may ask for. */
public enum OrderKind {
  /** The suite's own order, again and again. */
  SAME_ORDER("same-order"),
  /** Drawn at random; what is shuffled is a {@link Shuffle}. */
  RANDOM("random"),
  /** The suite's own order, last test first. */
  REVERSE("reverse"),
  /** By container and name. */
  ALPHABETICAL("alphabetical"),
  /** Orders in which each test comes directly after each other one, as far as the budget goes. */
  PAIR_COVER("pair-cover");

  private final String label;

  OrderKind(String label) {
    this.label = label;
  }

  /** The name in configurations and reports. */
  public String label() {
    return label;
  }

  /** The names of all. */
  public static List<String> labels() {
    return Stream.of(values()).map(OrderKind::label).toList();
  }

  /**
   * The kind of this name.
   *
   * @throws UserException if there is none; the message lists those there are
   */
  public static OrderKind named(String label) {
    for (OrderKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    throw UserException.usage(
        "unknown kind of orders '"
            + label
            + "'"
            + Suggestion.of(label, labels())
            + "; known: "
            + String.join(", ", labels()));
  }
}
