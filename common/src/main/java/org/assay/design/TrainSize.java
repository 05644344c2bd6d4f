package org.assay.design;

import java.io.Serializable;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.assay.config.Section;

/**
 * How many of a split's training rows a point of a {@link LearningCurve} trains on: a share in (0,
 * 1], or a number of rows of at least 2. A share is taken as it is written in decimals and rounded
 * down.
 */
public record TrainSize(Portion portion) implements Serializable {
  private static final Portion ALL = Portion.fraction(1);

  /** The sizes under a key, none when it is not there; up to 1 a share, from 2 on a number. */
  static List<TrainSize> read(Section section, String key) {
    String rule =
        "must be a list of shares above 0 and up to 1, or of whole numbers of rows from 2 on, no two alike";
    List<TrainSize> sizes = new ArrayList<>();
    for (String text : section.strings(key)) {
      double value;
      try {
        value = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw section.wrong(key, rule);
      }
      boolean isShare = value > 0 && value <= 1;
      boolean isCount = value >= 2 && value == Math.rint(value) && value < 0x1p52;
      TrainSize size =
          new TrainSize(isShare ? Portion.fraction(value) : new Portion(0, (long) value));
      if (!isShare && !isCount || sizes.contains(size)) {
        throw section.wrong(key, rule);
      }
      sizes.add(size);
    }
    if (section.has(key) && sizes.isEmpty()) {
      throw section.wrong(key, rule);
    }
    return List.copyOf(sizes);
  }

  /** Whether it is all training rows, however many there are. */
  public boolean isAll() {
    return portion.equals(ALL);
  }

  /** How many of n training rows. */
  long of(long n) {
    return portion.of(n, RoundingMode.FLOOR);
  }

  /** The size as reports write it among parameters: {@code train-size=0.25}. */
  public String text() {
    return "train-size="
        + (portion.isFraction() ? Double.toString(portion.fraction()) : portion.count());
  }
}
