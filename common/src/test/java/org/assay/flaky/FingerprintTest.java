package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assay.order.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          expected: <3> but was: <-4.5e10>              | expected: <<n>> but was: <<n>>
          java.net.BindException: port 51234 in use     | java.net.BindException: port <n> in use
          /tmp/junit123/a.txt (No such file)            | <tmp> (No such file)
          '/var/folders/zz/x/T/p-1/f', gone             | '<tmp>', gone
          C:\\Users\\me\\AppData\\Local\\Temp\\x1\\f.txt: no | <tmp>: no
          Lock@1b6d3586 at 0x7f3a held                  | Lock@<hex> at <hex> held
          commit 2d62a3e9 of 5382e5e8aa                 | commit <hex> of <hex>
          a1b2c3d4-0000-4000-8000-0123456789ab missing  | <id> missing
          at 2026-11-27T10:00:00.123Z and 10:00:01      | at <time> and <time>
          deadbeef accessed facade                      | deadbeef accessed facade
          Thread[pool-1-thread-3,5,main]                | Thread[pool-<n>-thread-<n>,main]
          Expected Foo, got foo                         | Expected Foo, got foo
          """)
  void whatDiffersFromRunToRunIsTakenAway(String message, String normalized) {
    assertThat(Fingerprint.normalized(message)).isEqualTo(normalized);
  }

  @Test
  void stackTracesAndColoursAreNoise() {
    String trace =
        """
        \u001B[31mjava.lang.AssertionError: no\u001B[0m\r
        \tat org.x.A.b(A.java:12)
        \tat java.base/java.lang.Thread.run(Thread.java:833)
        \t... 12 more

        Caused by:   java.io.IOException""";
    assertThat(Fingerprint.normalized(trace))
        .isEqualTo("java.lang.AssertionError: no\nCaused by: java.io.IOException");
  }

  @Test
  void isTheSameForEver() {
    assertThat(Fingerprint.of("port 1 in use")).isEqualTo(Fingerprint.of("port 99 in use"));
    assertThat(Fingerprint.of("port 1 in use")).isNotEqualTo(Fingerprint.of("port 1 not in use"));
    assertThat(Fingerprint.of("boom")).matches("[0-9a-f]{16}").isEqualTo(Fingerprint.of(" boom\n"));
    assertThat(Fingerprint.of("  \n")).isEmpty();
    // A message of some length takes no time to speak of.
    assertThat(Fingerprint.of("0123456789abcdef @/tmp:\\Temp\\".repeat(1_000_000))).isNotEmpty();
  }

  @Test
  void failuresOfOneReasonAreOneCluster() {
    Order order = new Order("same-order-0000", "same-order", 0, new int[] {0, 1, 2});
    List<FailureCluster> clusters =
        FailureCluster.of(
            List.of(
                Run.of(order, 0, 0, "", "", List.of(failed("disk 1 full"), failed("no"), passed())),
                Run.of(
                    order,
                    1,
                    0,
                    "",
                    "",
                    List.of(failed("disk 2 full"), passed(), failed("disk 3 full")))));
    assertThat(clusters)
        .containsExactly(
            new FailureCluster(Fingerprint.of("disk 1 full"), "disk 1 full", 3, 2, List.of(0, 2)),
            new FailureCluster(Fingerprint.of("no"), "no", 1, 1, List.of(1)));
  }

  private static Observation failed(String message) {
    return new Observation(Outcome.FAIL, 1, message, Fingerprint.of(message));
  }

  private static Observation passed() {
    return new Observation(Outcome.PASS, 1, "", "");
  }
}
