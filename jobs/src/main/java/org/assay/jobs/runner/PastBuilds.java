package org.assay.jobs.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.assay.UserException;
import org.assay.flaky.History;
import org.assay.flaky.JUnitXml;
import org.assay.jobs.Progress;
import org.assay.jobs.engine.Tasks;

/**
 * JUnit XML reports of past builds on any Hadoop file system. What a file's path says of its build
 * is taken out of it by a regular expression with groups named {@code build}, {@code commit} and
 * {@code host}; files of one build are one build, whatever their number.
 *
 * @param name its name in the configuration
 * @param section where that stands, for messages
 * @param reports a file, a folder, which is read with all folders in it, or a glob of either
 * @param pattern of a whole path; files that do not match are left out, and counted
 */
public record PastBuilds(
    String name, org.assay.config.Section section, String reports, Pattern pattern)
    implements Subject {
  /** Files that one task reads, about. */
  private static final int FILES_PER_TASK = 500;

  /** One report. */
  private record Report(String path, long bytes) implements Serializable {}

  /** The reports of one build. */
  private record Build(String name, String commit, String host, List<Report> reports)
      implements Serializable {}

  /** What a task read. */
  private record Part(History history, List<String> unreadable) implements Serializable {}

  /**
   * What was read.
   *
   * @param history all builds
   * @param files how many files were read
   * @param bytes their size together
   * @param left files that are no XML or whose path does not match the pattern
   * @param unreadable reports that were refused, each with the reason
   */
  public record Read(History history, long files, long bytes, long left, List<String> unreadable) {}

  /**
   * Reads all of them, a few builds in each task.
   *
   * @param massShare share of failing tests above which a build is a mass failure
   * @throws UserException if there are none
   */
  public Read read(JavaSparkContext context, double massShare, Progress progress) {
    Configuration hadoop = context.hadoopConfiguration();
    TreeMap<String, Build> builds = new TreeMap<>();
    long files = 0;
    long bytes = 0;
    long left = 0;
    try {
      for (FileStatus file : files(hadoop)) {
        String path = file.getPath().toString();
        Matcher matcher = pattern.matcher(path);
        if (!path.endsWith(".xml") || !matcher.matches()) {
          left++;
          continue;
        }
        String commit = group(matcher, "commit");
        String host = group(matcher, "host");
        String build = group(matcher, "build");
        String key = build.isEmpty() ? file.getPath().getParent().toString() : build;
        builds
            .computeIfAbsent(key, k -> new Build(k, commit, host, new ArrayList<>()))
            .reports()
            .add(new Report(path, file.getLen()));
        files++;
        bytes += file.getLen();
      }
    } catch (IOException e) {
      throw UserException.input(
          section.path("reports") + ": " + reports + " cannot be read: " + e.getMessage(), e);
    }
    if (builds.isEmpty()) {
      throw UserException.input(
          section.path("reports")
              + ": no reports: of "
              + left
              + " files below "
              + reports
              + " none is an .xml whose path matches "
              + pattern.pattern()
              + "; mend the path, or the pattern");
    }
    List<List<Build>> parts = parts(builds.values());
    History history = new History(massShare);
    List<String> unreadable = new ArrayList<>();
    SerializableConfiguration configuration = new SerializableConfiguration(hadoop);
    Tasks.over(
        context,
        "reading " + files + " reports of " + builds.size() + " builds",
        context.parallelize(parts, parts.size()),
        parts.size(),
        part -> part(part.next(), configuration, massShare),
        (number, part) -> {
          history.merge(part.history());
          unreadable.addAll(part.unreadable());
        },
        progress);
    unreadable.sort(null);
    return new Read(history, files, bytes, left, unreadable);
  }

  private List<FileStatus> files(Configuration hadoop) throws IOException {
    Path path = new Path(reports);
    FileSystem system = path.getFileSystem(hadoop);
    FileStatus[] found = system.globStatus(path);
    if (found == null || found.length == 0) {
      throw UserException.input(
          section.path("reports")
              + ": there is nothing at "
              + reports
              + "; name a file, a folder or a glob");
    }
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus status : found) {
      for (RemoteIterator<LocatedFileStatus> all = system.listFiles(status.getPath(), true);
          all.hasNext(); ) {
        files.add(all.next());
      }
    }
    files.sort((a, b) -> a.getPath().compareTo(b.getPath()));
    return files;
  }

  private static String group(Matcher matcher, String name) {
    Map<String, Integer> groups = groups(matcher.pattern());
    String value = groups.containsKey(name) ? matcher.group(groups.get(name)) : null;
    return value == null ? "" : value;
  }

  /** Numbers of the named groups of a pattern. */
  static Map<String, Integer> groups(Pattern pattern) {
    Map<String, Integer> groups = new TreeMap<>();
    int number = 0;
    boolean inClass = false;
    boolean escaped = false;
    String text = pattern.pattern();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (escaped || c == '\\') {
        escaped = !escaped;
      } else if (inClass || c == '[') {
        inClass = c != ']';
      } else if (c == '(') {
        boolean isNamed = text.startsWith("(?<", i) && Character.isLetter(text.charAt(i + 3));
        if (isNamed || !text.startsWith("(?", i)) {
          number++;
        }
        if (isNamed) {
          groups.put(text.substring(i + 3, text.indexOf('>', i)), number);
        }
      }
    }
    return groups;
  }

  private static List<List<Build>> parts(Iterable<Build> builds) {
    List<List<Build>> parts = new ArrayList<>();
    List<Build> part = new ArrayList<>();
    int files = 0;
    for (Build build : builds) {
      part.add(build);
      files += build.reports().size();
      if (files >= FILES_PER_TASK) {
        parts.add(List.copyOf(part));
        part.clear();
        files = 0;
      }
    }
    if (!part.isEmpty()) {
      parts.add(List.copyOf(part));
    }
    return parts;
  }

  private static Part part(
      List<Build> builds, SerializableConfiguration configuration, double massShare) {
    History history = new History(massShare);
    List<String> unreadable = new ArrayList<>();
    for (Build build : builds) {
      List<JUnitXml.Case> cases = new ArrayList<>();
      for (Report report : build.reports()) {
        Path path = new Path(report.path());
        try (InputStream in = path.getFileSystem(configuration.value()).open(path)) {
          cases.addAll(JUnitXml.read(in, report.path()));
        } catch (UserException e) {
          unreadable.add(e.getMessage());
        } catch (IOException e) {
          unreadable.add(report.path() + " cannot be read: " + e.getMessage());
        }
      }
      history.add(new History.Build(build.name(), build.commit(), build.host(), cases));
    }
    return new Part(history, unreadable);
  }
}
