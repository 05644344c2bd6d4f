package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/**
 * The reference is BigDecimal: its sum of doubles is exact and {@link BigDecimal#doubleValue}
 * rounds to nearest, ties to even.
 */
class ExactSumTest {

  @Test
  void agreesWithBigDecimalOnHardSums() {
    Random random = new Random(7);
    List<DoubleSupplier> kinds =
        List.of(
            random::nextGaussian,
            () -> Math.scalb(random.nextGaussian(), random.nextInt(2000) - 1000),
            () -> Math.scalb(random.nextGaussian(), random.nextInt(120) - 60),
            () -> Double.longBitsToDouble(random.nextLong() & 0x800FFFFFFFFFFFFFL), // subnormal
            () -> random.nextInt(2001) - 1000,
            () -> random.nextBoolean() ? random.nextInt() : random.nextDouble(),
            () ->
                Math.scalb(
                    random.nextBoolean() ? 1.0 : -1.0, random.nextInt(130)), // ties between doubles
            () -> (random.nextLong() >> random.nextInt(60)) * 0x1.0p-30);
    for (DoubleSupplier kind : kinds) {
      for (int trial = 0; trial < 30; trial++) {
        double[] terms = random.doubles(random.nextInt(60)).map(x -> kind.getAsDouble()).toArray();
        if (trial % 3 == 0 && terms.length > 0) {
          // Cancel nearly everything.
          double[] both = Arrays.copyOf(terms, 2 * terms.length);
          for (int i = 1; i < terms.length; i++) {
            both[terms.length + i] = -terms[i];
          }
          terms = both;
        }
        assertThat(sum(terms).value()).isEqualTo(reference(terms));
        assertThat(new BigDecimal(sum(terms).units()))
            .isEqualByComparingTo(exact(terms).divide(new BigDecimal(Double.MIN_VALUE)));
      }
    }
  }

