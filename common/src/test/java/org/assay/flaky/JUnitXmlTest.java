package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assay.UserException;
import org.assay.flaky.JUnitXml.Attempt;
import org.assay.flaky.JUnitXml.Case;
import org.junit.jupiter.api.Test;

class JUnitXmlTest {

  private static List<Case> file(String name) {
    try (InputStream in = JUnitXmlTest.class.getResourceAsStream("junit/" + name)) {
      return JUnitXml.read(in, name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InputStream text(String xml) {
    return new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Case> read(String xml) {
    return JUnitXml.read(text(xml), "r.xml");
  }

  /** Each test with the outcomes of its attempts. */
  private static List<String> outcomes(List<Case> cases) {
    return cases.stream()
        .map(c -> c.id() + " " + c.attempts().stream().map(Attempt::outcome).toList())
        .toList();
  }

  @Test
  void surefireCountsRerunsInsideTheRecord() {
    List<Case> cases = file("surefire.xml");
    assertThat(outcomes(cases))
        .containsExactly(
            "org.x.CartTest#passes [PASS]",
            "org.x.CartTest#fails [FAIL]",
            "org.x.CartTest#throws [ERROR]",
            "org.x.CartTest#disabled [SKIP]",
            "org.x.CartTest#flaky [FAIL, ERROR, PASS]",
            "org.x.CartTest#rerun[1, \"a b\"] [FAIL, FAIL, ERROR]");
    assertThat(cases.get(0).last().durationMillis()).isEqualTo(12);
    assertThat(cases.get(1).last().durationMillis()).as("1,000.5 seconds").isEqualTo(1_000_500);
    assertThat(cases.get(1).last().message())
        .isEqualTo("org.opentest4j.AssertionFailedError: expected: <3> but was: <4>");
    assertThat(cases.get(2).last().message()).startsWith("java.lang.NullPointerException\n");
    assertThat(cases.get(4).first().message()).isEqualTo("java.lang.AssertionError: timing");
    assertThat(cases.get(4).attempts().get(1).message()).isEqualTo("java.io.IOException: gone");
  }

  @Test
  void gradleRecordsEachAttempt() {
    assertThat(outcomes(file("gradle.xml")))
        .containsExactly(
            "org.x.RetryTest#sometimes() [FAIL, FAIL, PASS]",
            "org.x.RetryTest#never() [FAIL]",
            "org.x.RetryTest#always() [PASS]");
  }

  @Test
  void gradleThatMergesCountsRerunsInsideTheRecord() {
    List<Case> cases = file("gradle-merged.xml");
    assertThat(outcomes(cases))
        .containsExactly(
            "org.x.RetryTest#sometimes() [FAIL, FAIL, PASS]",
            "org.x.RetryTest#never() [FAIL, FAIL]",
            "org.x.RetryTest#always() [PASS]");
    assertThat(cases.get(0).first().message())
        .isEqualTo("org.opentest4j.AssertionFailedError: expected: true");
  }

  @Test
  void pytestRecordsAFailingTeardownByItself() {
    List<Case> cases = file("pytest.xml");
    assertThat(outcomes(cases))
        .containsExactly(
            "tests.test_a.TestCart#test_add[a b\\nc] [PASS]",
            "tests.test_a#test_fails [FAIL]",
            "tests.test_a#test_leaks [ERROR]",
            "tests.test_a#test_fails_and_leaks [FAIL]",
            "tests.test_a#test_no_setup [ERROR]",
            "tests.test_a#test_skipped [SKIP]",
            "tests.test_a#test_expected [SKIP]",
            "pytest#tests.test_broken [ERROR]");
    assertThat(cases.get(3).last().message())
        .isEqualTo("assert 0\nfailed on teardown with \"OSError: still open\"");
  }

  @Test
  void pytestRerunfailuresRecordsEachAttempt() {
    assertThat(outcomes(file("pytest-rerunfailures.xml")))
        .containsExactly(
            "test_r#test_second_time [FAIL, PASS]", "test_r#test_never [FAIL, FAIL, FAIL]");
  }

  @Test
  void googleTestSaysWhatDidNotRun() {
    assertThat(outcomes(file("googletest.xml")))
        .containsExactly(
            "Queue#IsEmpty [PASS]",
            "Queue#DISABLED_Grows [SKIP]",
            "Queue#Later [SKIP]",
            "Queue#Dequeue/0 [FAIL]");
  }

  @Test
  void namesThatAreMissingAreMadeUpAndNamesakesAreTestsOfTheirOwn() {
    assertThat(outcomes(file("bare.xml")))
        .containsExactly(
            "inner#adds [PASS]",
            "inner#adds (2) [PASS]",
            "inner#(unnamed) [FAIL]",
            "outer#after [PASS]",
            "outer#nameless suite [PASS]");
  }

  @Test
  void whatIsNoReportIsRefused() {
    assertThatThrownBy(() -> read("<html/>"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "r.xml is no readable JUnit XML: its outermost element is 'html', not 'testsuites' or"
                + " 'testsuite'");
    assertThatThrownBy(() -> read("<testsuite><testcase name='a'"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("r.xml is no readable JUnit XML: ");
    assertThatThrownBy(() -> read("")).isInstanceOf(UserException.class);
    assertThatThrownBy(() -> read("\u0000<\u0000t")).hasMessageContaining("UTF-16");
  }

  @Test
  void entitiesAreRefused() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    <?xml version="1.0"?>
                    <!DOCTYPE testsuite [<!ENTITY x SYSTEM "file:///etc/passwd">]>
                    <testsuite><testcase name="&x;"/></testsuite>
                    """))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "r.xml is no readable JUnit XML: it has a document type declaration, which is refused");
    assertThatThrownBy(
            () ->
                read("<testsuite><testcase name='a'><failure>&x;</failure></testcase></testsuite>"))
        .isInstanceOf(UserException.class);
    assertThatThrownBy(() -> read("<testsuite><testcase name='&x;'/></testsuite>"))
        .isInstanceOf(UserException.class);
  }

  /** So many bytes of one letter, made as they are read. */
  private static InputStream many(long bytes) {
    return new InputStream() {
      private long left = bytes;

      @Override
      public int read() {
        return left-- > 0 ? 'x' : -1;
      }

      @Override
      public int read(byte[] bytes, int from, int count) {
        int some = (int) Math.min(count, left);
        Arrays.fill(bytes, from, from + some, (byte) 'x');
        left -= some;
        return some == 0 && count > 0 ? -1 : some;
      }
    };
  }

  private static InputStream around(String before, long bytes, String after) {
    return new SequenceInputStream(
        Collections.enumeration(List.of(text(before), many(bytes), text(after))));
  }

  private static long size(InputStream in) {
    try {
      return in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatWouldFillTheMemoryIsCutOrRefused() {
    long gigabyte = 1L << 30;
    assertThatThrownBy(
            () ->
                JUnitXml.read(
                    around("<testsuite><testcase name='", gigabyte, "'/></testsuite>"), "r.xml"))
        .isInstanceOf(UserException.class)
        .hasMessage("r.xml is no readable JUnit XML: it has a tag of more than 1048576 bytes");
    for (String[] tags :
        new String[][] {
          {"<system-out>", "</system-out>"},
          {"<system-out><![CDATA[", "]]></system-out>"},
          {"<!--", "-->"},
          {"<?", "?>"},
          {"<failure>", "</failure>"}
        }) {
      String before = "<testsuite><testcase name='a'>" + tags[0];
      String after = tags[1] + "</testcase><testcase name='b'/></testsuite>";
      assertThat(size(new BoundedXml(around(before, 1 << 23, after), 1000, 1000)))
          .as("bytes that pass")
          .isLessThan(1200);
      List<Case> cases = JUnitXml.read(around(before, 1 << 20, after), "r.xml");
      assertThat(cases).hasSize(2);
      assertThat(cases.get(0).last().message().length()).isLessThanOrEqualTo(4000);
    }
    assertThatThrownBy(() -> read("<testsuite>".repeat(5000)))
        .hasMessageContaining("it has elements 1000 deep, which is refused");
  }

  @Test
  void whatIsCutStaysWellFormed() {
    String euros = "\u20ac".repeat(40_000);
    String references = "&lt;&#x20ac;&amp;".repeat(10_000);
    for (String body : List.of(euros, references, "<![CDATA[" + euros + "]]>]]&gt;" + references)) {
      List<Case> cases =
          read(
              "<?xml version='1.0' encoding='UTF-8'?><?other thing?><testsuite><testcase name='\u20ac >'>"
                  + "<!-- <b> - -- x --><failure message='a > b'>"
                  + body
                  + "</failure></testcase></testsuite>");
      assertThat(outcomes(cases)).containsExactly("#\u20ac > [FAIL]");
      assertThat(cases.get(0).last().message()).isEqualTo("a > b");
    }
    String short1 = "<![CDATA[a]]b]]]>&lt;<![CDATA[]]>c";
    assertThat(
            read("<testsuite><testcase name='n'><error>"
                    + short1
                    + "</error></testcase></testsuite>")
                .get(0)
                .last()
                .message())
        .isEqualTo("a]]b]<c");
  }
}
