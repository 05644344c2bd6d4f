package org.assay.jobs.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;

/**
 * Who may work on a run: at most one process at a time.
 *
 * <p>A claim is a file {@code claim-N.json} that one process has created exclusively; the claim
 * with the largest N counts. While it works, the process renews {@code claim-N.beat}. Another
 * process may create claim N + 1 once claim N is free: released, or without a beat for {@link
 * #STALE}, or of a process that has ended on this machine. Claim files are not deleted while the
 * run is not sealed, so numbers only grow and a slow contender never wins with an old one.
 *
 * <p>Limits: clocks of different machines must agree to well below {@link #STALE}. On object stores
 * whose creation is not exclusive the claim is read back, which leaves a gap of one round trip.
 */
final class Claims {
  /** How often a claim is renewed. */
  static final Duration BEAT = Duration.ofSeconds(10);

  /** After how long without a beat a claim is free. */
  static final Duration STALE = Duration.ofSeconds(60);

  private static final Pattern FILE = Pattern.compile("claim-([0-9]{1,9})\\.json");

  private final FileTree files;
  private final Clock clock;
  private final ProcessIdentity self;

  Claims(FileTree files, Clock clock, ProcessIdentity self) {
    this.files = files;
    this.clock = clock;
    this.self = self;
  }

  /** The claim on a run that counts, if there ever was one. */
  Optional<Holder> last(String runId) throws IOException {
    int number = 0;
    FileStatus file = null;
    for (FileStatus candidate : files.list(folder(runId))) {
      Matcher name = FILE.matcher(candidate.getPath().getName());
      if (name.matches() && Integer.parseInt(name.group(1)) > number) {
        number = Integer.parseInt(name.group(1));
        file = candidate;
      }
    }
    return file == null ? Optional.empty() : Optional.of(holder(runId, number, file));
  }

  /**
   * Takes a claim.
   *
   * @param number one more than that of the claim that counts, or 1
   * @return nothing if another process was faster
   */
  Optional<HeldClaim> take(RunKey key, int number) throws IOException {
    String token = UUID.randomUUID().toString();
    Instant now = clock.instant();
    Path file = new Path(folder(key.runId()), "claim-" + number + ".json");
    ObjectNode json =
        Json.MAPPER
            .createObjectNode()
            .put("token", token)
            .put("host", self.host())
            .put("space", self.space())
            .put("pid", self.pid())
            .put("started_at", self.started().toString())
            .put("since", now.toString())
            .put("suite", key.suite())
            .put("config_hash", key.configHash());
    if (!files.createNew(file, Json.text(json) + "\n")) {
      return Optional.empty();
    }
    Optional<Holder> last = last(key.runId());
    if (last.isEmpty() || last.get().number() != number || !last.get().token().equals(token)) {
      return Optional.empty();
    }
    return Optional.of(new HeldClaim(this, files, clock, key.runId(), number, now));
  }

  Path folder(String runId) {
    return files.path("_runs", runId);
  }

  Path beatFile(String runId, int number) {
    return new Path(folder(runId), "claim-" + number + ".beat");
  }

  private Holder holder(String runId, int number, FileStatus file) throws IOException {
    Beat beat = beat(beatFile(runId, number));
    Instant written = Instant.ofEpochMilli(file.getModificationTime());
    String text = files.text(file.getPath()).orElse("");
    ProcessIdentity process;
    String token;
    String configHash;
    Instant since;
    try {
      var json = Json.read(text, file.getPath());
      process =
          new ProcessIdentity(
              Json.string(json, "host", file.getPath()),
              Json.string(json, "space", file.getPath()),
              Json.number(json, "pid", file.getPath()),
              Json.instant(json, "started_at", file.getPath()));
      token = Json.string(json, "token", file.getPath());
      configHash = Json.string(json, "config_hash", file.getPath());
      since = Json.instant(json, "since", file.getPath());
    } catch (UserException e) {
      // Created but not yet written, or its writer was killed in between: it holds nothing, and
      // counts from its creation.
      process = null;
      token = "";
      configHash = "";
      since = written;
    }
    boolean isFree = beat.isReleased() || (process != null && process.hasEnded(self));
    Instant sign = beat.at() != null && beat.at().isAfter(since) ? beat.at() : since;
    if (Duration.between(sign, clock.instant()).compareTo(STALE) >= 0) {
      isFree = true;
    }
    return new Holder(number, token, configHash, process, since, sign, isFree);
  }

  private Beat beat(Path file) throws IOException {
    Optional<FileStatus> status = files.status(file);
    if (status.isEmpty()) {
      return new Beat(null, false);
    }
    String[] words = files.text(file).orElse("").strip().split(" ", 2);
    try {
      return new Beat(Instant.parse(words[0]), words.length == 2 && words[1].equals("released"));
    } catch (java.time.format.DateTimeParseException e) {
      // Caught while it is rewritten.
      return new Beat(Instant.ofEpochMilli(status.get().getModificationTime()), false);
    }
  }

  private record Beat(Instant at, boolean isReleased) {}

  /**
   * A claim as others see it.
   *
   * @param number its number
   * @param token tells it apart from a claim of the same number by somebody else
   * @param configHash the settings of the run; empty when the claim was never written
   * @param process who; null when the claim was never written
   * @param since when it was taken
   * @param sign the last sign of life
   * @param isFree whether another may take the run
   */
  record Holder(
      int number,
      String token,
      String configHash,
      ProcessIdentity process,
      Instant since,
      Instant sign,
      boolean isFree) {

    String who() {
      return process == null
          ? "a process that is just starting"
          : "process " + process.pid() + " on " + process.host();
    }
  }
}
