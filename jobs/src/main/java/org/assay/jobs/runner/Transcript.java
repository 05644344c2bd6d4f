package org.assay.jobs.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process of tests said.
 *
 * <p>A file of events has a line per event, of fields between tabs: {@code S place} when the test
 * at a place of the order starts, {@code F place outcome nanoseconds message} when it ends (a later
 * one of the same place counts), {@code X text} for a test that was not asked for, {@code E} after
 * the last. A line that was cut off by the process's end is no event.
 *
 * @param started places in the order in which their tests started; null when the process cannot say
 * @param ends what became of the test at each place; null where nothing was said
 * @param unasked tests that ran and were not asked for
 * @param hasEnded whether the process said that it was done
 * @param problem why what it left is of no use, unless it was killed; empty when it is
 */
record Transcript(
    List<Integer> started, End[] ends, List<String> unasked, boolean hasEnded, String problem) {

  /**
   * The end of a test.
   *
   * @param outcome PASS, FAIL, ERROR or SKIP
   * @param nanos how long it took
   * @param message of a failure or a skip; empty without
   */
  record End(String outcome, long nanos, String message) {}

  /** Reads a file of events; nothing was said when it is not there. */
  static Transcript ofEvents(Path file, int tests) throws IOException {
    List<Integer> started = new ArrayList<>();
    End[] ends = new End[tests];
    List<String> unasked = new ArrayList<>();
    boolean hasEnded = false;
    if (Files.exists(file)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int from = 0;
      for (int to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
        String[] fields = text.substring(from, to).split("\t", -1);
        from = to + 1;
        switch (fields[0]) {
          case "S" -> started.add(place(fields, tests));
          case "F" ->
              ends[place(fields, tests)] =
                  new End(fields[2], Long.parseLong(fields[3]), plain(fields[4]));
          case "X" -> unasked.add(plain(fields[1]));
          case "E" -> hasEnded = true;
          default -> throw new IOException("no event: " + String.join(" ", fields));
        }
      }
    }
    return new Transcript(started, ends, unasked, hasEnded, "");
  }

  private static int place(String[] fields, int tests) throws IOException {
    int place = Integer.parseInt(fields[1]);
    if (place < 0 || place >= tests) {
      throw new IOException("place " + place + " of an order of " + tests);
    }
    return place;
  }

  /** A text on one line: tab, line feed, carriage return and backslash as \t, \n, \r and \\. */
  static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  /** The text of {@link #escaped}. */
  static String plain(String line) {
    if (line.indexOf('\\') < 0) {
      return line;
    }
    StringBuilder text = new StringBuilder(line.length());
    boolean escapes = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (!escapes && c == '\\') {
        escapes = true;
      } else {
        text.append(
            !escapes
                ? c
                : switch (c) {
                  case 't' -> '\t';
                  case 'n' -> '\n';
                  case 'r' -> '\r';
                  default -> c;
                });
        escapes = false;
      }
    }
    return text.toString();
  }
}
