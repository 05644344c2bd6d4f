package org.assay.jobs.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.design.Design;
import org.assay.design.Plan;
import org.assay.design.Rows;
import org.assay.jobs.Shared;
import org.assay.random.Keyed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is fitted to the training rows of frames of several blocks, against definitions written out
 * here over all rows at once.
 */
class PreparationTest {
  private static final int ROWS = 40_000;
  private static final Keyed DRAW = Keyed.of(5, "preparation test");

  /** Fewer of the numbers are distinct from column to column; each is missing in its own rows. */
  private static final int COLUMNS = 4;

  @TempDir static Path folder;
  private static Frame frame;
  private static List<Block> blocks;

  /** Rows train never, once, twice or not at all. */
  private record Drawn() implements Design {
    @Override
    public int replicates() {
      return 1;
    }

    @Override
    public Split split(int replicate) {
      return new Split(0, 0);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      for (int i = 0; i < rows.size(); i++) {
        weight[i] = (int) Long.remainderUnsigned(DRAW.bits(rows.block(), i), 4) - 1;
      }
    }

    @Override
    public String fingerprint() {
      return "drawn";
    }
  }

  private static final Placement PLACEMENT =
      new Placement(new Drawn(), Plan.Needs.NOTHING, Strata.classes(List.of("0", "1")));

  @BeforeAll
  static void read() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,x0,x1,x2,x3,color,y"));
    for (int i = 0; i < ROWS; i++) {
      StringBuilder line = new StringBuilder().append(i);
      for (int c = 0; c < COLUMNS; c++) {
        long bits = DRAW.bits(i, 10 + c);
        line.append(',');
        if (bits % 7 != 0) {
          line.append((bits >>> 20) % (long) Math.pow(40, COLUMNS - c) / 8.0);
        }
      }
      lines.add(line.append(",c").append(DRAW.bits(i, 1) & 7).append(',').append(i & 1).toString());
    }
    Path csv = Files.write(folder.resolve("d.csv"), lines);
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                """
                name = t
                data.d { path = "%s", id = id, label = y, impute = median, encode = one-hot }
                models.m { estimator = baseline }
                jobs = [ { job = cross-validate } ]
                """
                    .formatted(csv)));
    frame =
        Frame.read(Shared.spark(), config.data().get("d"), List.copyOf(config.models().values()));
    blocks = frame.blocks().collect();
    assertThat(blocks).hasSizeGreaterThan(2);
  }

  @AfterAll
  static void close() {
    frame.close();
  }

  private static Preparation preparation(DataConfig.Impute impute, ModelConfig.Scale scale) {
    return Preparation.fit(
        frame, PLACEMENT, 0, new Preparation.Options(impute, DataConfig.Encode.ONE_HOT, scale));
  }

  /** The training values of a column that are not missing, ascending. */
  private static double[] training(int column) {
    return blocks.stream()
        .flatMapToDouble(
            block -> {
              int[] weights = PLACEMENT.weights(0, block);
              return IntStream.range(0, block.size())
                  .flatMap(i -> IntStream.generate(() -> i).limit(Math.max(0, weights[i])))
                  .mapToDouble(i -> block.numeric(column, i));
            })
        .filter(x -> !Double.isNaN(x))
        .sorted()
        .toArray();
  }

  private static void assertFilled(
      DataConfig.Impute impute, Function<double[], Double> definition) {
    Preparation preparation = preparation(impute, ModelConfig.Scale.NONE);
    double[] expected =
        IntStream.range(0, COLUMNS).mapToDouble(c -> definition.apply(training(c))).toArray();
    int[] missing = new int[COLUMNS];
    List<String> wrong = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        Vector row = preparation.features(block, i);
        for (int c = 0; c < COLUMNS; c++) {
          double x = block.numeric(c, i);
          missing[c] += Double.isNaN(x) ? 1 : 0;
          if (row.apply(c) != (Double.isNaN(x) ? expected[c] : x)) {
            wrong.add("x" + c + " of row " + block.rowKey(i) + " became " + row.apply(c));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(Arrays.stream(missing).min().orElseThrow()).isGreaterThan(1000);
  }

  @Test
  void missingNumbersBecomeTheMedian() {
    assertFilled(
        DataConfig.Impute.MEDIAN,
        sorted -> (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
  }

  @Test
  void missingNumbersBecomeTheMostFrequentTheLeastOfSeveral() {
    assertFilled(
        DataConfig.Impute.MOST_FREQUENT,
        sorted -> {
          Map<Double, Long> counts =
              Arrays.stream(sorted)
                  .boxed()
                  .collect(Collectors.groupingBy(x -> x, TreeMap::new, Collectors.counting()));
          long most = counts.values().stream().mapToLong(n -> n).max().orElseThrow();
          return counts.entrySet().stream()
              .filter(e -> e.getValue() == most)
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
        });
  }

  @Test
  void missingNumbersBecomeTheMean() {
    // Multiples of 1/8: the sum in doubles is exact.
    assertFilled(DataConfig.Impute.MEAN, sorted -> Arrays.stream(sorted).sum() / sorted.length);
  }

  @Test
  void scaledColumnsHaveMeanZeroAndVarianceOneInTraining() {
    Preparation preparation = preparation(DataConfig.Impute.MEDIAN, ModelConfig.Scale.STANDARD);
    for (int c = 0; c < COLUMNS; c++) {
      double n = 0;
      double sum = 0;
      double squares = 0;
      for (Block block : blocks) {
        int[] weights = PLACEMENT.weights(0, block);
        for (int i = 0; i < block.size(); i++) {
          double x = preparation.features(block, i).apply(c);
          double w = Math.max(0, weights[i]);
          n += w;
          sum += w * x;
          squares += w * x * x;
        }
      }
      // Naive sums of some 40,000 terms of size 1 are off by less than 40,000 * 40,000 * 2^-53.
      assertThat(sum).isCloseTo(0, within(1e-6));
      assertThat(squares / (n - 1)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void textsTakeOnePlaceEach() {
    Preparation preparation = preparation(DataConfig.Impute.MEDIAN, ModelConfig.Scale.NONE);
    assertThat(preparation.width()).isEqualTo(COLUMNS + 8);
    assertThat(preparation.names())
        .containsExactly(
            "x0",
            "x1",
            "x2",
            "x3",
            "color=c0",
            "color=c1",
            "color=c2",
            "color=c3",
            "color=c4",
            "color=c5",
            "color=c6",
            "color=c7");
    Block block = blocks.get(0);
    for (int i = 0; i < 100; i++) {
      Vector row = preparation.features(block, i);
      assertThat(row).isInstanceOf(SparseVector.class);
      for (int k = 0; k < 8; k++) {
        assertThat(row.apply(COLUMNS + k)).isEqualTo(block.text(0, i) == k ? 1 : 0);
      }
    }
  }
}
