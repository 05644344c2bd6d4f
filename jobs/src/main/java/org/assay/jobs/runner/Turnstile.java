package org.assay.jobs.runner;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What every order on a machine passes: an order that must have the machine for itself waits for
 * all others to end, and they wait for it. It holds between the executors of one user, of whatever
 * application, that share a folder of temporary files; those in containers do not.
 *
 * <p>It is left by the thread that passed it. Processes that die leave it.
 */
final class Turnstile implements AutoCloseable {
  /** In this process, where one file can be locked but once. */
  private static final ReentrantReadWriteLock HERE = new ReentrantReadWriteLock(true);

  private static final Object GUARD = new Object();
  private static int inside;
  private static FileChannel channel;
  private static FileLock lock;

  private final Lock here;

  /** Waits for its turn. */
  Turnstile(boolean exclusive) throws IOException {
    here = exclusive ? HERE.writeLock() : HERE.readLock();
    try {
      here.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the task was ended while it waited for the machine", e);
    }
    try {
      synchronized (GUARD) {
        if (inside == 0) {
          pass(exclusive);
        }
        inside++;
      }
    } catch (IOException | RuntimeException e) {
      here.unlock();
      throw e;
    }
  }

  private static void pass(boolean exclusive) throws IOException {
    channel =
        FileChannel.open(
            file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock = channel.lock(0, Long.MAX_VALUE, !exclusive);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Path file() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "assay-orders-of-" + System.getProperty("user.name") + ".lock");
  }

  @Override
  public void close() throws IOException {
    try {
      synchronized (GUARD) {
        inside--;
        if (inside == 0) {
          lock.release();
          channel.close();
        }
      }
    } finally {
      here.unlock();
    }
  }
}
