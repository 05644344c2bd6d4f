package org.assay.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assay.UserException;

/**
 * A whole run: what the file says, typed and checked as far as that needs no data.
 *
 * @param name the suite's name; runs of one suite are nights of the same thing
 * @param seed of all randomness
 * @param output URI of the reports
 * @param data data sets by name
 * @param models models by name
 * @param subjects test suites by name
 * @param jobs what to do, in order
 * @param text the configuration itself, resolved, as concise JSON with sorted keys, without {@code
 *     output}
 */
public record RunConfig(
    String name,
    long seed,
    String output,
    Map<String, DataConfig> data,
    Map<String, ModelConfig> models,
    Map<String, SubjectConfig> subjects,
    List<JobConfig> jobs,
    String text) {

  /**
   * One of {@code subjects}.
   *
   * @param kind what runs its tests
   * @param name its name
   * @param section its own keys, not yet read
   */
  public record SubjectConfig(String kind, String name, Section section) {}

  /**
   * One entry of {@code jobs}.
   *
   * @param kind what the job does
   * @param name its name in reports: given, or its kind
   * @param section its own keys, not yet read
   */
  public record JobConfig(String kind, String name, Section section) {}

  /**
   * Reads a file with overrides.
   *
   * @param overrides {@code key=value} pairs, values in HOCON, later ones winning
   */
  public static RunConfig load(File file, List<String> overrides) {
    if (!file.isFile()) {
      throw UserException.usage(
          "no configuration file '" + file + "'; give the path of a HOCON file");
    }
    try {
      Config parsed =
          ConfigFactory.parseFile(
              file,
              ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF));
      return read(override(parsed, overrides));
    } catch (ConfigException e) {
      throw UserException.usage(
          Section.describe(e)
              + "; the file must be HOCON: key = value, sections { ... }, lists [ ... ]");
    }
  }

  /**
   * Lays {@code key=value} pairs over a configuration. A value is read as HOCON; one that HOCON
   * cannot read, or would read in part only because it holds what begins a comment, is a text.
   */
  public static Config override(Config config, List<String> overrides) {
    Config result = config;
    for (String pair : overrides) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw UserException.usage("--set " + pair + ": must be KEY=VALUE, such as --set seed=7");
      }
      try {
        String key = pair.substring(0, equals).trim();
        String text = pair.substring(equals + 1);
        Config value =
            ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(text, "--set"));
        if (!endsEarly(text)) {
          try {
            value =
                ConfigFactory.parseString(
                    key + " = " + text,
                    ConfigParseOptions.defaults().setOriginDescription("--set"));
          } catch (ConfigException e) {
            // the text it is already
          }
        }
        result = value.withFallback(result);
      } catch (ConfigException e) {
        throw UserException.usage("--set " + pair + ": " + Section.describe(e));
      }
    }
    return result;
  }

  /** Whether a HOCON value would end before the text does: at a comment or the end of a line. */
  private static boolean endsEarly(String text) {
    boolean quoted = false;
    int depth = 0; // in brackets, lines and comments are HOCON's as in a file
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && (i == 0 || text.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (!quoted) {
        depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
        if (depth == 0 && (c == '\n' || c == '#' || text.startsWith("//", i))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Reads a configuration that is already parsed. */
  public static RunConfig read(Config parsed) {
    Config config;
    try {
      config = parsed.resolve(ConfigResolveOptions.defaults());
    } catch (ConfigException.UnresolvedSubstitution e) {
      throw UserException.usage(
          Section.describe(e) + "; define it in the file, by --set, or as an environment variable");
    } catch (ConfigException e) {
      throw UserException.usage(Section.describe(e));
    }
    Section root = Section.root(config);
    String name = root.string("name");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw root.wrong(
          "name",
          "must be 1 to 100 letters, digits, '.', '_' or '-', beginning with a letter or digit");
    }
    long seed = root.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    String output = root.string("output", "reports");
    Map<String, DataConfig> data = new LinkedHashMap<>();
    root.named("data").forEach((key, section) -> data.put(key, DataConfig.read(key, section)));
    Map<String, ModelConfig> models = new LinkedHashMap<>();
    root.named("models")
        .forEach((key, section) -> models.put(key, ModelConfig.read(key, section, seed)));
    Map<String, SubjectConfig> subjects = new LinkedHashMap<>();
    root.named("subjects")
        .forEach(
            (key, section) ->
                subjects.put(key, new SubjectConfig(section.string("kind"), key, section)));
    List<JobConfig> jobs = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Section section : root.sections("jobs")) {
      String kind = section.string("job");
      String jobName = section.string("name", kind);
      if (!jobName.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
        throw section.wrong(
            "name",
            "must be 1 to 100 letters, digits, '.', '_' or '-', beginning with a letter or digit");
      }
      if (!names.add(jobName)) {
        throw UserException.usage(
            section.path() + ": two jobs are named '" + jobName + "'; give each a name of its own");
      }
      jobs.add(new JobConfig(kind, jobName, section));
    }
    root.done();
    if (jobs.isEmpty()) {
      throw UserException.usage(
          "jobs: is empty; name at least one, such as { job = cross-validate, data = ..., models = [...] }");
    }
    String text = config.withoutPath("output").root().render(ConfigRenderOptions.concise());
    return new RunConfig(name, seed, output, data, models, subjects, jobs, text);
  }

  /** The same run with its reports elsewhere. */
  public RunConfig withOutput(String elsewhere) {
    return new RunConfig(name, seed, elsewhere, data, models, subjects, jobs, text);
  }

  /** The data set of a job: named by {@code data}, or the only one there is. */
  public DataConfig dataOf(Section job) {
    if (!job.has("data") && data.size() == 1) {
      return data.values().iterator().next();
    }
    return dataOf(job, "data", job.string("data"));
  }

  /** The data set of this name, which a job has in a key. */
  public DataConfig dataOf(Section job, String key, String name) {
    DataConfig found = data.get(name);
    if (found == null) {
      throw job.wrong(
          key,
          "no such data set"
              + Suggestion.of(name, data.keySet())
              + "; known: "
              + listed(data.keySet()));
    }
    return found;
  }

  /** The models of a job: named by {@code models}, or all there are. */
  public List<ModelConfig> modelsOf(Section job) {
    List<ModelConfig> chosen = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String key : job.has("models") ? job.strings("models") : List.copyOf(models.keySet())) {
      ModelConfig found = models.get(key);
      if (found == null) {
        throw job.wrong(
            "models",
            "no model '"
                + key
                + "'"
                + Suggestion.of(key, models.keySet())
                + "; known: "
                + listed(models.keySet()));
      }
      if (!seen.add(key)) {
        throw job.wrong("models", "names '" + key + "' twice");
      }
      chosen.add(found);
    }
    if (chosen.isEmpty()) {
      throw UserException.usage(
          job.path("models")
              + ": is empty; define models { NAME { estimator = ... } } and name them here");
    }
    return chosen;
  }

  private static String listed(Set<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
