package org.assay.jobs.runner;

/**
 * Texts as words of a POSIX shell's command line, for people to paste; nothing of ours runs one.
 */
public final class Shell {
  private Shell() {}

  /** A text as one word: as it is when it holds nothing that a shell would take for more. */
  public static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
