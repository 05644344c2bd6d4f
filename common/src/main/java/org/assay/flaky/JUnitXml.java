package org.assay.flaky;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.assay.UserException;
import org.assay.order.TestId;

/**
 * Reads a JUnit XML report, in the dialects of its many writers. The order of its records is not
 * the order in which tests ran.
 *
 * <pre>
 *   failure, error, skipped      the outcome of the attempt: FAIL, ERROR, SKIP; none of them: PASS
 *   rerunFailure, rerunError     (Surefire) beside failure or error: further attempts, which failed too
 *   flakyFailure, flakyError     (Surefire, Gradle with mergeReruns) attempts that failed before one passed
 *   a test recorded again        after a failure: the next attempt (Gradle, pytest-rerunfailures);
 *                                after a pass: another test of the same name, which is called "name (2)";
 *                                an error "failed on teardown": (pytest) part of the attempt before
 *   status or result             notrun, disabled, skipped, suppressed, ignored (GoogleTest, CTest): SKIP
 * </pre>
 *
 * <p>A test's container is its class name, or without that the name of the innermost suite around
 * it that has one. A test without a name is called "(unnamed)". Times may hold thousands
 * separators.
 *
 * <p>Document type declarations, and so entities, are refused. A tag may have {@value #MOST_TAG}
 * bytes; output of tests and stack traces are read up to a bound, and dropped. Memory goes with the
 * number of tests alone.
 */
public final class JUnitXml {
  static final int MOST_TAG = 1 << 20;
  private static final int MOST_DEPTH = 1000;
  private static final int MOST_TEXT = 1 << 14;
  private static final int MOST_MESSAGE = 4000;

  /**
   * One attempt at a test.
   *
   * @param outcome PASS, FAIL, ERROR or SKIP
   * @param durationMillis as recorded; 0 when it is not
   * @param message why it failed or was skipped, up to {@value #MOST_MESSAGE} characters; empty
   *     when nothing is said
   */
  public record Attempt(Outcome outcome, long durationMillis, String message)
      implements Serializable {}

  /**
   * One test.
   *
   * @param id what it is, inside the report
   * @param attempts one or more, first to last
   */
  public record Case(TestId id, List<Attempt> attempts) implements Serializable {

    /** The first attempt: what a build without reruns would have seen. */
    public Attempt first() {
      return attempts.get(0);
    }

    /** The last attempt: what the build concluded from. */
    public Attempt last() {
      return attempts.get(attempts.size() - 1);
    }
  }

  private final XMLStreamReader xml;
  private final Map<TestId, List<Attempt>> cases = new LinkedHashMap<>();
  private final Map<TestId, Integer> namesakes = new LinkedHashMap<>();

  /** Names of the suites around, those without one left out. */
  private final Deque<String> suites = new ArrayDeque<>();

  private JUnitXml(XMLStreamReader xml) {
    this.xml = xml;
  }

