package org.assay.design;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assay.config.Section;

/**
 * A length along a time series.
 *
 * @param amount a number of rows, or of microseconds
 * @param text as it was written
 */
record Extent(long amount, Unit unit, String text) implements Serializable {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,12})([dhms]?)");

  enum Unit {
    ROWS,
    MICROSECONDS
  }

  /** {@code 100} is rows; {@code 7d}, {@code 12h}, {@code 30m} and {@code 90s} are times. */
  static Extent read(Section section, String key, Extent otherwise, long least) {
    if (!section.has(key)) {
      return otherwise;
    }
    String text = section.string(key).trim();
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) < least) {
      throw section.wrong(
          key,
          "must be a number of rows, or a time such as 7d, 12h, 30m or 90s"
              + (least > 0 ? ", of at least " + least : ""));
    }
    long number = Long.parseLong(matcher.group(1));
    long seconds =
        switch (matcher.group(2)) {
          case "d" -> 86_400;
          case "h" -> 3_600;
          case "m" -> 60;
          default -> 1;
        };
    if (matcher.group(2).isEmpty()) {
      return new Extent(number, Unit.ROWS, text);
    }
    if (number > 100L * 366 * 86_400 / seconds) {
      throw section.wrong(key, "must be a time of at most 100 years");
    }
    return new Extent(number * seconds * 1_000_000, Unit.MICROSECONDS, text);
  }

  boolean inRows() {
    return unit == Unit.ROWS;
  }

  String label() {
    return inRows() ? KFold.Folds.rows(amount) : text;
  }
}
