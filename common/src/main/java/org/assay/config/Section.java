package org.assay.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assay.UserException;

/**
 * A part of the configuration, read key by key.
 *
 * <p>Every read names its key, so {@link #done} knows which keys exist and refuses the others.
 * Reading a value of the wrong type or out of its range throws a {@link UserException} that names
 * the file and line, the key, the value, the rule and the way out. Not thread-safe.
 */
public final class Section {
  private final Config config;
  private final String path;
  private final TreeSet<String> known = new TreeSet<>();

  private Section(Config config, String path) {
    this.config = config;
    this.path = path;
  }

  /** The whole of a configuration. */
  public static Section root(Config config) {
    return new Section(config, "");
  }

  /** A section without keys, as if it had been written {@code path {}}. */
  public static Section empty(String path) {
    return new Section(ConfigFactory.empty(), path);
  }

  /**
   * Where this section stands: {@code data.customers}, or {@code jobs[0].plan}; empty at the root.
   */
  public String path() {
    return path;
  }

  /** The full name of a key of this section. */
  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Whether the key is there and not null. Counts as reading it. */
  public boolean has(String key) {
    known.add(key);
    ConfigValue value = config.root().get(key);
    return value != null && value.valueType() != ConfigValueType.NULL;
  }

  /** Whether a key is this text, or a list that has it. Does not count as reading it. */
  public boolean names(String key, String text) {
    ConfigValue value = config.root().get(key);
    return value != null
        && (text.equals(value.unwrapped())
            || value instanceof ConfigList list && list.unwrapped().contains(text));
  }

  /** Refuses a key that means something elsewhere, and so does not count as known here. */
  public void refuse(String key, String why) {
    ConfigValue value = config.root().get(key);
    if (value != null && value.valueType() != ConfigValueType.NULL) {
      throw wrong(key, why);
    }
  }

