package org.assay.jobs;

import java.io.PrintStream;
import java.util.Locale;

/**
 * How far a run is: a bar on a terminal, plain lines elsewhere (one per tenth of the work at most).
 * Thread-safe.
 */
public final class Progress {
  private static final int WIDTH = 30;

  private final PrintStream out;
  private final boolean terminal;
  private String what = "";
  private long total;
  private long done;
  private long shown;
  private long since;

  private Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** To standard error, as a bar when that is a terminal. */
  public static Progress toStandardError() {
    String term = System.getenv("TERM");
    return new Progress(
        System.err, System.console() != null && term != null && !term.equals("dumb"));
  }

  /** Nowhere. */
  public static Progress silent() {
    return new Progress(null, false);
  }

  /** Begins a piece of work of {@code total} steps. */
  public synchronized void start(String what, long total) {
    this.what = what;
    this.total = total;
    this.done = 0;
    this.shown = 0;
    this.since = System.nanoTime();
    show();
  }

  /** One step is done. */
  public synchronized void step() {
    done++;
    show();
  }

  /** The piece of work is over. */
  public synchronized void end() {
    if (terminal && total > 0) {
      out.print("\r\u001b[K");
      out.flush();
    }
    total = 0;
  }

  /** A line of its own. */
  public synchronized void say(String line) {
    if (out != null) {
      out.println((terminal ? "\r\u001b[K" : "") + line);
      if (terminal && total > 0) {
        show();
      }
    }
  }

  private void show() {
    if (out == null || total <= 0) {
      return;
    }
    if (terminal) {
      int filled = (int) (WIDTH * done / total);
      out.print(
          "\r\u001b[K"
              + what
              + " ["
              + "#".repeat(filled)
              + ".".repeat(WIDTH - filled)
              + "] "
              + done
              + "/"
              + total
              + remaining());
      out.flush();
    } else if (done == total || done * 10 / total > shown) {
      shown = done * 10 / total;
      out.println(what + " " + done + "/" + total);
    }
  }

  private String remaining() {
    if (done < 2 || done == total) {
      return "";
    }
    double seconds = (System.nanoTime() - since) / 1e9 / done * (total - done);
    return seconds >= 90
        ? String.format(Locale.ROOT, ", %.0f min left", seconds / 60)
        : String.format(Locale.ROOT, ", %.0f s left", seconds);
  }
}
