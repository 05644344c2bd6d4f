package org.assay;

/**
 * A failure that the user can mend: its message names the thing, the value, the rule and the way
 * out, and is all that is printed. Every other exception is a bug of ours and is printed with its
 * stack trace.
 */
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What broke a rule, and so which exit code the process ends with. */
  public enum Kind {
    /**
     * The place for the report failed while the run was under way, such as a full disk: exit code
     * 1.
     */
    OUTPUT(1),
    /** Command line or configuration: exit code 2. */
    USAGE(2),
    /** The input breaks its contract: exit code 3. */
    INPUT(3);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The process's exit code, 1 to 3. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  private UserException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** A wrong command line or configuration. */
  public static UserException usage(String message) {
    return new UserException(Kind.USAGE, message, null);
  }

  /** Input that breaks its contract. */
  public static UserException input(String message) {
    return new UserException(Kind.INPUT, message, null);
  }

  /**
   * Input that breaks its contract, as another library noticed it; {@code cause} goes to the log
   * only.
   */
  public static UserException input(String message, Throwable cause) {
    return new UserException(Kind.INPUT, message, cause);
  }

  /**
   * A place for the report that failed while the run was under way; {@code cause} goes to the log
   * only.
   */
  public static UserException output(String message, Throwable cause) {
    return new UserException(Kind.OUTPUT, message, cause);
  }

  /** The same failure, with its place in the configuration before its message. */
  public UserException at(String place) {
    return new UserException(kind, place + ": " + getMessage(), this);
  }

  /** Which of the kinds. */
  public Kind kind() {
    return kind;
  }
}
