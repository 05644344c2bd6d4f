package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assay.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values of scikit-learn 1.2.1, made by {@code python3 scripts/regenerate-references/metrics.py}. A
 * null there is a value that is undefined here.
 */
class MetricReferenceTest {

  static Stream<Arguments> cases() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (String file : List.of("binary", "multiclass", "regression")) {
      try (InputStream in = MetricReferenceTest.class.getResourceAsStream(file + ".json")) {
        for (JsonNode c : new ObjectMapper().readTree(in)) {
          cases.add(Arguments.of(file + ", " + c.get("name").asText(), c));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesWithScikitLearn(String name, JsonNode c) {
    Target target = target(c);
    Map<String, JsonNode> expected = new HashMap<>();
    List<Metric<?>> metrics = new ArrayList<>();
    c.get("values")
        .fieldNames()
        .forEachRemaining(
            spec -> {
              Metric<?> metric = Metrics.named(spec);
              metrics.add(metric);
              expected.put(metric.spec(), c.get("values").get(spec));
            });
    Map<String, Value> values = scorecard(c, target, metrics).values();
    assertThat(values).hasSize(expected.size());
    values.forEach(
        (spec, value) -> {
          if (expected.get(spec).isNull()) {
            assertThat(value.isDefined()).as(spec).isFalse();
          } else {
            double reference = expected.get(spec).asDouble();
            // Sizes of regression errors are those of the labels; all else is about 1 in size.
            boolean sized =
                target.task() == Task.REGRESSION
                    && !Set.of("r2", "explained-variance").contains(spec);
            double tolerance =
                1e-12 * (sized ? Math.abs(reference) : Math.max(1, Math.abs(reference)));
            assertThat(value.value()).as(spec).isCloseTo(reference, within(tolerance));
          }
        });
  }

  @Test
  void everyMetricHasReferences() throws IOException {
    Set<String> seen = new TreeSet<>();
    cases()
        .forEach(
            c ->
                ((JsonNode) c.get()[1])
                    .get("values")
                    .fieldNames()
                    .forEachRemaining(s -> seen.add(Metrics.named(s).name())));
    assertThat(seen).containsExactlyElementsOf(Metrics.names());
  }

  private static Target target(JsonNode c) {
    return new Target(
        Task.valueOf(c.get("task").asText()),
        c.get("classes").asInt(),
        switch (c.get("scores_are").asText()) {
          case "none" -> Target.Scores.NONE;
          case "ranking" -> Target.Scores.RANKING;
          case "probability" -> Target.Scores.PROBABILITY;
          default -> throw new AssertionError(c);
        });
  }

  private static Scorecard scorecard(JsonNode c, Target target, List<Metric<?>> metrics) {
    Scorecard scorecard = Scorecard.of(target, metrics);
    int n = c.get("label").size();
    for (int i = 0; i < n; i++) {
      double[] scores = null;
      if (target.isScored()) {
        scores = new double[c.get("scores").size() / n];
        for (int k = 0; k < scores.length; k++) {
          scores[k] = c.get("scores").get(i * scores.length + k).asDouble();
        }
      }
      double weight = c.get("weight").isNull() ? 1 : c.get("weight").get(i).asDouble();
      scorecard.add(
          c.get("label").get(i).asDouble(), c.get("prediction").get(i).asDouble(), scores, weight);
    }
    return scorecard;
  }
}
