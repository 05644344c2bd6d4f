package org.assay.jobs.runner;

import com.google.auto.service.AutoService;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.assay.config.Section;

/** {@code kind = history}: runs nothing, and reads what past builds reported. */
@AutoService(TestRunner.class)
public final class HistoryRunner implements TestRunner {
  private static final TreeSet<String> GROUPS =
      new TreeSet<>(java.util.List.of("build", "commit", "host"));

  @Override
  public String kind() {
    return "history";
  }

  @Override
  public Subject read(String name, Section section) {
    String text = section.string("pattern", ".*");
    Pattern pattern;
    try {
      pattern = Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw section.wrong("pattern", "is no regular expression: " + e.getDescription());
    }
    for (String group : PastBuilds.groups(pattern).keySet()) {
      if (!GROUPS.contains(group)) {
        throw section.wrong(
            "pattern", "has a group named " + group + "; known: " + String.join(", ", GROUPS));
      }
    }
    PastBuilds builds = new PastBuilds(name, section, section.string("reports"), pattern);
    section.done();
    return builds;
  }
}
