package org.assay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestIdTest {

  @ParameterizedTest
  @CsvSource({
    "org.x.ATest, adds(int)[2]",
    "'tests/test #1.py::TestB', 'test[a#b 50%\n\u00e9]'",
    "'%23', '#'",
    "'', x"
  })
  void itsTextGivesItBack(String container, String name) {
    TestId id = new TestId(container, name);
    assertThat(TestId.parse(id.text())).isEqualTo(id);
  }

  @Test
  void refusesWhatIsNoId() {
    assertThatThrownBy(() -> TestId.parse("org.x.ATest"))
        .hasMessage("test 'org.x.ATest': must be written container#name, such as org.x.ATest#adds");
    assertThatThrownBy(() -> TestId.parse("A#")).hasMessage("a test of 'A' without a name");
  }

  @Test
  void aSuiteNumbersTestsAndClassesByFirstAppearance() {
    TestId a = new TestId("A", "x");
    TestId b = new TestId("B", "x");
    TestId c = new TestId("A", "y");
    Suite suite = Suite.of(List.of(a, b, c));
    assertThat(suite.classes()).isEqualTo(2);
    assertThat(suite.members(0)).containsExactly(0, 2);
    assertThat(suite.classOf(1)).isEqualTo(1);
    assertThat(suite.keepsClassesTogether()).isFalse();
    assertThat(Suite.of(List.of(a, c, b)).keepsClassesTogether()).isTrue();
    assertThatThrownBy(() -> Suite.of(List.of(a, a))).hasMessage("test A#x is in the suite twice");
    assertThatThrownBy(() -> Suite.of(List.of())).hasMessage("a suite without tests");
  }
}
