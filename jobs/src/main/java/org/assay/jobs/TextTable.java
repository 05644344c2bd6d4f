package org.assay.jobs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * A table as aligned plain text, fitted to the width of a terminal.
 *
 * <p>Texts stand left, numbers right. Numbers with a fraction get as many decimals as their column
 * needs for four digits of its largest value; one too small for those is written with an exponent.
 * A column with the same content in every row, other than a number with a fraction, is said once,
 * above the table. When the table is too wide, long texts are cut, ending in {@code ...}; when that
 * is not enough, the last columns are left out and named below it. Control characters of texts from
 * outside are replaced. Not thread-safe.
 */
public final class TextTable {
  /** A width without limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final String GAP = "  ";
  private static final int NARROWEST = 6;

  private final List<String> names;
  private final List<Object[]> rows = new ArrayList<>();

  private TextTable(List<String> names) {
    this.names = names;
  }

  /** A table without rows. */
  public static TextTable of(String... names) {
    return new TextTable(List.of(names));
  }

  /** A table without rows. */
  public static TextTable of(List<String> names) {
    return new TextTable(List.copyOf(names));
  }

  /**
   * Adds a row.
   *
   * @param cells one per column; null is shown as {@code -}, numbers, instants and {@code double[]}
   *     as such, others by {@code toString}
   */
  public TextTable row(Object... cells) {
    if (cells.length != names.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + names.size() + " columns");
    }
    rows.add(cells.clone());
    return this;
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }

  /**
   * The table, each line ended.
   *
   * @param width the most characters of a line
   */
  public String render(int width) {
    int columns = names.size();
    String[][] text = new String[columns][];
    boolean[] isRight = new boolean[columns];
    boolean[] isSaidAbove = new boolean[columns];
    List<String> above = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      text[c] = column(c);
      int column = c;
      isRight[c] =
          !rows.isEmpty()
              && rows.stream().allMatch(r -> r[column] == null || r[column] instanceof Number);
      boolean isMeasured =
          rows.stream().anyMatch(r -> r[column] instanceof Double number && !number.isNaN());
      if (rows.size() > 1 && !isMeasured && Arrays.stream(text[c]).distinct().count() == 1) {
        isSaidAbove[c] = true;
        if (!text[c][0].isEmpty()) {
          above.add(names.get(c) + " = " + text[c][0]);
        }
      }
    }
    if (above.size() == columns) {
      isSaidAbove = new boolean[columns];
      above.clear();
    }
    List<Integer> shown = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      if (!isSaidAbove[c]) {
        shown.add(c);
      }
    }
    int[] widths = new int[columns];
    for (int c : shown) {
      widths[c] =
          Math.max(
              length(names.get(c)),
              Arrays.stream(text[c]).mapToInt(TextTable::length).max().orElse(0));
    }
    List<String> leftOut = fit(shown, widths, isRight, width);

    StringBuilder out = new StringBuilder();
    wrap(above, width, out);
    line(shown, widths, isRight, c -> names.get(c), out);
    line(shown, widths, isRight, c -> "-".repeat(widths[c]), out);
    for (int r = 0; r < rows.size(); r++) {
      int row = r;
      line(shown, widths, isRight, c -> text[c][row], out);
    }
    if (!leftOut.isEmpty()) {
      wrap(List.of("(too narrow for: " + String.join(", ", leftOut) + ")"), width, out);
    }
    return out.toString();
  }

  /**
   * Narrows texts, widest first, then leaves columns out from the right; gives the names of those.
   */
  private List<String> fit(List<Integer> shown, int[] widths, boolean[] isRight, int width) {
    List<String> leftOut = new ArrayList<>();
    while (true) {
      int excess =
          shown.stream().mapToInt(c -> widths[c]).sum() + GAP.length() * (shown.size() - 1) - width;
      if (width == UNLIMITED || excess <= 0) {
        return leftOut;
      }
      int widest = -1;
      int next = NARROWEST;
      for (int c : shown) {
        if (!isRight[c] && widths[c] > NARROWEST) {
          if (widest < 0 || widths[c] > widths[widest]) {
            next = widest < 0 ? NARROWEST : widths[widest];
            widest = c;
          } else if (widths[c] > next) {
            next = widths[c];
          }
        }
      }
      if (widest >= 0) {
        int narrower = Math.max(next, widths[widest] - excess);
        widths[widest] = narrower < widths[widest] ? narrower : widths[widest] - 1;
      } else if (shown.size() > 1) {
        leftOut.add(0, names.get(shown.remove(shown.size() - 1)));
      } else {
        return leftOut;
      }
    }
  }

  private void line(
      List<Integer> shown,
      int[] widths,
      boolean[] isRight,
      IntFunction<String> cell,
      StringBuilder out) {
    StringBuilder line = new StringBuilder();
    for (int c : shown) {
      String text = cut(cell.apply(c), widths[c]);
      String pad = " ".repeat(widths[c] - length(text));
      line.append(line.length() == 0 && c == shown.get(0) ? "" : GAP)
          .append(isRight[c] ? pad + text : text + pad);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private String[] column(int c) {
    double largest = 0;
    for (Object[] row : rows) {
      if (row[c] instanceof Double number && Double.isFinite(number)) {
        largest = Math.max(largest, Math.abs(number));
      }
    }
    int decimals = decimals(largest);
    return rows.stream().map(row -> cell(row[c], decimals)).toArray(String[]::new);
  }

  /**
   * As many decimals as a number needs for four digits, between 0 and 4 for numbers from 1, at most
   * 4 below.
   */
  private static int decimals(double largest) {
    if (largest < 1) {
      return 4;
    }
    return Math.max(0, 4 - (int) Math.floor(Math.log10(largest)) - 1);
  }

  private static String cell(Object value, int decimals) {
    if (value == null) {
      return "-";
    } else if (value instanceof Double number) {
      return number(number, decimals);
    } else if (value instanceof double[] numbers) {
      return Arrays.stream(numbers)
          .mapToObj(TextTable::number)
          .collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Instant instant) {
      return time(instant);
    }
    return printable(value.toString());
  }

  /** A number with four digits or decimals, whichever is fewer. */
  public static String number(double number) {
    return number(number, decimals(Math.abs(number)));
  }

  private static String number(double number, int decimals) {
    if (Double.isNaN(number) || Double.isInfinite(number) || number == 0) {
      return number == 0 ? "0" : Double.toString(number);
    }
    double size = Math.abs(number);
    if (size >= 1e9 || size < 0.5 * Math.pow(10, -decimals)) {
      return String.format(Locale.ROOT, "%.2e", number);
    }
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }

  /** A time in UTC, to the second. */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A text on one line, without characters that a terminal would obey. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\r' || c == '\t') {
                out.append(' ');
              } else if (Character.isISOControl(c)
                  || Character.getType(c) == Character.FORMAT
                  || Character.getType(c) == Character.SURROGATE) {
                out.append('?');
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static String cut(String text, int width) {
    if (length(text) <= width) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      used += cells(c);
      if (used > width - 3) {
        break;
      }
      out.appendCodePoint(c);
    }
    return out + "...";
  }

  private static void wrap(List<String> parts, int width, StringBuilder out) {
    StringBuilder line = new StringBuilder();
    for (String part : parts) {
      if (line.length() > 0 && length(line.toString()) + 2 + length(part) > width) {
        out.append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : GAP)
          .append(width == UNLIMITED ? part : cut(part, Math.max(width, NARROWEST)));
    }
    if (line.length() > 0) {
      out.append(line).append('\n');
    }
  }

  /** How many places a text takes in a terminal. */
  private static int length(String text) {
    return text.codePoints().map(TextTable::cells).sum();
  }

  /** East Asian wide characters and emoji take two places, combining marks none. */
  private static int cells(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean isWide =
        (c >= 0x1100 && c <= 0x115F)
            || (c >= 0x2E80 && c <= 0xA4CF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0x1F300 && c <= 0x1FAFF)
            || (c >= 0x20000 && c <= 0x3FFFD);
    return isWide ? 2 : 1;
  }
}
