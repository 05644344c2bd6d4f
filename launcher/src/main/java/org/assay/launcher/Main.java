package org.assay.launcher;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The process of the tests: {@code discover UNITS PATTERN FOLDER...} writes all tests of folders of
 * classes whose names match, the classes that could not be loaded, and how many classes there are,
 * how many of them are looked at, and their methods; {@code run ORDER EVENTS} runs one order. Exit
 * code 0 when all was run, whatever the tests said; 3 when it could not begin.
 *
 * <p>When its standard input ends, whoever started it is gone, and so is it.
 */
public final class Main {
  private Main() {}

  /** The entrance. */
  public static void main(String[] args) {
    dieWithParent(System.in);
    System.setIn(new ByteArrayInputStream(new byte[0]));
    int code = 0;
    try {
      if (args[0].equals("discover")) {
        discover(args);
      } else {
        run(Paths.get(args[1]), new File(args[2]));
      }
    } catch (Throwable e) { // whatever it is, the parent is to see it
      e.printStackTrace();
      code = 3;
    }
    System.exit(code);
  }

  private static void dieWithParent(final InputStream in) {
    Thread watch =
        new Thread(
            new Runnable() {
              @Override
              public void run() {
                try {
                  while (in.read() >= 0) {
                    // nothing is said on it
                  }
                } catch (IOException e) {
                  // as if it had ended
                }
                Runtime.getRuntime().halt(4);
              }
            },
            "assay-parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static boolean isThere(String type) {
    try {
      Class.forName(type, false, Main.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void discover(String[] args) throws IOException {
    Pattern pattern = Pattern.compile(args[2]);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 3; i < args.length; i++) {
      names.addAll(classes(Paths.get(args[i])));
    }
    boolean hasPlatform =
        isThere("org.junit.platform.launcher.Launcher")
            && Main.class.getResource("/META-INF/services/org.junit.platform.engine.TestEngine")
                != null;
    boolean hasJUnit4 = isThere("org.junit.runner.JUnitCore");
    List<String> candidates = new ArrayList<>();
    int methods = 0;
    List<String> unloadable = new ArrayList<>();
    List<Unit> units = new ArrayList<>();
    for (String name : names) {
      if (!pattern.matcher(name).matches()) {
        continue;
      }
      try {
        Class<?> type = Class.forName(name, false, Main.class.getClassLoader());
        if (type.isInterface()
            || type.isAnnotation()
            || type.isEnum()
            || Modifier.isAbstract(type.getModifiers())) {
          continue;
        }
        boolean isJUnit4 = hasJUnit4 && JUnit4.isTest(type);
        // a class that lacks one that its methods name is told here
        methods += type.getDeclaredMethods().length;
        candidates.add(name);
        if (isJUnit4) {
          units.addAll(JUnit4.discover(type));
        }
      } catch (ClassNotFoundException | LinkageError e) {
        unloadable.add(name + "\t" + Events.escaped(String.valueOf(e)));
      }
    }
    if (hasPlatform && !candidates.isEmpty()) {
      units.addAll(new Platform().discover(candidates));
    }
    try (PrintWriter out =
        new PrintWriter(Files.newBufferedWriter(Paths.get(args[1]), StandardCharsets.UTF_8))) {
      for (Unit unit : units) {
        out.println(unit.line());
      }
      for (String line : unloadable) {
        out.println("unloadable\t" + line);
      }
      out.println("classes\t" + names.size() + "\t" + candidates.size() + "\t" + methods);
    }
  }

  /** Names of the top-level classes below a folder. */
  private static List<String> classes(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String path = folder.relativize(file).toString().replace(File.separatorChar, '/');
        if (path.endsWith(".class") && !path.contains("$") && !path.endsWith("-info.class")) {
          names.add(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
        }
      }
    }
    return names;
  }

  private static void run(Path order, File file) throws Exception {
    List<Unit> units = new ArrayList<>();
    for (String line : Files.readAllLines(order, StandardCharsets.UTF_8)) {
      units.add(Unit.of(line));
    }
    try (Events events = new Events(file)) {
      Platform platform = null;
      int from = 0;
      while (from < units.size()) {
        int to = from + 1;
        while (to < units.size() && units.get(from).sharesRequestWith(units.get(to))) {
          to++;
        }
        List<Unit> request = units.subList(from, to);
        if (request.get(0).engine == Unit.Engine.JUNIT4) {
          JUnit4.run(request, from, events);
        } else {
          platform = platform == null ? new Platform() : platform;
          platform.run(request, from, events);
        }
        from = to;
      }
      events.ended();
    }
  }
}
