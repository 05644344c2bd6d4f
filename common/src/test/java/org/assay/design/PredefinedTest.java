package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.assay.UserException;
import org.junit.jupiter.api.Test;

class PredefinedTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of("kind = predefined");
  }

  @Override
  List<String> groupedPlans() {
    return List.of("kind = predefined");
  }

  @Override
  boolean partitions() {
    return true;
  }

  @Override
  boolean random() {
    return false;
  }

  @Test
  void equalsScikitLearn() {
    for (JsonNode c : References.splits("labelled")) {
      Sample sample = Sample.folds(References.ints(c.get("label")), null).recut(3);
      References.assertSame(sample, sample.bind("kind = predefined", 1), c.get("predefined"));
    }
  }

  @Test
  void foldIsTheCode() {
    Design design = Sample.folds(new int[] {4, 2, 2, 9}, null).bind("kind = predefined", 1);
    assertThat(design.replicates()).isEqualTo(3);
    assertThat(design.split(2)).isEqualTo(new Design.Split(0, 9));
  }

  @Test
  void refusesWhatTheDataDoNotAllow() {
    assertInput(() -> Sample.folds(new int[] {0, -1, 1, -1}, null).bind("kind = predefined", 1))
        .hasMessage(
            "2 rows of 4 have no predefined fold, and every row needs one; fill the fold column, or remove the rows without");
    assertInput(() -> Sample.folds(new int[] {3, 3}, null).bind("kind = predefined", 1))
        .hasMessage(
            "predefined folds leave no row to train on: all 2 rows are in fold 3, and at least 2 folds are needed; use another fold"
                + " column, or k-fold");
    Sample split = Sample.folds(new int[] {0, 0, 1, 2, 1, 2}, new long[] {1, 1, 1, 1, 2, 3});
    assertInput(() -> Sample.groupedPlan("kind = predefined").bind(split.population(), 1))
        .hasMessage(
            "1 of 3 groups has rows in more than one predefined fold, and rows of a group never split; mend the fold column, or remove"
                + " the group from the data");
    assertThatThrownBy(() -> Sample.plain(9).bind("kind = predefined", 1))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "predefined needs predefined folds, and the data have none; add `fold = COLUMN` to the data");
  }
}