  /** A text. */
  public String string(String key) {
    ConfigValue value = required(key);
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
      default -> throw wrong(key, "must be a text");
    };
  }

  /** A text, or {@code otherwise} when the key is not there. */
  public String string(String key, String otherwise) {
    return has(key) ? string(key) : otherwise;
  }

  /** A text, if the key is there. */
  public Optional<String> text(String key) {
    return has(key) ? Optional.of(string(key)) : Optional.empty();
  }

  /** A whole number in [min, max]. */
  public long integer(String key, long min, long max) {
    double value = parsed(key, "must be a whole number" + between(min, max));
    if (value != Math.rint(value) || value < min || value > max) {
      throw wrong(key, "must be a whole number" + between(min, max));
    }
    return required(key).unwrapped() instanceof Number n ? n.longValue() : (long) value;
  }

  /** A whole number in [min, max], or {@code otherwise} when the key is not there. */
  public long integer(String key, long otherwise, long min, long max) {
    return has(key) ? integer(key, min, max) : otherwise;
  }

  /** A finite number in [min, max]. */
  public double number(String key, double min, double max) {
    String rule = "must be a number" + between(min, max);
    double value = parsed(key, rule);
    if (!(value >= min && value <= max)) {
      throw wrong(key, rule);
    }
    return value;
  }

  /** A finite number in [min, max], or {@code otherwise} when the key is not there. */
  public double number(String key, double otherwise, double min, double max) {
    return has(key) ? number(key, min, max) : otherwise;
  }

  /**
   * A number of bytes in [min, max], such as {@code 512MiB}, or {@code otherwise} when the key is
   * not there.
   */
  public long bytes(String key, long otherwise, long min, long max) {
    if (!has(key)) {
      return otherwise;
    }
    String rule = "must be a size between " + bytes(min) + " and " + bytes(max) + ", such as 2GiB";
    long bytes;
    try {
      bytes = config.getBytes(ConfigUtil.joinPath(key));
    } catch (ConfigException e) {
      throw wrong(key, rule);
    }
    if (bytes < min || bytes > max) {
      throw wrong(key, rule);
    }
    return bytes;
  }

  /** A number of bytes as a person reads it: {@code 1.5GiB}. */
  public static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    String text = String.format(Locale.ROOT, value < 10 && unit > 0 ? "%.1f" : "%.0f", value);
    return text.replace(".0", "") + units[unit];
  }

  /** {@code true} or {@code false}, or {@code otherwise} when the key is not there. */
  public boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    return switch (string(key).toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw wrong(key, "must be true or false");
    };
  }

  /**
   * One of the constants of an enum, written in kebab-case, or {@code otherwise} when the key is
   * not there.
   */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    String text = string(key);
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = kebab(constant);
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw wrong(key, "must be one of " + String.join(", ", names));
  }

  /** A list of texts; a single text counts as a list of one. Empty when the key is not there. */
  public List<String> strings(String key) {
    if (!has(key)) {
      return List.of();
    }
    ConfigValue value = required(key);
    if (value.valueType() != ConfigValueType.LIST) {
      return List.of(string(key));
    }
    List<String> texts = new ArrayList<>();
    for (ConfigValue item : (ConfigList) value) {
      if (item.valueType() == ConfigValueType.LIST || item.valueType() == ConfigValueType.OBJECT) {
        throw wrong(key, "must be a list of texts");
      }
      texts.add(String.valueOf(item.unwrapped()));
    }
    return List.copyOf(texts);
  }

  /**
   * A list whose items are sections or lists of sections; a text stands for a section with that
   * text under {@code shorthand}, and an item that is no list for a list of one. Empty when the key
   * is not there.
   */
  public List<List<Section>> sectionLists(String key, String shorthand) {
    if (!has(key)) {
      return List.of();
    }
    String rule =
        "must be a list of names, of sections { " + shorthand + " = ... }, or of lists of them";
    if (!(required(key) instanceof ConfigList list)) {
      throw wrong(key, rule);
    }
    List<List<Section>> lists = new ArrayList<>();
    for (ConfigValue item : list) {
      String where = path(key) + "[" + lists.size() + "]";
      List<Section> sections = new ArrayList<>();
      for (ConfigValue part : item instanceof ConfigList inner ? inner : List.of(item)) {
        if (part instanceof ConfigObject object) {
          sections.add(new Section(object.toConfig(), where));
        } else if (part.valueType() == ConfigValueType.LIST
            || part.valueType() == ConfigValueType.NULL) {
          throw wrong(key, rule);
        } else {
          sections.add(new Section(ConfigFactory.empty().withValue(shorthand, part), where));
        }
      }
      lists.add(sections);
    }
    return lists;
  }

  /** Whether the key holds an object. Counts as reading it. */
  public boolean isSection(String key) {
    return has(key) && required(key).valueType() == ConfigValueType.OBJECT;
  }

  /** The section under a key. */
  public Section section(String key) {
    if (!(required(key) instanceof ConfigObject object)) {
      throw wrong(key, "must be a section { ... }");
    }
    return new Section(object.toConfig(), path(key));
  }

  /** The section under a key, or an empty one when the key is not there. */
  public Section sectionOrEmpty(String key) {
    return has(key) ? section(key) : new Section(ConfigFactory.empty(), path(key));
  }

  /** The sections of a list; empty when the key is not there. */
  public List<Section> sections(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!(required(key) instanceof ConfigList list)) {
      throw wrong(key, "must be a list of sections [ { ... }, ... ]");
    }
    List<Section> sections = new ArrayList<>();
    for (ConfigValue item : list) {
      String where = path(key) + "[" + sections.size() + "]";
      if (!(item instanceof ConfigObject object)) {
        throw UserException.usage(
            at(item.origin()) + where + " = " + show(item) + ": must be a section { ... }");
      }
      sections.add(new Section(object.toConfig(), where));
    }
    return sections;
  }

  /** The named sections under a key, in order of their names; empty when the key is not there. */
  public Map<String, Section> named(String key) {
    Map<String, Section> sections = new LinkedHashMap<>();
    if (has(key)) {
      Section all = section(key);
      for (String name : new TreeSet<>(all.config.root().keySet())) {
        sections.put(name, all.section(name));
      }
    }
    return sections;
  }

  /**
   * All keys and values, unwrapped (String, Number, Boolean, List, Map), in order of keys. Counts
   * as reading them all.
   */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : new TreeSet<>(config.root().keySet())) {
      known.add(key);
      values.put(key, config.root().get(key).unwrapped());
    }
    return values;
  }

  /**
   * Ends the reading of this section.
   *
   * @throws UserException if it has keys that were never asked for; the message lists those that
   *     exist
   */
  public void done() {
    for (Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw UserException.usage(
            at(entry.getValue().origin())
                + "unknown key '"
                + path(
                    ConfigUtil.quoteString(entry.getKey()).equals("\"" + entry.getKey() + "\"")
                        ? entry.getKey()
                        : ConfigUtil.quoteString(entry.getKey()))
                + "'"
                + Suggestion.of(entry.getKey(), known)
                + "; known here: "
                + String.join(", ", known));
      }
    }
  }

  /** Where a key is written. */
  Origin origin(String key) {
    ConfigValue value = config.root().get(key);
    return new Origin(value == null ? "" : at(value.origin()));
  }

  /** The error of a value that breaks a rule: origin, key, value, rule. */
  public UserException wrong(String key, String rule) {
    ConfigValue value = config.root().get(key);
    return UserException.usage(
        origin(key).prefix()
            + path(key)
            + (value == null ? "" : " = " + show(value))
            + ": "
            + rule);
  }

  /** The configuration as HOCON without comments, keys sorted. */
  public String render() {
    return config.root().render(ConfigRenderOptions.concise());
  }

  private ConfigValue required(String key) {
    if (!has(key)) {
      throw UserException.usage(at(config.origin()) + "missing key '" + path(key) + "'; add it");
    }
    return config.root().get(key);
  }

  private double parsed(String key, String rule) {
    Object value = required(key).unwrapped();
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text.trim());
      } catch (NumberFormatException e) {
        throw wrong(key, rule);
      }
    }
    throw wrong(key, rule);
  }

  private static String between(double min, double max) {
    String low = plain(min);
    String high = plain(max);
    if (low.isEmpty() && high.isEmpty()) {
      return "";
    }
    return high.isEmpty()
        ? " of at least " + low
        : low.isEmpty() ? " of at most " + high : " between " + low + " and " + high;
  }

  private static String plain(double bound) {
    if (Double.isInfinite(bound) || Math.abs(bound) >= Integer.MAX_VALUE) {
      return "";
    }
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String show(ConfigValue value) {
    String text = value.render(ConfigRenderOptions.concise());
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private static String at(ConfigOrigin origin) {
    if (origin != null && origin.description().startsWith("--set")) {
      return "--set: ";
    }
    if (origin == null || origin.lineNumber() < 1) {
      return "";
    }
    String file =
        origin.filename() != null
            ? origin.filename()
            : origin.description().replaceFirst(": \\d+$", "");
    return file.substring(file.lastIndexOf('/') + 1) + ":" + origin.lineNumber() + ": ";
  }

  static String describe(ConfigException e) {
    return e.getMessage() == null
        ? e.toString()
        : e.getMessage().lines().collect(Collectors.joining(" "));
  }
}
