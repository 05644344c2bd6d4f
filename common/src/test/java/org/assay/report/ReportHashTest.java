package org.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportHashTest {
  private static final List<Table<?>> RESULTS =
      Tables.all().stream().filter(t -> !t.isVolatile()).toList();

  @Test
  void noRowsHashToZero() {
    assertThat(new ReportHash().hex()).isEqualTo("0".repeat(64));
  }

  /** The definition, written out with BigInteger for the table with texts only. */
  @Test
  void isTheSumOfTheHashesOfRows() throws Exception {
    ReportHash hash = new ReportHash();
    BigInteger expected = BigInteger.ZERO;
    for (int i = 0; i < 200; i++) {
      Failure row = new Failure("job" + i % 7, "Iğdır", "m", "", "fit", "reason " + i);
      hash.add(Tables.FAILURES, row);
      ByteBuffer bytes = ByteBuffer.allocate(1000);
      put(bytes, "failures");
      String[] named = {
        "job",
        row.job(),
        "data",
        row.data(),
        "model",
        row.model(),
        "cell",
        row.cell(),
        "kind",
        row.kind(),
        "reason",
        row.reason()
      };
      for (int k = 0; k < named.length; k += 2) {
        put(bytes, named[k]);
        bytes.put((byte) 1);
        put(bytes, named[k + 1]);
      }
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes.array(), 0, bytes.position());
      expected = expected.add(new BigInteger(1, sha.digest()));
    }
    expected = expected.mod(BigInteger.ONE.shiftLeft(256));
    assertThat(hash.hex()).isEqualTo(String.format("%064x", expected));
    assertThat(hash.rows()).isEqualTo(200);
  }

  @Test
  void orderAndPartitionDoNotMatter() throws Exception {
    for (Table<?> table : RESULTS) {
      List<Object[]> rows = new ArrayList<>(RandomRows.of(table, 300, 1));
      ReportHash whole = hash(table, rows);
      for (int k = 1; k < 10; k++) {
        Collections.shuffle(rows, new Random(k));
        ReportHash merged = new ReportHash();
        for (int from = 0; from < rows.size(); from += 40 * k) {
          merged.merge(copy(hash(table, rows.subList(from, Math.min(rows.size(), from + 40 * k)))));
        }
        assertThat(merged).isEqualTo(whole).hasToString(whole.toString());
      }
    }
  }

  @Test
  void anyOtherValueChangesItButVolatileOnesDoNot() {
    for (Table<?> table : RESULTS) {
      List<Object[]> rows = RandomRows.of(table, 20, 2);
      List<Object[]> others = RandomRows.of(table, 20, 3);
      String whole = hash(table, rows).hex();
      for (int row = 0; row < rows.size(); row++) {
        for (int c = 0; c < table.columns().size(); c++) {
          Object was = rows.get(row)[c];
          Object is = others.get(row)[c];
          boolean isOther = !Objects.deepEquals(was, is) && !table.columns().get(c).isVolatile();
          rows.get(row)[c] = is;
          assertThat(!hash(table, rows).hex().equals(whole))
              .as(
                  table.name()
                      + "."
                      + table.columns().get(c).name()
                      + ": "
                      + key(was)
                      + " -> "
                      + key(is))
              .isEqualTo(isOther);
          rows.get(row)[c] = was;
        }
      }
    }
  }

  @Test
  void fitSecondsAreLeftOut() {
    ReportHash a = new ReportHash();
    ReportHash b = new ReportHash();
    ReportHash c = new ReportHash();
    a.add(Tables.SCORES, score(0.5, 1.25));
    b.add(Tables.SCORES, score(0.5, null));
    c.add(Tables.SCORES, score(Math.nextUp(0.5), 1.25));
    assertThat(b).isEqualTo(a);
    assertThat(c).isNotEqualTo(a);
  }

  @Test
  void zerosAreOneAndNaNsAreOne() {
    ReportHash a = new ReportHash();
    ReportHash b = new ReportHash();
    a.add(Tables.SCORES, score(0.0, null));
    a.add(Tables.SCORES, score(Double.NaN, null));
    b.add(Tables.SCORES, score(-0.0, null));
    b.add(Tables.SCORES, score(Double.longBitsToDouble(0x7ff8000000000001L), null));
    assertThat(b).isEqualTo(a);
  }

  @Test
  void textsCannotRunIntoOneAnother() {
    Set<String> hashes = new HashSet<>();
    String[][] splits = {{"ab", ""}, {"a", "b"}, {"", "ab"}, {"ab", " "}, {"a", "b "}};
    for (String[] split : splits) {
      ReportHash hash = new ReportHash();
      hash.add(Tables.FAILURES, new Failure(split[0], split[1], "", "", "", ""));
      hashes.add(hash.hex());
    }
    assertThat(hashes).hasSize(splits.length);
  }

  @Test
  void theRunItselfIsNoPartOfIt() {
    Object[] run = RandomRows.of(Tables.RUNS, 1, 1).get(0);
    assertThatThrownBy(() -> new ReportHash().addValues(Tables.RUNS, run))
        .hasMessage("runs is no part of the report's hash");
  }

  private static Score score(double value, Double fitSeconds) {
    return new Score(
        "cv", "d", "m", "", "mse", "", "k-fold", "0f", 0, 1, "test", 90, 10, value, "", fitSeconds);
  }

  private static ReportHash hash(Table<?> table, List<Object[]> rows) {
    ReportHash hash = new ReportHash();
    rows.forEach(row -> hash.addValues(table, row));
    return hash;
  }

  private static ReportHash copy(ReportHash hash) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(hash);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (ReportHash) in.readObject();
    }
  }

  private static void put(ByteBuffer bytes, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes.putLong(utf8.length).put(utf8);
  }

  private static String key(Object value) {
    return value instanceof double[] numbers ? Arrays.toString(numbers) : String.valueOf(value);
  }
}
