package org.assay.metric;

import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assay.UserException;
import org.assay.config.Section;
import org.assay.config.Suggestion;

/** The metrics that exist, by name: those of this package and any that another jar provides. */
public final class Metrics {
  private static final Pattern SPEC =
      Pattern.compile("\\s*([^\\s()=,]+)\\s*(?:\\(([^()]*)\\)\\s*)?");
  private static final Pattern PARAMETER = Pattern.compile("\\s*([^\\s=]+)\\s*=\\s*([^=]*\\S)\\s*");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  private Metrics() {}

  /** All metrics, with their default parameters, in order of their names. */
  public static List<Metric<?>> all() {
    return List.copyOf(discovered().values());
  }

  /** The names of all metrics, in order. */
  public static List<String> names() {
    return List.copyOf(discovered().keySet());
  }

  /**
   * The metric that is written {@code name} or {@code name(key=value, ...)}.
   *
   * @throws UserException if it is not written so, the name or a key is unknown, or a value is out
   *     of range
   */
  public static Metric<?> named(String spec) {
    Matcher parts = SPEC.matcher(spec);
    if (!parts.matches()) {
      throw UserException.usage(
          "metric '" + spec + "': must be written name or name(key=value, ...)");
    }
    String name = parts.group(1);
    SortedMap<String, Metric<?>> known = discovered();
    Metric<?> metric = known.get(name);
    if (metric == null) {
      throw UserException.usage(
          "unknown metric '"
              + name
              + "'"
              + Suggestion.of(name, known.keySet())
              + "; known: "
              + String.join(", ", known.keySet()));
    }
    Map<String, Object> parameters = parameters(spec, parts.group(2));
    return metric.with(
        Section.root(ConfigFactory.parseMap(Map.of(name, parameters))).section(name));
  }

  private static Map<String, Object> parameters(String spec, String list) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (list == null || list.isBlank()) {
      return parameters;
    }
    for (String item : list.split(",", -1)) {
      Matcher parts = PARAMETER.matcher(item);
      if (!parts.matches()) {
        throw UserException.usage(
            "metric '" + spec + "': '" + item.trim() + "' must be written key=value");
      }
      if (parameters.put(parts.group(1), typed(parts.group(2))) != null) {
        throw UserException.usage(
            "metric '" + spec + "': '" + parts.group(1) + "' must be there only once");
      }
    }
    return parameters;
  }

  private static Object typed(String value) {
    if (!NUMBER.matcher(value).matches()) {
      return value;
    }
    double number = Double.parseDouble(value);
    return number == (int) number ? (Object) (int) number : (Object) number;
  }

  private static SortedMap<String, Metric<?>> discovered() {
    SortedMap<String, Metric<?>> metrics = new TreeMap<>();
    // Not kept: another thread may see other jars.
    for (Metric<?> metric : ServiceLoader.load(Metric.class)) {
      Metric<?> other = metrics.put(metric.name(), metric);
      if (other != null) {
        throw new IllegalStateException(
            "two metrics are named "
                + metric.name()
                + ": "
                + other.getClass().getName()
                + " and "
                + metric.getClass().getName());
      }
    }
    return metrics;
  }
}