  /**
   * The tests of a report, in the order of their first records.
   *
   * @param in read to its end, not closed
   * @param source what it is called in messages, such as its path
   * @throws UserException if it is no JUnit XML, or refused; the message says why
   */
  public static List<Case> read(InputStream in, String source) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // What is wrong is thrown; the parser need not print it as well.
    factory.setXMLReporter((message, type, information, location) -> {});
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new BoundedXml(in, MOST_TEXT, MOST_TAG));
      try {
        return new JUnitXml(xml).report();
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      throw UserException.input(source + " is no readable JUnit XML: " + reason(e), e);
    }
  }

  private static String reason(XMLStreamException e) {
    for (Throwable t = e; t != null; t = next(t)) {
      if (t instanceof IOException) {
        return t.getMessage();
      }
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.replace("\n", " ");
  }

  private static Throwable next(Throwable t) {
    return t.getCause() == null && t instanceof XMLStreamException x
        ? x.getNestedException()
        : t.getCause();
  }

  private List<Case> report() throws XMLStreamException {
    boolean isReport = false;
    int depth = 0;
    Deque<Boolean> named = new ArrayDeque<>();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw new XMLStreamException(
            "it has a document type declaration or an entity, which is refused");
      }
      if (event == XMLStreamConstants.START_ELEMENT) {
        String element = xml.getLocalName();
        if (depth >= MOST_DEPTH) {
          throw new XMLStreamException("it has elements " + MOST_DEPTH + " deep, which is refused");
        }
        if (depth++ == 0) {
          isReport = element.equals("testsuites") || element.equals("testsuite");
          if (!isReport) {
            throw new XMLStreamException(
                "its outermost element is '" + element + "', not 'testsuites' or 'testsuite'");
          }
        }
        if (element.equals("testcase")) {
          testcase();
          depth--;
        } else if (element.startsWith("testsuite")) {
          String name = attribute("name");
          named.push(element.equals("testsuite") && !name.isEmpty());
          if (named.element()) {
            suites.push(name);
          }
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
        if (xml.getLocalName().startsWith("testsuite") && named.pop()) {
          suites.pop();
        }
      }
    }
    List<Case> read = new ArrayList<>();
    cases.forEach((id, attempts) -> read.add(new Case(id, List.copyOf(attempts))));
    return read;
  }

  private String attribute(String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  private void testcase() throws XMLStreamException {
    String container = attribute("classname");
    if (container.isEmpty()) {
      container = suites.isEmpty() ? "" : suites.peek();
    }
    String name = attribute("name");
    TestId id = new TestId(container, name.isEmpty() ? "(unnamed)" : name);
    long millis = millis(attribute("time"));
    boolean notRun = isNotRun(attribute("status")) || isNotRun(attribute("result"));
    Attempt result = null;
    List<Attempt> before = new ArrayList<>();
    List<Attempt> after = new ArrayList<>();
    int depth = 1;
    while (depth > 0) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        String element = xml.getLocalName();
        if (depth > 1) {
          depth++;
          continue;
        }
        switch (element) {
          case "failure" -> result = worse(result, attempt(Outcome.FAIL, millis));
          case "error" -> result = worse(result, attempt(Outcome.ERROR, millis));
          case "skipped" -> result = worse(result, attempt(Outcome.SKIP, millis));
          case "rerunFailure" -> after.add(attempt(Outcome.FAIL, 0));
          case "rerunError" -> after.add(attempt(Outcome.ERROR, 0));
          case "flakyFailure" -> before.add(attempt(Outcome.FAIL, 0));
          case "flakyError" -> before.add(attempt(Outcome.ERROR, 0));
          default -> depth++;
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw new XMLStreamException("it has an entity that is not declared, which is refused");
      }
    }
    if (result == null) {
      result = new Attempt(notRun ? Outcome.SKIP : Outcome.PASS, millis, "");
    }
    List<Attempt> attempts = new ArrayList<>(before);
    attempts.add(result);
    attempts.addAll(after);
    record(id, attempts);
  }

  /** A test with a failure and an error failed first; one that failed was not skipped. */
  private static Attempt worse(Attempt one, Attempt other) {
    return one == null || one.outcome() == Outcome.SKIP ? other : one;
  }

  private void record(TestId id, List<Attempt> attempts) {
    int namesake = namesakes.getOrDefault(id, 1);
    TestId current = numbered(id, namesake);
    List<Attempt> known = cases.get(current);
    if (known == null) {
      cases.put(current, attempts);
      return;
    }
    Attempt last = known.get(known.size() - 1);
    Attempt next = attempts.get(0);
    if (next.outcome() == Outcome.ERROR && next.message().contains("failed on teardown")) {
      known.set(
          known.size() - 1,
          last.outcome().failed()
              ? new Attempt(
                  last.outcome(),
                  last.durationMillis(),
                  cut(last.message() + "\n" + next.message()))
              : new Attempt(Outcome.ERROR, last.durationMillis(), next.message()));
    } else if (last.outcome().failed()) {
      known.addAll(attempts);
    } else {
      namesakes.put(id, namesake + 1);
      cases.put(numbered(id, namesake + 1), attempts);
    }
  }

  private static TestId numbered(TestId id, int namesake) {
    return namesake == 1 ? id : new TestId(id.container(), id.name() + " (" + namesake + ")");
  }

  private static boolean isNotRun(String status) {
    return switch (status) {
      case "notrun", "disabled", "skipped", "suppressed", "ignored" -> true;
      default -> false;
    };
  }

  /** Reads to the end of the element. */
  private Attempt attempt(Outcome outcome, long millis) throws XMLStreamException {
    String message = attribute("message");
    String type = attribute("type");
    StringBuilder text = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      int event = xml.next();
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (text.length() < MOST_MESSAGE) {
            text.append(xml.getText());
          }
        }
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw new XMLStreamException("it has an entity that is not declared, which is refused");
        default -> {}
      }
    }
    if (message.isBlank()) {
      message = text.toString().strip();
    }
    if (!type.isEmpty() && !message.contains(type)) {
      message = message.isEmpty() ? type : type + ": " + message;
    }
    return new Attempt(outcome, millis, cut(message));
  }

  private static String cut(String text) {
    return text.length() <= MOST_MESSAGE ? text : text.substring(0, MOST_MESSAGE);
  }

  private static long millis(String time) {
    try {
      double seconds = time.isEmpty() ? 0 : Double.parseDouble(time.replace(",", ""));
      return seconds > 0 && seconds < 1e12 ? Math.round(seconds * 1000) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
