package org.assay.jobs.store;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.assay.UserException;

/** A claim that this process holds; a daemon thread renews it until it is let go. Thread-safe. */
final class HeldClaim {
  private final Claims claims;
  private final FileTree files;
  private final Clock clock;
  private final String runId;
  private final int number;
  private final Instant since;
  private final ScheduledExecutorService heart;
  private final ScheduledFuture<?> beats;
  private boolean isHeld = true;

  HeldClaim(Claims claims, FileTree files, Clock clock, String runId, int number, Instant since) {
    this.claims = claims;
    this.files = files;
    this.clock = clock;
    this.runId = runId;
    this.number = number;
    this.since = since;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "assay-claim-" + runId);
              thread.setDaemon(true);
              return thread;
            });
    long seconds = Claims.BEAT.toSeconds();
    this.beats =
        heart.scheduleWithFixedDelay(this::beatQuietly, seconds, seconds, TimeUnit.SECONDS);
  }

  int number() {
    return number;
  }

  Instant since() {
    return since;
  }

  /** Gives a sign of life. */
  synchronized void beat() throws IOException {
    if (isHeld) {
      files.overwrite(claims.beatFile(runId, number), clock.instant() + "\n");
    }
  }

  /**
   * Gives a sign of life and makes sure that nobody has taken the run meanwhile.
   *
   * @throws UserException if somebody has: this process gave no sign for too long
   */
  void check() throws IOException {
    beat();
    Optional<Claims.Holder> last = claims.last(runId);
    if (last.isPresent() && last.get().number() != number) {
      throw UserException.output(
          "run "
              + runId
              + " was taken over by "
              + last.get().who()
              + " at "
              + last.get().since().truncatedTo(ChronoUnit.SECONDS)
              + ", because this process gave no sign of life for "
              + Claims.STALE.toSeconds()
              + " s. Nothing was written; let the other one finish",
          null);
    }
  }

  /** Lets go: another process may take the run at once. */
  synchronized void release() throws IOException {
    stop();
    files.overwrite(claims.beatFile(runId, number), clock.instant() + " released\n");
  }

  /** Ends the heartbeat and leaves the files as they are. */
  synchronized void stop() {
    isHeld = false;
    beats.cancel(false);
    heart.shutdown();
  }

  private void beatQuietly() {
    try {
      beat();
    } catch (IOException | RuntimeException e) {
      // A beat may be missed; after several the run is another's, and check() says so before
      // anything becomes visible.
    }
  }
}
