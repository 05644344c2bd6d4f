package org.assay.order;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * What identifies a test of a subject, on any machine and in any run.
 *
 * <p>The order is that of the containers and then of the names, by UTF-16 code units; no locale
 * takes part.
 *
 * @param container what the test lies in and cannot be taken out of: the binary name of its class
 *     ({@code org.x.OuterTest$Inner}), for pytest its file and class ({@code
 *     tests/test_a.py::TestB}); empty when it is not known
 * @param name its name inside the container, with its parameters ({@code adds(int)[2]}); may hold
 *     any character, but is not empty
 */
public record TestId(String container, String name) implements Comparable<TestId>, Serializable {
  private static final Comparator<TestId> ORDER =
      Comparator.comparing(TestId::container).thenComparing(TestId::name);

  public TestId {
    Objects.requireNonNull(container, "container");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a test of '" + container + "' without a name");
    }
  }

  /**
   * The id in one text, as reports show it: {@code container#name}. A {@code #} or {@code %} of the
   * container is written {@code %23} or {@code %25}, so that {@link #parse} gets the id back.
   */
  public String text() {
    return container.replace("%", "%25").replace("#", "%23") + "#" + name;
  }

  /**
   * The id of a text made by {@link #text}.
   *
   * @throws IllegalArgumentException if there is no {@code #}, or nothing after it
   */
  public static TestId parse(String text) {
    int split = text.indexOf('#');
    if (split < 0) {
      throw new IllegalArgumentException(
          "test '" + text + "': must be written container#name, such as org.x.ATest#adds");
    }
    return new TestId(
        text.substring(0, split).replace("%23", "#").replace("%25", "%"),
        text.substring(split + 1));
  }

  @Override
  public int compareTo(TestId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return text();
  }
}
