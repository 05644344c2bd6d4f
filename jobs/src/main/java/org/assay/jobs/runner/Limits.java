package org.assay.jobs.runner;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assay.config.Section;

/**
 * What a process of tests may take, and what it sees of the machine's environment.
 *
 * @param secondsPerTest after which a test is killed
 * @param secondsPerOrder after which an order is killed
 * @param isExclusive whether no other order may run on the machine meanwhile
 * @param isOffline whether it has no network but the loopback device
 * @param outputBytes of its output that are kept: the first half of them, and the last
 * @param pass names of variables that it gets from the executor's environment
 * @param set variables that it gets besides
 */
public record Limits(
    double secondsPerTest,
    double secondsPerOrder,
    boolean isExclusive,
    boolean isOffline,
    int outputBytes,
    List<String> pass,
    Map<String, String> set)
    implements Serializable {
  /** What every process gets from the executor's environment, where it is there. */
  private static final List<String> ALWAYS = List.of("PATH", "LANG", "LC_ALL", "JAVA_HOME", "TZ");

  /** Reads a subject's keys. */
  static Limits read(Section section) {
    Map<String, String> set = new TreeMap<>();
    section.sectionOrEmpty("environment").values().forEach((k, v) -> set.put(k, String.valueOf(v)));
    List<String> pass = new ArrayList<>(ALWAYS);
    pass.addAll(section.strings("pass"));
    return new Limits(
        section.number("seconds-per-test", 60, 0.1, 86_400),
        section.number("seconds-per-order", 1_800, 0.1, 604_800),
        section.flag("exclusive", false),
        !section.flag("network", true),
        (int) section.bytes("output-limit", 65_536, 0, 1 << 26),
        List.copyOf(pass),
        set);
  }

  /** The environment of a process. */
  Map<String, String> environment(Map<String, String> executor) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String name : pass) {
      if (executor.containsKey(name)) {
        environment.put(name, executor.get(name));
      }
    }
    environment.putAll(set);
    return environment;
  }
}
