package org.assay.jobs.runner;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How one order is run: the process, and what it leaves behind. */
public interface Harness extends Serializable {

  /**
   * Writes what the process is told, and gives its argument vector.
   *
   * @param tests numbers of the tests, first to last
   */
  List<String> command(Places places, int[] tests) throws IOException;

  /**
   * A command that ends with exit code 0 where orders can be run, such as one that asks a version.
   */
  List<String> probe();

  /**
   * A command line of the suite's own tool that runs these tests in this order, where it can say
   * that; empty where it cannot.
   *
   * @param project the folder of the project
   */
  default String ownCommand(Path project, int[] tests) {
    return "";
  }

  /**
   * An argument vector that does the same with less memory.
   *
   * @param command of an order, or the {@link #probe}
   */
  default List<String> limited(List<String> command, long bytes) {
    return Stream.concat(Stream.of("prlimit", "--as=" + bytes, "--"), command.stream()).toList();
  }

  /** Variables of its environment besides those that every process gets. */
  default Map<String, String> environment(Places places) {
    return Map.of();
  }

  /** Where it works. */
  default Path directory(Places places) {
    return places.tree();
  }

  /**
   * What it did, read after its end, however it ended.
   *
   * @param tests as in {@link #command}
   */
  default Transcript read(Places places, int[] tests) throws IOException {
    return Transcript.ofEvents(places.events(), tests.length);
  }
}
