package org.assay.launcher;

import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/**
 * The file that says what happens as it happens: a line per event, written through at once, so that
 * it holds all that happened before the process died.
 *
 * <p>Lines are fields between tabs: {@code S unit} for a start, {@code F unit outcome nanoseconds
 * message} for an end (a later one of the same unit counts), {@code X text} for a test that nobody
 * asked for, {@code E} at the end. Units are numbered from 0 in the order asked for.
 */
final class Events implements Closeable {
  private static final int LONGEST_MESSAGE = 8_000;

  private final OutputStream out;

  Events(File file) throws IOException {
    this.out = new FileOutputStream(file, true);
  }

  void started(int unit) {
    write("S\t" + unit);
  }

  void finished(int unit, String outcome, long nanos, String message) {
    write("F\t" + unit + "\t" + outcome + "\t" + nanos + "\t" + escaped(bounded(message)));
  }

  void unasked(String what) {
    write("X\t" + escaped(bounded(what)));
  }

  void ended() {
    write("E");
  }

  private synchronized void write(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("the file of events cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** The kind of failure: of an assertion, or anything else. */
  static String outcome(Throwable failure) {
    return failure instanceof AssertionError ? "FAIL" : "ERROR";
  }

  /** A stack trace; of an exception that cannot even be printed, its class. */
  static String text(Throwable failure) {
    if (failure == null) {
      return "";
    }
    try {
      StringWriter text = new StringWriter();
      failure.printStackTrace(new PrintWriter(text, true));
      return text.toString();
    } catch (RuntimeException | Error e) {
      return failure.getClass().getName();
    }
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "...";
  }

  /** A text without line ends and tabs. */
  static String escaped(String text) {
    StringBuilder line = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\':
          line.append("\\\\");
          break;
        case '\t':
          line.append("\\t");
          break;
        case '\n':
          line.append("\\n");
          break;
        case '\r':
          line.append("\\r");
          break;
        default:
          line.append(c);
      }
    }
    return line.toString();
  }

  /** The text of {@link #escaped}. */
  static String plain(String line) {
    StringBuilder text = new StringBuilder(line.length());
    boolean escapes = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (!escapes && c == '\\') {
        escapes = true;
      } else {
        text.append(!escapes ? c : c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
        escapes = false;
      }
    }
    return text.toString();
  }
}
