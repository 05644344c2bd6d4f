package org.assay.jobs.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.assay.UserException;

/**
 * Which run: two starts with equal keys are the same run.
 *
 * @param suite the configuration's name, a folder of every table
 * @param runId the run's id, a folder of every table
 * @param configHash hash of all settings that the results depend on; a run of the same id with
 *     another hash is refused
 */
public record RunKey(String suite, String runId, String configHash) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Checks that suite and id can be folders.
   *
   * @throws UserException if one of them cannot
   */
  public RunKey {
    check("name", suite);
    check("run id", runId);
    Objects.requireNonNull(configHash);
  }

  /**
   * An id for a run that starts now, such as {@code 20261124T001359Z-3fa9}: ids sort by time, up to
   * the second.
   */
  public static String freshId(Instant now) {
    byte[] bytes = new byte[2];
    RANDOM.nextBytes(bytes);
    return TIME.format(now) + "-" + HexFormat.of().formatHex(bytes);
  }

  static void check(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw UserException.usage(
          what
              + " '"
              + name
              + "': must be 1 to 100 of the characters A-Z a-z 0-9 . _ - and start with none of . _, since it names folders");
    }
  }
}
