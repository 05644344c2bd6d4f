package org.assay.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Java process on the tests' own class path and options, watched line by line; killed when
 * closed.
 */
final class Child implements AutoCloseable {
  /** How long anything is waited for; reached only when something hangs. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final List<CompletableFuture<Void>> readers;
  private int reading = 2;

  private Child(Process process) {
    this.process = process;
    this.readers = List.of(read(process.getInputStream()), read(process.getErrorStream()));
  }

  /**
   * Starts a class's {@code main}.
   *
   * @param folder where it works, and where the folder stands that Spark takes for its home
   * @param properties system properties, Spark's settings among them
   */
  static Child start(Class<?> main, Path folder, Map<String, String> properties, String... args) {
    return start("1g", main, folder, properties, args);
  }

  /** The same in a heap of this size, such as {@code 512m}. */
  static Child start(
      String heap, Class<?> main, Path folder, Map<String, String> properties, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Duser.language=tr", "-Duser.country=TR"));
    command.addAll(
        List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions().split(" ")));
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-Dspark.ui.enabled=false");
    command.add("-Dspark.driver.host=127.0.0.1");
    command.add("-Dspark.driver.bindAddress=127.0.0.1");
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    try {
      // What spark.master = local-cluster needs of an installation.
      Path home = Files.createDirectories(folder.resolve("spark-home"));
      Files.createDirectories(home.resolve("jars"));
      builder.environment().put("SPARK_HOME", home.toString());
      builder.environment().put("SPARK_SCALA_VERSION", "2.13");
      builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
      return new Child(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tests' class path. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  private CompletableFuture<Void> read(InputStream stream) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                  synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                  }
                }
              } catch (IOException e) {
                // the process was killed while it wrote
              } finally {
                synchronized (lines) {
                  reading--;
                  lines.notifyAll();
                }
                done.complete(null);
              }
            },
            "child-output");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /** Waits until the process has said such a line. */
  void awaitLine(Predicate<String> wanted) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    synchronized (lines) {
      while (lines.stream().noneMatch(wanted)) {
        long left = end - System.nanoTime();
        if (reading == 0 || left <= 0) {
          throw new AssertionError(
              (reading == 0 ? "the process ended" : "the deadline passed")
                  + " without the line; it said\n"
                  + text());
        }
        TimeUnit.NANOSECONDS.timedWait(lines, left);
      }
    }
  }

  /** Waits until the process has ended, and gives its exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the process did not end; it said\n" + text());
    }
    readers.forEach(reader -> reader.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join());
    return process.exitValue();
  }

  /** Whichever of some processes ends first. */
  static Child firstToEnd(Child... children) {
    CompletableFuture<?>[] ends = new CompletableFuture<?>[children.length];
    for (int i = 0; i < children.length; i++) {
      Child child = children[i];
      ends[i] = child.process.onExit().thenApply(ended -> child);
    }
    return (Child)
        CompletableFuture.anyOf(ends).orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Closes its standard input. */
  void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  long pid() {
    return process.pid();
  }

  /** All that it said so far, both streams. */
  String text() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** Kills it as the system's out-of-memory killer would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
