package org.assay.jobs.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told apart from every other on any machine.
 *
 * @param host its machine's name
 * @param space the space its id is counted in, since containers on one machine may share the name;
 *     empty when the system has none
 * @param pid its id
 * @param started when it was started, so that a later process with the same id is another one
 */
record ProcessIdentity(String host, String space, long pid, Instant started) {
  /** Start times are counted from a boot time that a clock adjustment may move a little. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

  /** This process. */
  static ProcessIdentity current() {
    ProcessHandle self = ProcessHandle.current();
    return new ProcessIdentity(
        hostName(), pidSpace(), self.pid(), self.info().startInstant().orElse(Instant.EPOCH));
  }

  /**
   * Whether it has surely ended: it ran on the machine of {@code here}, and no process of its id
   * and start time lives there.
   */
  boolean hasEnded(ProcessIdentity here) {
    if (!host.equals(here.host) || !space.equals(here.space)) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      return true;
    }
    Optional<Instant> start = process.get().info().startInstant();
    return start.isPresent()
        && !started.equals(Instant.EPOCH)
        && Duration.between(started, start.get()).abs().compareTo(CLOCK_STEP) > 0;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown-" + ProcessHandle.current().pid();
    }
  }

  private static String pidSpace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return "";
    }
  }
}
