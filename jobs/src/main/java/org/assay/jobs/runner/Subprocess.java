package org.assay.jobs.runner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A process with a time limit, whose children die with it.
 *
 * <p>It runs in a session of its own where {@code setsid} is there. At its end, whichever way, all
 * of its descendants, all processes of its session and all that carry its mark in their environment
 * are killed; the latter two where the system has {@code /proc}.
 */
final class Subprocess {
  /** A variable of the environment that tells a process's descendants from all others. */
  static final String MARK = "ASSAY_ORDER";

  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

  private Subprocess() {}

  /** Why a process was killed. */
  enum Killed {
    /** It was not. */
    NO,
    /** It ran longer than all of it may. */
    LIMIT,
    /** What {@link Watch} watches took longer than it may. */
    WATCH,
    /** It had said that it was done, and stayed. */
    LINGERED
  }

  /**
   * How a process ended.
   *
   * @param exitCode of the process; that of a signal when it was killed
   * @param killed by us, and why
   * @param output what it wrote, standard output and error together, cut to a bound in the middle
   */
  record Ended(int exitCode, Killed killed, String output) {}

  /** Looks at a running process, some 40 times a second. */
  interface Watch {
    /** Whether it has to be killed. */
    Killed look() throws IOException;
  }

  /** Runs a command to its end. */
  static Ended run(
      List<String> command,
      Path directory,
      Map<String, String> environment,
      double seconds,
      int outputBytes,
      Watch watch)
      throws IOException {
    List<String> all = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      all.add(SETSID.toString());
    }
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    String mark = UUID.randomUUID().toString();
    builder.environment().put(MARK, mark);
    long start = System.nanoTime();
    LongSupplier age = () -> System.nanoTime() - start;
    Process process = builder.start();
    Output output = new Output(process.getInputStream(), outputBytes);
    Killed killed = Killed.NO;
    try {
      output.start();
      long lingering = -1;
      while (!process.waitFor(25, TimeUnit.MILLISECONDS)) {
        killed = age.getAsLong() > seconds * 1e9 ? Killed.LIMIT : watch.look();
        if (killed == Killed.LINGERED) {
          lingering = lingering < 0 ? age.getAsLong() : lingering;
          killed = age.getAsLong() - lingering > GRACE ? Killed.LINGERED : Killed.NO;
        }
        if (killed != Killed.NO) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the task was ended", e);
    } finally {
      kill(process, mark);
    }
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      output.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the task was ended", e);
    }
    return new Ended(process.isAlive() ? -1 : process.exitValue(), killed, output.text());
  }

  /** Kills a process and all that came of it. */
  private static void kill(Process process, String mark) {
    long own = ProcessHandle.current().pid();
    List<ProcessHandle> doomed = new ArrayList<>(process.descendants().toList());
    process.toHandle().destroyForcibly(); // Process's own would close its output before it is read
    doomed.forEach(ProcessHandle::destroyForcibly);
    for (int round = 0; round < 3; round++) { // one that was forking meanwhile
      List<ProcessHandle> found = related(process.pid(), mark);
      found.removeIf(p -> p.pid() == own || p.pid() == process.pid());
      if (found.isEmpty()) {
        return;
      }
      found.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static List<ProcessHandle> related(long session, String mark) {
    List<ProcessHandle> found = new ArrayList<>();
    Path proc = Path.of("/proc");
    if (!Files.isDirectory(proc)) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path each : processes) {
        if (isRelated(each, session, mark)) {
          ProcessHandle.of(Long.parseLong(each.getFileName().toString())).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      // what cannot be listed cannot be killed
    }
    return found;
  }

  private static boolean isRelated(Path process, long session, String mark) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (fields[0].equals("Z")) {
        return false;
      }
      if (Long.parseLong(fields[3]) == session) {
        return true;
      }
      return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
          .contains(MARK + "=" + mark);
    } catch (IOException | RuntimeException e) {
      return false; // gone, or of another user
    }
  }

  /** Keeps the first and the last part of what a process writes. */
  private static final class Output extends Thread {
    private final InputStream in;
    private final int half;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final byte[] tail;
    private long rest;

    Output(InputStream in, int bytes) {
      super("assay-output");
      setDaemon(true);
      this.in = in;
      this.half = bytes / 2;
      this.tail = new byte[Math.max(1, half)];
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      try (in) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          add(buffer, count);
        }
      } catch (IOException e) {
        // the process was killed while it wrote
      }
    }

    private synchronized void add(byte[] bytes, int count) {
      int first = Math.min(count, half - head.size());
      head.write(bytes, 0, first);
      for (int i = first; i < count; i++) {
        tail[(int) (rest++ % tail.length)] = bytes[i];
      }
    }

    synchronized String text() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.toByteArray());
      if (rest > tail.length) {
        all.writeBytes(
            ("\n... " + (rest - tail.length) + " bytes ...\n").getBytes(StandardCharsets.UTF_8));
        int from = (int) (rest % tail.length);
        all.write(tail, from, tail.length - from);
        all.write(tail, 0, from);
      } else {
        all.write(tail, 0, (int) rest);
      }
      return half == 0 ? "" : all.toString(StandardCharsets.UTF_8);
    }
  }
}
