package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClustersTest {

  @Test
  void spearmanIsThatOfScipy() {
    double[][] found = Similarity.of(References.wisconsin().subList(0, 30));
    double[] expected = References.doubles(References.of("clusters").get("spearman"));
    for (int j = 0; j < 30; j++) {
      assertThat(found[0][j]).isCloseTo(expected[j], within(1e-12));
      assertThat(found[j][0]).isEqualTo(found[0][j]);
    }
  }

  @Test
  void mutualInformationIsThatOfScikitLearn() {
    double[][] found = Similarity.information(References.wisconsin());
    double[] label = References.doubles(References.of("information").get("label"));
    double[] first = References.doubles(References.of("information").get("first"));
    for (int j = 0; j < 30; j++) {
      assertThat(found[30][j]).isCloseTo(label[j], within(1e-12));
      assertThat(found[0][j]).isCloseTo(first[j], within(1e-12));
    }
    // Beside categories numbers are taken as they are among themselves.
    double[][] mixed = Similarity.of(References.wisconsin());
    assertThat(mixed[30]).isEqualTo(found[30]);
    assertThat(mixed[0][1]).isNotEqualTo(found[0][1]);
  }

  @ParameterizedTest
  @EnumSource
  void joinsAndCutsAreThoseOfScipy(Clusters.Linkage linkage) {
    Clusters clusters = Clusters.of(Similarity.of(References.wisconsin().subList(0, 30)), linkage);
    JsonNode expected = References.of("clusters").get(linkage.name().toLowerCase(Locale.ROOT));
    double[] heights = References.doubles(expected.get("heights"));
    assertThat(clusters.joins()).hasSize(29);
    for (int j = 0; j < 29; j++) {
      assertThat(clusters.joins().get(j).height()).isCloseTo(heights[j], within(1e-12));
    }
    for (JsonNode cut : expected.get("cuts")) {
      int[] labels = References.ints(cut.get("labels"));
      int[][] found = clusters.cut(1 - cut.get("height").asDouble());
      assertThat(found).hasNumberOfRows(Arrays.stream(labels).max().getAsInt());
      for (int[] columns : found) {
        assertThat(Arrays.stream(columns).map(c -> labels[c]).distinct().count()).isEqualTo(1);
      }
    }
  }

  @Test
  void equallyCloseColumnsAreJoinedInTheirOrder() {
    double[][] similarity = new double[4][4];
    for (double[] row : similarity) {
      Arrays.fill(row, 0.5);
    }
    Clusters clusters = Clusters.of(similarity, Clusters.Linkage.AVERAGE);
    assertThat(clusters.joins())
        .containsExactly(
            new Clusters.Join(0, 1, 0.5),
            new Clusters.Join(0, 2, 0.5),
            new Clusters.Join(0, 3, 0.5));
    assertThat(clusters.cut(0.5)).isDeepEqualTo(new int[][] {{0, 1, 2, 3}});
    assertThat(clusters.cut(0.51)).isDeepEqualTo(new int[][] {{0}, {1}, {2}, {3}});
  }

  @Test
  void columnsThatDoNotVaryAreLikeNone() {
    Variable x = Variable.number("x", 1, 2, 3, 4);
    double[][] found =
        Similarity.of(
            List.of(
                x,
                Variable.number("constant", 7, 7, 7, 7),
                Variable.category("one", 2, 2, 2, 2),
                Variable.number("falling", 4, 3, 2, 0)));
    assertThat(found[0]).containsExactly(1, 0, 0, 1);
    assertThat(found[1]).containsExactly(0, 1, 0, 0);
    assertThat(found[2]).containsExactly(0, 0, 1, 0);
  }

  /** By the definition: of the rows that have both, ranked among them. */
  @Test
  void missingNumbersAreLeftOutPairByPair() {
    double[][] found =
        Similarity.of(
            List.of(
                Variable.number("x", 1, Double.NaN, 3, 2, 9),
                Variable.number("y", 2, 5, Double.NaN, 1, 4),
                Variable.number("none", Double.NaN, Double.NaN, 1, Double.NaN, Double.NaN)));
    // x 1, 2, 9 and y 2, 1, 4: ranks 1, 2, 3 and 2, 1, 3.
    assertThat(found[0][1]).isCloseTo(0.5, within(1e-15));
    assertThat(found[0][2]).isZero();
  }

  @Test
  void categoriesThatAreMissingAreOneMore() {
    double[][] found =
        Similarity.of(
            List.of(
                Variable.category("a", 0, 0, 1, 1),
                Variable.category("b", Double.NaN, Double.NaN, 5, 5)));
    assertThat(found[0][1]).isCloseTo(1, within(1e-15));
  }

  /** Independent columns have by chance about (a - 1)(b - 1) / 2n nats in common. */
  @Test
  void independentColumnsHaveLittleInCommon() {
    Keyed keyed = Keyed.of(1, "independent");
    double[] x = new double[5000];
    double[] y = new double[5000];
    Arrays.setAll(x, i -> keyed.uniform(0, i));
    Arrays.setAll(y, i -> keyed.uniform(1, i));
    double[][] found =
        Similarity.information(List.of(Variable.number("x", x), Variable.number("y", y)));
    // 2n times the information is chi-square with 81 degrees of freedom: 36 to 144 but for 1e-4.
    assertThat(found[0][1] * Math.log(10) * 2 * 5000).isBetween(36.0, 144.0);
  }

  @Test
  void refusesWhatCannotBeCompared() {
    assertThatThrownBy(
            () -> Similarity.of(List.of(Variable.number("a", 1), Variable.number("b", 1, 2))))
        .hasMessage("columns 'a' and 'b' have 1 and 2 rows: must be as many");
    assertThatThrownBy(() -> Variable.category("a", 1, 0.5))
        .hasMessage(
            "column 'a', row 1: 0.5 is no code of a category, a whole number from 0 to 65535");
    assertThatThrownBy(() -> Clusters.of(new double[][] {{1, 2}, {2, 1}}, Clusters.Linkage.SINGLE))
        .hasMessage("columns 0 and 1 are similar by 2.0: must be from 0 to 1");
    assertThatThrownBy(() -> Clusters.of(new double[][] {{1, 0}}, Clusters.Linkage.SINGLE))
        .hasMessage("row 0 has 2 similarities of 1 columns");
    assertThatThrownBy(() -> new Clusters(1, List.of()).cut(70))
        .hasMessage("a cut at a similarity of 70.0: must be from 0 to 1, such as 0.7");
  }
}
