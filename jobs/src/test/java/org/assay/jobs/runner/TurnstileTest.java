package org.assay.jobs.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnstileTest {

  /** Each adds itself while it is in, and sees how many are. */
  @Test
  void oneThatIsExclusiveIsAlone() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> seen = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      boolean exclusive = i % 5 == 0;
      seen.add(threads.submit(() -> pass(exclusive, inside)));
    }
    for (int i = 0; i < 400; i += 5) {
      assertThat(seen.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(1);
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  @SuppressWarnings("try") // passed for as long as the block lasts
  private static int pass(boolean exclusive, AtomicInteger inside) throws Exception {
    try (Turnstile in = new Turnstile(exclusive)) {
      int before = inside.incrementAndGet();
      for (int spin = 0; spin < 1000; spin++) {
        Thread.onSpinWait();
      }
      int after = inside.getAndDecrement();
      return Math.max(before, after);
    }
  }

  /** Two that are not exclusive are in at once: each waits for the other there. */
  @Test
  @SuppressWarnings("try") // passed for as long as the block lasts
  void othersAreInTogether() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Boolean>> met = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      met.add(
          threads.submit(
              () -> {
                try (Turnstile in = new Turnstile(false)) {
                  both.countDown();
                  return both.await(60, TimeUnit.SECONDS);
                }
              }));
    }
    for (Future<Boolean> each : met) {
      assertThat(each.get()).isTrue();
    }
    threads.shutdown();
  }
}
