package org.assay.launcher;

import java.util.Objects;

/**
 * What an order is made of: a test method with all of its invocations, or, where a runner cannot be
 * filtered, a whole class.
 */
final class Unit {
  /** Which API runs it. */
  enum Engine {
    /** JUnit 3 and 4. */
    JUNIT4,
    /** The JUnit Platform: Jupiter, and every engine but Vintage. */
    PLATFORM
  }

  final Engine engine;

  /** The class whose life cycle it is part of; empty when there is none. */
  final String type;

  /** Its name in the class, as reports show it. */
  final String name;

  /** A unique id of the platform, or the method's display name of JUnit 4; empty for the class. */
  final String handle;

  Unit(Engine engine, String type, String name, String handle) {
    this.engine = engine;
    this.type = type;
    this.name = name;
    this.handle = handle;
  }

  /** Reads what {@link #line} wrote. */
  static Unit of(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("no line of an order: " + line);
    }
    return new Unit(
        Engine.valueOf(parts[0]),
        Events.plain(parts[1]),
        Events.plain(parts[2]),
        Events.plain(parts[3]));
  }

  String line() {
    return engine
        + "\t"
        + Events.escaped(type)
        + "\t"
        + Events.escaped(name)
        + "\t"
        + Events.escaped(handle);
  }

  /** Whether both can be part of one request. */
  boolean sharesRequestWith(Unit other) {
    return engine == other.engine && Objects.equals(type, other.type);
  }
}
