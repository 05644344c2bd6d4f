package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assay.config.RunConfig;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.report.Estimate;
import org.assay.report.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slices and their rows against plain groupings of the same rows in this test; the definition of
 * each name is spelled out in it.
 */
class SlicingTest {
  private static final int ROWS = 2000;

  @TempDir Path dir;

  private record Item(int id, String land, Integer age, String income, boolean vip, int label) {
    String csv() {
      return String.join(
          ",",
          Integer.toString(id),
          land == null ? "" : land,
          age == null ? "" : age.toString(),
          income == null ? "" : income,
          Boolean.toString(vip),
          Integer.toString(label));
    }
  }

  private final List<Item> items = new ArrayList<>();

  @BeforeEach
  void items() {
    Random random = new Random(7);
    for (int i = 0; i < ROWS; i++) {
      double u = random.nextDouble();
      items.add(
          new Item(
              i,
              i % 97 == 0 ? null : "L" + (int) (12 * u * u),
              i % 53 == 0 ? null : 18 + random.nextInt(60),
              i % 31 == 0 ? "NaN" : Double.toString(Math.rint(100 * random.nextGaussian()) / 4),
              random.nextInt(9) == 0,
              random.nextInt(2)));
    }
  }

  private Path csv(List<Item> rows) throws IOException {
    Path file = Files.createTempFile(dir, "items", ".csv");
    return Files.writeString(
        file,
        "id,land,age,income,vip,y\n"
            + rows.stream().map(Item::csv).collect(Collectors.joining("\n"))
            + "\n");
  }

