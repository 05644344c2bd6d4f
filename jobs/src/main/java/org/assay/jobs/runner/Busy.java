package org.assay.jobs.runner;

import java.util.ArrayList;
import java.util.List;

/** Threads that compute, and compute nothing, until closed. */
final class Busy implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isOver;

  Busy(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (!isOver) {
                  Thread.onSpinWait();
                }
              },
              "assay-busy");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  @Override
  public void close() {
    isOver = true;
  }
}
