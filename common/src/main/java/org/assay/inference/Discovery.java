package org.assay.inference;

import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.assay.UserException;
import org.assay.config.Suggestion;

/** Finds the parts of one kind on the class path, by name. */
final class Discovery {
  private Discovery() {}

  /**
   * All parts of a kind. Not kept: another thread may see other jars.
   *
   * @param what the kind in the plural, for messages
   */
  static <T> SortedMap<String, T> byName(Class<T> kind, Function<T, String> name, String what) {
    SortedMap<String, T> parts = new TreeMap<>();
    for (T part : ServiceLoader.load(kind)) {
      T other = parts.put(name.apply(part), part);
      if (other != null) {
        throw new IllegalStateException(
            "two "
                + what
                + " are named "
                + name.apply(part)
                + ": "
                + other.getClass().getName()
                + " and "
                + part.getClass().getName());
      }
    }
    return parts;
  }

  /**
   * The part of a name.
   *
   * @param what the kind in the singular, for the message
   * @throws UserException if there is none; the message lists those there are
   */
  static <T> T named(String name, String what, SortedMap<String, T> known) {
    T part = known.get(name);
    if (part == null) {
      throw UserException.usage(
          "unknown "
              + what
              + " '"
              + name
              + "'"
              + Suggestion.of(name, known.keySet())
              + "; known: "
              + String.join(", ", known.keySet()));
    }
    return part;
  }
}
