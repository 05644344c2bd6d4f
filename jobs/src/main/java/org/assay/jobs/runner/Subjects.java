package org.assay.jobs.runner;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.config.Suggestion;

/** The subjects of a configuration, read by the runners of their kinds. */
public final class Subjects {
  private Subjects() {}

  /**
   * Reads a subject.
   *
   * @throws UserException if there is no such kind, or anything in its section is wrong
   */
  public static Subject read(RunConfig.SubjectConfig subject) {
    Map<String, TestRunner> runners = new TreeMap<>();
    ServiceLoader.load(TestRunner.class, Subjects.class.getClassLoader())
        .forEach(runner -> runners.put(runner.kind(), runner));
    TestRunner runner = runners.get(subject.kind());
    if (runner == null) {
      throw subject
          .section()
          .wrong(
              "kind",
              "no such kind of subject"
                  + Suggestion.of(subject.kind(), runners.keySet())
                  + "; known: "
                  + String.join(", ", runners.keySet()));
    }
    return runner.read(subject.name(), subject.section());
  }

  /**
   * Reads a subject that can be run.
   *
   * @throws UserException as {@link #read}, or if it cannot be run
   */
  public static Project project(RunConfig.SubjectConfig subject) {
    if (read(subject) instanceof Project project) {
      return project;
    }
    throw subject
        .section()
        .wrong(
            "kind",
            "tells of past builds alone, and nothing of it can be run; name another subject");
  }

  /**
   * The subject that a job names, or the only one there is.
   *
   * @throws UserException if there is none
   */
  public static RunConfig.SubjectConfig of(Section job, RunConfig config) {
    Map<String, RunConfig.SubjectConfig> all = config.subjects();
    if (!job.has("subject") && all.size() == 1) {
      return all.values().iterator().next();
    }
    String name = job.string("subject");
    RunConfig.SubjectConfig found = all.get(name);
    if (found == null) {
      throw job.wrong(
          "subject",
          "no such subject"
              + Suggestion.of(name, all.keySet())
              + "; known: "
              + (all.isEmpty() ? "none" : String.join(", ", all.keySet())));
    }
    return found;
  }
}
