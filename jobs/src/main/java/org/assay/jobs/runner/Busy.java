package org.assay.jobs.runner;

/** Threads that compute, and compute nothing, until they are ended. */
final class Busy {
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
    }
  }

  void end() {
    isOver = true;
  }
}
