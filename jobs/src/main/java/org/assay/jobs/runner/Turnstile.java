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
 * all others to end, and no other may begin while it waits or runs. It holds between the executors
 * of one user, of whatever application, that share a folder of temporary files; those in containers
 * do not.
 *
 * <p>It is left by the thread that passed it. Processes that die leave it.
 */
final class Turnstile implements AutoCloseable {
  /** In this process, where one file can be locked but once. */
  private static final ReentrantReadWriteLock HERE = new ReentrantReadWriteLock(true);

  private static final Object PASSING = new Object();
  private static final Object GUARD = new Object();
  private static int inside;
  private static FileChannel channel;
  private static FileLock room;

  private final Lock here;
  private final FileChannel gate;

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
      gate = exclusive ? closed() : passed();
      try {
        enter(exclusive);
      } catch (IOException | RuntimeException e) {
        close(gate);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      here.unlock();
      throw e;
    }
  }

  /** Whoever is exclusive keeps the gate closed, so that none can enter while it waits. */
  private static FileChannel closed() throws IOException {
    FileChannel own = open(file("gate"));
    try {
      own.lock();
      return own;
    } catch (IOException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /** Others only pass it, one by one of a process. */
  private static FileChannel passed() throws IOException {
    synchronized (PASSING) {
      closed().close();
    }
    return null;
  }

  private static void enter(boolean exclusive) throws IOException {
    synchronized (GUARD) {
      if (inside == 0) {
        channel = open(file("room"));
        try {
          room = channel.lock(0, Long.MAX_VALUE, !exclusive);
        } catch (IOException | RuntimeException e) {
          channel.close();
          throw e;
        }
      }
      inside++;
    }
  }

  private static void close(FileChannel gate) throws IOException {
    if (gate != null) {
      gate.close();
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static Path file(String what) {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "assay-orders-of-" + System.getProperty("user.name") + "." + what);
  }

  @Override
  public void close() throws IOException {
    try {
      synchronized (GUARD) {
        inside--;
        if (inside == 0) {
          room.release();
          channel.close();
        }
      }
      close(gate);
    } finally {
      here.unlock();
    }
  }
}
