package org.assay.jobs.runner;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Under which conditions the process of an order runs, made of the levels of factors: a variable of
 * its environment each, but for these names.
 *
 * <pre>
 *   cpu-load    threads that keep processors busy, in the session of the process
 *   processors  how many it may use; all
 *   memory      how much it may use, such as 512MiB; all. Of its address space, of a JVM the heap
 *   network     on; off: a network of its own in which there is only the loopback device
 *   clock       0; by how much its clock is wrong, such as +2d, by libfaketime
 * </pre>
 *
 * <p>Works with programs of Linux: sh, taskset, prlimit, unshare, ip. {@link #probe} says whether
 * they do their work on a machine.
 *
 * @param variables of the environment
 */
record Conditions(
    int load,
    int processors,
    long memory,
    boolean isOffline,
    String clock,
    SortedMap<String, String> variables) {
  static final String LOAD = "cpu-load";
  private static final String PROCESSORS = "processors";
  private static final String MEMORY = "memory";
  private static final String NETWORK = "network";
  private static final String CLOCK = "clock";

  /**
   * Loops as long as the process that it was started for, which takes the shell's place, and its
   * parent.
   */
  private static final String BUSY =
      "n=$1; shift; while [ $n -gt 0 ]; do n=$((n - 1));"
          + " ( (while kill -0 $$ $PPID; do :; done) </dev/null >/dev/null 2>&1 & ); done; exec \"$@\"";

  private static final String LOOPBACK =
      "ip link set lo up || ifconfig lo up || exit 125; exec \"$@\"";

  private static final Map<Character, Long> UNITS =
      Map.of('s', 1L, 'm', 60L, 'h', 3600L, 'd', 86_400L, 'y', 31_536_000L);

  /** What the levels of a factor must be; empty when these are. */
  static Optional<String> wrong(String name, List<String> levels) {
    String rule =
        switch (name) {
          case LOAD -> "[0-9]{1,3}=must be a list of numbers of threads, 0 to 999";
          case PROCESSORS -> "all|[1-9][0-9]{0,3}=must be a list of numbers of processors, or all";
          case MEMORY ->
              "all|[1-9][0-9]{0,8}[KMG]iB=must be a list of sizes such as 512MiB, or all";
          case NETWORK -> "on|off=must be [on, off]";
          case CLOCK ->
              "0|[+-][1-9][0-9]{0,5}[smhdy]=must be a list of times such as +2d or -30m, or 0";
          default -> ".*=";
        };
    int split = rule.lastIndexOf('=');
    String pattern = rule.substring(0, split);
    return levels.stream().allMatch(level -> level.matches(pattern))
        ? Optional.empty()
        : Optional.of(rule.substring(split + 1));
  }

  /** The conditions of a process within limits, under levels of factors. */
  static Conditions of(Limits limits, Map<String, String> levels) {
    SortedMap<String, String> variables = new TreeMap<>(levels);
    String load = variables.remove(LOAD);
    String processors = variables.remove(PROCESSORS);
    String memory = variables.remove(MEMORY);
    String network = variables.remove(NETWORK);
    String clock = variables.remove(CLOCK);
    return new Conditions(
        load == null ? 0 : Integer.parseInt(load),
        processors == null || processors.equals("all") ? 0 : Integer.parseInt(processors),
        memory == null || memory.equals("all") ? 0 : bytes(memory),
        network == null ? limits.isOffline() : network.equals("off"),
        clock == null || clock.equals("0") ? "" : clock,
        variables);
  }

  private static long bytes(String size) {
    int shift = 10 * (1 + "KMG".indexOf(size.charAt(size.length() - 3)));
    return Long.parseLong(size.substring(0, size.length() - 3)) << shift;
  }

  /** The argument vector that runs an order's under these conditions. */
  List<String> command(List<String> plain, Harness harness) throws IOException {
    List<String> command = new ArrayList<>();
    if (load > 0) {
      command.addAll(List.of("sh", "-c", BUSY, "sh", String.valueOf(load)));
    }
    if (isOffline) {
      command.addAll(List.of("unshare", "-r", "-n", "--", "sh", "-c", LOOPBACK, "sh"));
      int user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      int group = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
      if (user != 0) {
        command.addAll(
            List.of("unshare", "-U", "--map-user=" + user, "--map-group=" + group, "--"));
      }
    }
    if (processors > 0) {
      command.addAll(List.of("taskset", "-c", usable(processors)));
    }
    command.addAll(memory > 0 ? harness.limited(plain, memory) : plain);
    return command;
  }

  /** What these conditions set in the environment. */
  Map<String, String> environment() throws IOException {
    Map<String, String> environment = new TreeMap<>(variables);
    if (!clock.isEmpty()) {
      environment.put("LD_PRELOAD", faketime());
      environment.put("FAKETIME", clock);
      environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    return environment;
  }

  /** Why processes cannot be run under these conditions here, load apart; empty when they can. */
  String probe(Harness harness, Limits limits) throws IOException {
    Map<String, String> all = new TreeMap<>(limits.environment(System.getenv()));
    try {
      all.putAll(environment());
    } catch (IOException e) {
      return e.getMessage();
    }
    Conditions unloaded =
        new Conditions(0, processors, memory, isOffline, clock, variables); // load only takes time
    List<String> command = unloaded.command(harness.probe(), harness);
    Subprocess.Ended ended = ended(command, all);
    if (ended.exitCode() != 0) {
      return "the command "
          + String.join(" ", command)
          + " ended with exit code "
          + ended.exitCode()
          + ", and wrote: "
          + Listing.lastLines(ended.output());
    }
    if (!clock.isEmpty()) {
      long seconds =
          Long.parseLong(clock.substring(1, clock.length() - 1))
              * UNITS.get(clock.charAt(clock.length() - 1))
              * (clock.charAt(0) == '-' ? -1 : 1);
      String date = ended(List.of("date", "+%s"), all).output().strip();
      long now = System.currentTimeMillis() / 1000;
      if (!date.matches("[0-9]+")
          || Math.abs(Long.parseLong(date) - now - seconds) > Math.abs(seconds) / 2) {
        return "with " + faketime() + " the clock of a process is not changed by " + clock;
      }
    }
    return "";
  }

  private static Subprocess.Ended ended(List<String> command, Map<String, String> environment)
      throws IOException {
    return Subprocess.run(
        command,
        Path.of(System.getProperty("java.io.tmpdir")),
        environment,
        60,
        4_096,
        () -> Subprocess.Killed.NO);
  }

  /** Some of the processors that this process may use, as taskset takes them. */
  private static String usable(int count) throws IOException {
    List<String> usable = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("Cpus_allowed_list:")) {
        for (String range : line.substring(line.indexOf(':') + 1).strip().split(",", -1)) {
          String[] ends = range.split("-", -1);
          int last = Integer.parseInt(ends[ends.length - 1]);
          for (int p = Integer.parseInt(ends[0]); p <= last && usable.size() < count; p++) {
            usable.add(String.valueOf(p));
          }
        }
      }
    }
    return String.join(",", usable);
  }

  /** Where libfaketime is. */
  private static String faketime() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (String folder : List.of("/usr/lib", "/usr/lib64", "/usr/local/lib")) {
      folders.add(Path.of(folder));
      if (Files.isDirectory(Path.of(folder))) {
        try (DirectoryStream<Path> inside =
            Files.newDirectoryStream(Path.of(folder), "*-linux-*")) {
          inside.forEach(folders::add);
        }
      }
    }
    for (Path folder : folders) {
      Path library = folder.resolve("faketime/libfaketime.so.1");
      if (Files.exists(library)) {
        return library.toString();
      }
    }
    throw new IOException("the factor clock needs libfaketime, and there is none; install it");
  }
}
