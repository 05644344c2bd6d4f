package org.assay.flaky;

import java.util.List;
import java.util.regex.Pattern;
import org.assay.random.Keyed;

/**
 * What two failures have in common when they fail for the same reason: the message without what
 * differs from run to run.
 *
 * <p>Taken away or replaced by a mark, in this order: colours of terminals; lines of stack traces
 * and blank space around lines; temporary paths; times of day, dates, identifiers (UUID); addresses
 * and hashes ({@code 0x7f..}, {@code @1b6d3586}, eight or more hexadecimal digits with a number
 * among them); numbers. Of the message the first {@value #MOST} characters count. Capital and small
 * letters differ.
 *
 * <p>Pure; takes time in proportion to the length. The same text has the same fingerprint for ever.
 */
public final class Fingerprint {
  static final int MOST = 4000;

  private record Rule(Pattern pattern, String mark) {
    Rule(String pattern, String mark) {
      this(Pattern.compile(pattern), mark);
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule("\u001B\\[[0-9;?]*[A-Za-z]", ""),
          new Rule(
              "(?m)^[ \\t]*(?:at [^\\s(]+\\([^)\\n]*\\)|\\.\\.\\. \\d+ (?:more|common frames omitted))[ \\t]*$",
              ""),
          new Rule("(?m)^E {2,}", ""),
          new Rule(
              "(?:/private)?(?:/var/folders/|/var/tmp/|/tmp/|/dev/shm/)[^\\s\"'<>:,;)\\]}]+",
              "<tmp>"),
          new Rule(
              "[A-Za-z]:\\\\[^\\s\"'<>:,;]*\\\\(?:Temp|TEMP|tmp)\\\\[^\\s\"'<>:,;)\\]}]+", "<tmp>"),
          new Rule(
              "\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?)?(?:Z|[+-]\\d{2}:?\\d{2})?",
              "<time>"),
          new Rule("(?<!\\d)\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d+)?", "<time>"),
          new Rule(
              "(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
              "<id>"),
          new Rule("0[xX][0-9A-Fa-f]+", "<hex>"),
          new Rule("@[0-9a-f]{4,16}(?![0-9A-Za-z])", "@<hex>"),
          new Rule(
              "(?<![0-9A-Za-z])(?=[0-9A-Fa-f]{0,63}[0-9])[0-9A-Fa-f]{8,64}(?![0-9A-Za-z])",
              "<hex>"),
          new Rule("\\d+(?:[.,]\\d+)*(?:[eE][+-]?\\d+)?", "<n>"),
          new Rule("(?<![\\w>])-(?=<n>)", ""),
          new Rule("[ \\t\\x0B\\f\\r]+", " "),
          new Rule("(?m)^ | $", ""),
          new Rule("\\n+", "\n"),
          new Rule("^\\n|\\n$", ""));

  private Fingerprint() {}

  /** The message without what differs from run to run. */
  public static String normalized(String message) {
    String text = message.length() > MOST ? message.substring(0, MOST) : message;
    for (Rule rule : RULES) {
      text = rule.pattern().matcher(text).replaceAll(rule.mark());
    }
    return text;
  }

  /** 16 hexadecimal digits; empty when nothing is left of the message. */
  public static String of(String message) {
    String text = normalized(message);
    if (text.isEmpty()) {
      return "";
    }
    String digits = Long.toHexString(Keyed.hash(text));
    return "0".repeat(16 - digits.length()) + digits;
  }
}