  @Test
  void agreesWithBigDecimalOnLongSums() {
    Random random = new Random(8);
    double[] terms = new double[20_000];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = -Math.abs(Math.scalb(random.nextDouble(), random.nextInt(40)));
    }
    assertThat(sum(terms).value()).isEqualTo(reference(terms));
    Arrays.fill(terms, -0.9999999999999999);
    assertThat(sum(terms).value()).isEqualTo(reference(terms));
  }

  @Test
  void neitherOrderNorPartitionMatters() throws Exception {
    Random random = new Random(9);
    for (int trial = 0; trial < 200; trial++) {
      List<Double> terms = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        terms.add(
            random.nextInt(3) == 0
                ? random.nextInt(9)
                : Math.scalb(random.nextGaussian(), random.nextInt(200) - 100));
      }
      double expected = sum(terms.stream().mapToDouble(x -> x).toArray()).value();
      Collections.shuffle(terms, random);
      List<ExactSum> parts = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        parts.add(new ExactSum());
      }
      for (double x : terms) {
        parts.get(random.nextInt(parts.size())).add(x);
      }
      while (parts.size() > 1) {
        ExactSum part = serialized(parts.remove(random.nextInt(parts.size())));
        double before = part.value();
        parts.get(random.nextInt(parts.size())).merge(part);
        assertThat(part.value()).isEqualTo(before);
      }
      assertThat(parts.get(0).value()).isEqualTo(expected);
    }
  }

  @Test
  void manyMergesDoNotOverflowAChunk() {
    double[] terms = new double[999];
    Arrays.fill(terms, 0.9999999999999999);
    ExactSum term = sum(terms);
    ExactSum total = new ExactSum();
    for (int i = 0; i < 10_000; i++) {
      ExactSum next = new ExactSum();
      next.merge(total);
      next.merge(term);
      total = next;
    }
    assertThat(total.value())
        .isEqualTo(
            new BigDecimal(0.9999999999999999).multiply(new BigDecimal(9_990_000)).doubleValue());
    ExactSum doubled = sum(0.1);
    for (int i = 0; i < 100; i++) {
      doubled.merge(doubled.copy());
    }
    assertThat(doubled.value()).isEqualTo(Math.scalb(0.1, 100));
  }

  @Test
  void wholeNumbersBeyondALongAreExact() {
    ExactSum sum = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < 10; i++) {
      sum.add(Long.MAX_VALUE - i);
      sum.merge(sum.copy());
      expected = expected.add(new BigDecimal(Long.MAX_VALUE - i)).multiply(BigDecimal.valueOf(2));
    }
    sum.add(Long.MIN_VALUE);
    expected = expected.add(new BigDecimal(Long.MIN_VALUE));
    assertThat(sum.value()).isEqualTo(expected.doubleValue());
    ExactSum ints = sum(Integer.MAX_VALUE);
    for (int i = 0; i < 70; i++) {
      ints.merge(ints.copy());
    }
    assertThat(ints.value()).isEqualTo(Math.scalb((double) Integer.MAX_VALUE, 70));
  }

  @Test
  void productsAreNotRounded() {
    Random random = new Random(10);
    for (int trial = 0; trial < 300; trial++) {
      ExactSum sum = new ExactSum();
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = 0; i < 20; i++) {
        double a = Math.scalb(random.nextGaussian(), random.nextInt(100));
        double b = random.nextGaussian();
        sum.addProduct(a, b);
        expected = expected.add(new BigDecimal(a).multiply(new BigDecimal(b)));
      }
      assertThat(sum.value()).isEqualTo(expected.doubleValue());
    }
    ExactSum cancelled = new ExactSum();
    cancelled.addProduct(1 + 0x1.0p-52, 1 + 0x1.0p-52);
    cancelled.add(-(1 + 0x1.0p-51));
    assertThat(cancelled.value()).isEqualTo(0x1.0p-104);
  }

  @Test
  void sumsBeyondTheRangeOverflowOnlyAtTheEnd() {
    double max = Double.MAX_VALUE;
    assertThat(sum(max, max, -max).value()).isEqualTo(max);
    assertThat(sum(max, max).value()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sum(-max, -max).value()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(sum(max, Math.ulp(max) / 2).value())
        .as("half a unit rounds to even, upwards")
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sum(max, Math.nextDown(Math.ulp(max) / 2)).value()).isEqualTo(max);
    assertThat(sum(Double.MIN_VALUE, -Double.MIN_VALUE / 2, max, -max).value())
        .isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void edges() {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(new ExactSum().value()).isEqualTo(0.0);
    assertThat(1 / sum(-0.0, -0.0).value()).as("zero is positive").isEqualTo(inf);
    assertThat(1 / sum(0.1, -0.1).value()).as("zero is positive").isEqualTo(inf);
    assertThat(sum(1, inf, -5).value()).isEqualTo(inf);
    assertThat(sum(-inf, 1e308).value()).isEqualTo(-inf);
    assertThat(sum(inf, -inf).value()).isNaN();
    assertThat(sum(Double.NaN, inf).value()).isNaN();
    ExactSum merged = sum(inf);
    merged.merge(sum(-inf));
    assertThat(merged.value()).isNaN();
  }

  @Test
  void staysSmall() throws Exception {
    ExactSum sum = new ExactSum();
    Random random = new Random(11);
    for (int i = 0; i < 100_000; i++) {
      sum.add(random.nextDouble());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(sum);
    assertThat(bytes.size()).isLessThan(250);
  }

  private static ExactSum sum(double... terms) {
    ExactSum sum = new ExactSum();
    for (double x : terms) {
      sum.add(x);
    }
    return sum;
  }

  private static BigDecimal exact(double... terms) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double x : terms) {
      sum = sum.add(new BigDecimal(x));
    }
    return sum;
  }

  private static double reference(double... terms) {
    return exact(terms).doubleValue();
  }

  private static ExactSum serialized(ExactSum sum) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(sum);
    return (ExactSum)
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }

  @Test
  void unitsOfWholeNumbers() {
    assertThat(sum(3, -5).units()).isEqualTo(BigInteger.valueOf(-2).shiftLeft(1074));
  }
}
