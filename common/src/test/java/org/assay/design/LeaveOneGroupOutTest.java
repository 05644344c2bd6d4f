package org.assay.design;

import static org.assay.design.KFoldTest.assertInput;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaveOneGroupOutTest extends SchemeContract {
  @Override
  List<String> plans() {
    return List.of();
  }

  @Override
  List<String> groupedPlans() {
    return List.of("kind = leave-one-group-out");
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
      Sample sample =
          Sample.groups(Arrays.stream(References.ints(c.get("label"))).asLongStream().toArray())
              .recut(3);
      Design design = Sample.groupedPlan("kind = leave-one-group-out").bind(sample.population(), 1);
      References.assertSame(sample, design, c.get("leave-one-group-out"));
    }
  }

  @Test
  void refusesOneGroup() {
    assertInput(
            () ->
                Sample.groupedPlan("kind = leave-one-group-out")
                    .bind(Sample.groups(7, 7, 7).population(), 1))
        .hasMessage(
            "leave-one-group-out needs at least 2 groups, and there is 1; add data of other groups");
  }
}