  private RunContext run(String data, List<Item> rows) throws IOException {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                """
                name = slices, output = unused
                data.d { path = "%s", id = id, label = y, derive { p = y }, %s }
                models.m { prediction = p }
                jobs = [ { job = evaluate, metrics = [accuracy] } ]
                """
                    .formatted(csv(rows), data)));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(
            Shared.spark(),
            config,
            runner.steps(),
            Progress.silent(),
            null,
            new org.apache.hadoop.fs.Path(dir.toUri()));
    runner.steps().forEach(step -> step.run(context));
    return context;
  }

  /** Number of rows by slice, in the order of their numbers. */
  private static Map<String, Long> counts(Slicing slicing) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int s = 0; s < slicing.size(); s++) {
      counts.put(slicing.name(s), slicing.count(s));
    }
    return counts;
  }

  private Map<String, Long> grouped(Function<Item, String> name) {
    return items.stream().collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting()));
  }

  private static String ageOf(Item item) {
    Integer age = item.age();
    return "age="
        + (age == null
            ? "null"
            : age < 25 ? "(-inf,25)" : age < 40 ? "[25,40)" : age < 65 ? "[40,65)" : "[65,inf)");
  }

  @Test
  void valuesRangesAndCombinations() throws IOException {
    try (RunContext context =
        run(
            "slices = [land, vip, { column = age, edges = [25, 40, 65] }, [land, { column = age, edges = [25, 40, 65] }]]",
            items)) {
      Frame frame = context.frames().get("d");
      Slicing slicing = frame.slicing();
      Map<String, Long> expected = new TreeMap<>(Map.of("", (long) ROWS));
      expected.putAll(grouped(i -> "land=" + i.land()));
      expected.putAll(grouped(i -> "vip=" + i.vip()));
      expected.putAll(grouped(SlicingTest::ageOf));
      expected.putAll(grouped(i -> "land=" + i.land() + "," + ageOf(i)));
      assertThat(counts(slicing)).containsExactlyInAnyOrderEntriesOf(expected);
      assertThat(slicing.cuts()).isEqualTo(5);
      assertThat(slicing.notes()).isEmpty();
      assertThat(slicing.name(0)).isEmpty();
      assertThat(
              IntStream.range(0, slicing.size())
                  .mapToObj(slicing::name)
                  .filter(n -> n.startsWith("age")))
          .containsExactly(
              "age=null", "age=(-inf,25)", "age=[25,40)", "age=[40,65)", "age=[65,inf)");
      Map<String, Long> measured = new TreeMap<>();
      for (Estimate e : context.rows(Tables.ESTIMATES)) {
        measured.put(e.slice(), e.n());
        assertThat(e.value()).isEqualTo(1);
      }
      assertThat(measured).isEqualTo(expected);
    }
  }

  /** Each row's slice by its number, against its own values. */
  @Test
  void codesOfRows() throws IOException {
    try (RunContext context =
        run(
            "slices = [land, [vip, { column = age, edges = [40] }]], slice-min-count = 60",
            items)) {
      Frame frame = context.frames().get("d");
      Slicing slicing = frame.slicing();
      Map<String, Long> lands = grouped(i -> "land=" + i.land());
      Map<String, Long> both =
          grouped(
              i ->
                  "vip="
                      + i.vip()
                      + ",age="
                      + (i.age() == null ? "null" : i.age() < 40 ? "(-inf,40)" : "[40,inf)"));
      assertThat(lands.values()).anyMatch(n -> n < 60).anyMatch(n -> n >= 60);
      int seen = 0;
      for (Block block : frame.blocks().collect()) {
        int[] all = slicing.codes(0, block);
        int[] land = slicing.codes(1, block);
        int[] pair = slicing.codes(2, block);
        for (int row = 0; row < block.size(); row++) {
          Item item = items.get(Integer.parseInt(block.rowKey(row)));
          assertThat(all[row]).isZero();
          String name = "land=" + item.land();
          assertThat(land[row] < 0 ? null : slicing.name(land[row]))
              .isEqualTo(lands.get(name) < 60 ? null : name);
          String two =
              "vip="
                  + item.vip()
                  + ",age="
                  + (item.age() == null ? "null" : item.age() < 40 ? "(-inf,40)" : "[40,inf)");
          assertThat(pair[row] < 0 ? null : slicing.name(pair[row]))
              .isEqualTo(both.get(two) < 60 ? null : two);
          seen++;
        }
      }
      assertThat(seen).isEqualTo(ROWS);
      long rare =
          lands.values().stream().filter(n -> n < 60).count()
              + both.values().stream().filter(n -> n < 60).count();
      assertThat(slicing.notes()).containsExactly(rare + " slices of fewer than 60 rows left out");
      assertThat(frame.notes())
          .containsExactly("data.d.slices: " + rare + " slices of fewer than 60 rows left out");
    }
  }

  @Test
  void rareValuesArePooled() throws IOException {
    try (RunContext context =
        run(
            "slices = [land, [land, vip]], slice-min-count = 110, slice-pool-rare = [land]",
            items)) {
      Map<String, Long> lands = grouped(i -> String.valueOf(i.land()));
      Function<Item, String> pooled =
          i ->
              "land="
                  + (i.land() == null ? "null" : lands.get(i.land()) < 110 ? "other" : i.land());
      Map<String, Long> all = new TreeMap<>(Map.of("", (long) ROWS));
      all.putAll(grouped(pooled));
      all.putAll(grouped(i -> pooled.apply(i) + ",vip=" + i.vip()));
      Map<String, Long> expected = new TreeMap<>(all);
      expected.values().removeIf(n -> n < 110);
      assertThat(expected).containsKey("land=other").doesNotContainKey("land=null");
      Slicing slicing = context.frames().get("d").slicing();
      assertThat(counts(slicing)).containsExactlyInAnyOrderEntriesOf(expected);
      assertThat(slicing.describe())
          .isEqualTo(
              expected.size()
                  - 1
                  + "; "
                  + (all.size() - expected.size())
                  + " slices of fewer than 110 rows left out");
    }
  }

  /** Cut k of q is the value at place n k / q, from 0, of the sorted ones; NaN is missing. */
  @Test
  void quantilesOfASortedColumn() throws IOException {
    double[] sorted =
        items.stream()
            .mapToDouble(i -> Double.parseDouble(i.income()))
            .filter(v -> !Double.isNaN(v))
            .sorted()
            .toArray();
    List<String> ranges = new ArrayList<>(List.of("income=null"));
    Map<String, Long> expected = new LinkedHashMap<>();
    String low = "(-inf";
    double from = Double.NEGATIVE_INFINITY;
    for (int k = 1; k <= 4; k++) {
      double to = k == 4 ? Double.POSITIVE_INFINITY : sorted[sorted.length * k / 4];
      String text = to == Math.rint(to) ? Long.toString((long) to) : Double.toString(to);
      String name = "income=" + low + "," + (k == 4 ? "inf" : text) + ")";
      double least = from;
      expected.put(name, Arrays.stream(sorted).filter(v -> v >= least && v < to).count());
      ranges.add(name);
      low = "[" + text;
      from = to;
    }
    try (RunContext context = run("slices = [{ column = income, quantiles = 4 }]", items)) {
      Map<String, Long> counts = counts(context.frames().get("d").slicing());
      assertThat(counts).containsAllEntriesOf(expected);
      assertThat(counts.get("income=null")).isEqualTo((long) ROWS - sorted.length);
      assertThat(List.copyOf(counts.keySet()).subList(1, 6)).isEqualTo(ranges);
      assertThat(expected.values()).allMatch(n -> n > ROWS / 5);
    }
  }

  @Test
  void tiedQuantilesMakeFewerSlices() throws IOException {
    try (RunContext context =
        run("derive { few = \"id % 2\" }, slices = [{ column = few, quantiles = 10 }]", items)) {
      assertThat(counts(context.frames().get("d").slicing()))
          .isEqualTo(Map.of("", 2000L, "few=(-inf,1)", 1000L, "few=[1,inf)", 1000L));
    }
  }

  /** Ranges that two cuts share are reported once. */
  @Test
  void slicesOfOneNameAreOneSlice() throws IOException {
    try (RunContext context =
        run(
            "slices = [{ column = age, edges = [25, 40] }, { column = age, edges = [25, 65] }]",
            items)) {
      Slicing slicing = context.frames().get("d").slicing();
      assertThat(counts(slicing).keySet())
          .containsExactly(
              "",
              "age=null",
              "age=(-inf,25)",
              "age=[25,40)",
              "age=[40,inf)",
              "age=[25,65)",
              "age=[65,inf)");
      assertThat(context.rows(Tables.ESTIMATES)).hasSize(7);
    }
  }

  @Test
  void orderOfTheInputChangesNothing() throws IOException {
    String data =
        "slices = [[land, vip], { column = age, quantiles = 5 }, [{ column = income, quantiles = 3 }, land]], slice-min-count = 20, slice-pool-rare = [land]";
    List<Item> shuffled = new ArrayList<>(items);
    Collections.shuffle(shuffled, new Random(11));
    try (RunContext one = run(data, items);
        RunContext other = run(data, shuffled)) {
      Slicing a = one.frames().get("d").slicing();
      Slicing b = other.frames().get("d").slicing();
      assertThat(a.size()).isGreaterThan(30);
      assertThat(List.copyOf(counts(b).entrySet())).isEqualTo(List.copyOf(counts(a).entrySet()));
      assertThat(b.notes()).isEqualTo(a.notes());
      assertThat(other.rows(Tables.ESTIMATES)).isEqualTo(one.rows(Tables.ESTIMATES));
    }
  }

  /** More combinations than the look-up table holds, so that slices are searched for. */
  @Test
  void manyValues() throws IOException {
    try (RunContext context =
        run(
            "derive { a = \"concat('a', id)\", b = \"concat('b', id % 1000)\" }, slices = [[a, b], b]",
            items)) {
      Slicing slicing = context.frames().get("d").slicing();
      Map<String, Long> expected = new TreeMap<>(Map.of("", (long) ROWS));
      expected.putAll(grouped(i -> "a=a" + i.id() + ",b=b" + i.id() % 1000));
      expected.putAll(grouped(i -> "b=b" + i.id() % 1000));
      assertThat(counts(slicing)).containsExactlyInAnyOrderEntriesOf(expected);
      assertThat(context.rows(Tables.ESTIMATES)).hasSize(3001);
    }
  }
}
