package org.assay.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverrideTest {
  private static final Config FILE = ConfigFactory.parseString("a { b = 1, c = 2 }, d = 3");

  private static Config set(String... pairs) {
    return RunConfig.override(FILE, List.of(pairs));
  }

  @Test
  void valuesAreHoconAndTheLastWins() {
    Config config = set("a.b=[x, # first\n \"y # z\"]", "d = 4", "d=5", "e=\"q//r\"");
    assertThat(config.getStringList("a.b")).containsExactly("x", "y # z");
    assertThat(config.getInt("a.c")).isEqualTo(2);
    assertThat(config.getInt("d")).isEqualTo(5);
    assertThat(config.getString("e")).isEqualTo("q//r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs:///churn/2026-11-22",
        "s3a://bucket/a#b",
        "data//x.csv",
        "fail # or not",
        "fail\nseed = 7",
        "label = 'a' and x > 1",
        "C:\\data"
      })
  void whatIsNoWholeValueIsAText(String value) {
    Config config = set("d=" + value);
    assertThat(config.getString("d")).isEqualTo(value);
    assertThat(config.root()).containsOnlyKeys("a", "d");
  }
}
