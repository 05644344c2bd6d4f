package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void textsStandLeftAndNumbersRightWithTheDigitsTheirColumnNeeds() {
    String text =
        TextTable.of("model", "value", "n", "seconds", "when")
            .row("logit", 0.98765432, 569, 1234.5678, Instant.parse("2026-11-24T00:13:59.5Z"))
            .row("ağaç", 0.5, 12L, Double.NaN, null)
            .row("日本", 1e-9, 3, 2.0, null)
            .render(TextTable.UNLIMITED);
    assertThat(text)
        .isEqualTo(
            """
            model     value    n  seconds  when
            -----  --------  ---  -------  --------------------
            logit    0.9877  569     1235  2026-11-24T00:13:59Z
            ağaç     0.5000   12      NaN  -
            日本   1.00e-09    3        2  -
            """);
  }

  @Test
  void whatIsTheSameInEveryRowIsSaidOnce() {
    String text =
        TextTable.of("job", "slice", "model", "n")
            .row("cv", "", "a", 5)
            .row("cv", "", "b", 5)
            .render(80);
    assertThat(text).isEqualTo("job = cv  n = 5\nmodel\n-----\na\nb\n");
    assertThat(TextTable.of("a", "b").row(1, 2).row(1, 2).render(80))
        .isEqualTo("a  b\n-  -\n1  2\n1  2\n");
    assertThat(TextTable.of("a", "b").render(80)).isEqualTo("a  b\n-  -\n");
  }

  @Test
  void longTextsAreCutAndThenColumnsAreLeftOut() {
    TextTable table =
        TextTable.of("model", "reason", "value", "n")
            .row("m1", "a reason that goes on and on and on", 0.5, 100000)
            .row("m2", "short", 0.25, 7);
    assertThat(table.render(40))
        .isEqualTo(
            """
            model  reason              value       n
            -----  -----------------  ------  ------
            m1     a reason that ...  0.5000  100000
            m2     short              0.2500       7
            """);
    assertThat(table.render(21))
        .isEqualTo(
            """
            model  reason   value
            -----  ------  ------
            m1     a r...  0.5000
            m2     short   0.2500
            (too narrow for: n)
            """);
  }

  /** No line is wider than asked for, whatever the table; 300 random tables with a fixed seed. */
  @Test
  void noLineIsWiderThanTheTerminal() {
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      int columns = 1 + random.nextInt(8);
      String[] names = new String[columns];
      for (int c = 0; c < columns; c++) {
        names[c] = "c".repeat(1 + random.nextInt(5)) + c;
      }
      TextTable table = TextTable.of(names);
      for (int r = 0; r < 4; r++) {
        Object[] row = new Object[columns];
        for (int c = 0; c < columns; c++) {
          row[c] = c % 2 == 0 ? "x".repeat(random.nextInt(60)) : (Object) random.nextGaussian();
        }
        table.row(row);
      }
      int width = 20 + random.nextInt(100);
      assertThat(table.render(width).lines()).allMatch(line -> line.length() <= width);
    }
  }

  @Test
  void aTerminalIsNeverObeyed() {
    assertThat(TextTable.of("t").row("\u001b[31mred\u0007\nline\u202etfel").render(80))
        .isEqualTo("t\n-------------------\n?[31mred? line?tfel\n");
  }

  @Test
  void numbersKeepFourDigits() {
    assertThat(TextTable.number(0.98765)).isEqualTo("0.9877");
    assertThat(TextTable.number(12.3456)).isEqualTo("12.35");
    assertThat(TextTable.number(-123456.7)).isEqualTo("-123457");
    assertThat(TextTable.number(0.00001234)).isEqualTo("1.23e-05");
    assertThat(TextTable.number(0)).isEqualTo("0");
    assertThat(TextTable.number(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
  }
}
