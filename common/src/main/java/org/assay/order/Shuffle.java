package org.assay.order;

import java.util.List;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.config.Suggestion;

/** What a random order, or a pair cover, may exchange. */
public enum Shuffle {
  /** Any test may stand anywhere: tests of several classes interleave. */
  METHOD("method"),
  /** Classes change places; the tests inside each keep the suite's order. */
  CLASS("class"),
  /** Classes change places, and so do the tests inside each; classes stay together. */
  CLASS_AND_METHOD("class-and-method");

  private final String label;

  Shuffle(String label) {
    this.label = label;
  }

  /** The name in configurations and reports. */
  public String label() {
    return label;
  }

  /** The names of all. */
  public static List<String> labels() {
    return Stream.of(values()).map(Shuffle::label).toList();
  }

  /**
   * The one of this name.
   *
   * @throws UserException if there is none; the message lists those there are
   */
  public static Shuffle named(String label) {
    for (Shuffle shuffle : values()) {
      if (shuffle.label.equals(label)) {
        return shuffle;
      }
    }
    throw UserException.usage(
        "unknown shuffle '"
            + label
            + "'"
            + Suggestion.of(label, labels())
            + "; known: "
            + String.join(", ", labels()));
  }
}
