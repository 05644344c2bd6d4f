package org.assay.jobs.engine;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a fit failed, as a sentence that says what to do about it: the words of the failure's root,
 * without the class names that Spark puts before them. The log has the stack trace.
 */
final class FailedFit {
  /** How Spark tells what a task of another process threw: "... (host executor 1): CLASS: TEXT". */
  private static final Pattern OF_TASK =
      Pattern.compile("most recent failure: .*?\\): ((?:[\\w$]+\\.)+[\\w$]+)(?:: (.*))?$");

  private static final Pattern REQUIREMENT = Pattern.compile("^requirement failed(: |$)");

  /** Spark's own frame around a sentence: "[ERROR_CLASS] TEXT SQLSTATE: CODE". */
  private static final Pattern FRAME =
      Pattern.compile("^\\[([A-Z_.]+)\\] (.*?)(?: SQLSTATE: \\w+)?$");

  private static final Pattern CLASS = Pattern.compile("^(?:[a-z]\\w*\\.)+[A-Z]\\w*: ");

  private FailedFit() {}

  static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String type = root.getClass().getName();
    String text = firstLine(root.getMessage());
    Matcher task = OF_TASK.matcher(text);
    if (task.find()) {
      type = task.group(1);
      text = task.group(2) == null ? "" : task.group(2);
    }
    text = REQUIREMENT.matcher(CLASS.matcher(text).replaceFirst("")).replaceFirst("");
    boolean isRefusal = type.equals(IllegalArgumentException.class.getName());
    Matcher frame = FRAME.matcher(text);
    if (frame.find()) {
      isRefusal |= frame.group(1).equals("USER_RAISED_EXCEPTION");
      text = frame.group(2);
    }
    text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    text = text.isEmpty() ? "" : ": " + text;
    if (type.endsWith("OutOfMemoryError")) {
      return "memory was not enough"
          + text
          + "; give driver and executors more, or set fits-at-once lower";
    }
    if (isRefusal) {
      return "the estimator refuses these rows or its parameters"
          + text
          + "; mend the model's params, its scale or encode, or the data";
    }
    if (root instanceof IOException || type.endsWith("IOException")) {
      return "a file or connection failed" + text + "; when the cause is mended, run again";
    }
    return "the fit broke off" + text + "; the log of this run says where";
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("").strip();
  }
}
