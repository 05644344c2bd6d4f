package org.assay.jobs.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.util.SerializableConfiguration;
import org.assay.jobs.store.StagedRun;
import org.assay.metric.Squares;

/**
 * The predictions of cells below one folder of a Hadoop file system. Cells that are carried out
 * together are a bundle: it has a file per block, which holds the predictions of each of its cells
 * (of one that predicts its training rows too, two sets), on request a model per cell, and a mark
 * when it is whole.
 *
 * <p>A file holds what any attempt at it would hold, so attempts overwrite each other harmlessly.
 * Thread-safe.
 */
public final class CellFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Where a cell's predictions are.
   *
   * @param bundle the bundle's name
   * @param at place in it of those of the rows that it is tested on
   * @param training place of those of its training rows; -1 when there are none
   */
  public record Place(String bundle, int at, int training) implements Serializable {

    /** Where those of its training rows are. */
    public Place trained() {
      if (training < 0) {
        throw new IllegalStateException("nothing was predicted for the training rows of " + this);
      }
      return new Place(bundle, training, -1);
    }
  }

  /**
   * What is known of a whole cell besides its predictions.
   *
   * @param fitSeconds wall time of the fit; of those fitted together an equal share
   * @param unseen held-out rows with a category unseen in training
   * @param squares sums over the rows held out, of a cell that was to leave them and that is
   *     carried out by an engine at hand of them; else null
   */
  public record Done(double fitSeconds, long unseen, Squares squares) implements Serializable {
    Done(double fitSeconds, long unseen) {
      this(fitSeconds, unseen, null);
    }
  }

  /** What is kept of a cell. */
  private enum Keep {
    PREDICTIONS,
    /** Its predictions and its model. */
    MODELS
  }

  private final String folder;
  private final SerializableConfiguration configuration;
  private final Keep keep;

  /** Files below {@code folder}. */
  public CellFiles(Path folder, Configuration configuration) {
    this(folder, configuration, Keep.PREDICTIONS);
  }

  private CellFiles(Path folder, Configuration configuration, Keep keep) {
    this.folder = folder.toString();
    this.configuration = new SerializableConfiguration(configuration);
    this.keep = keep;
  }

  /** Files in a folder of this one, where models are kept too. */
  public CellFiles in(String name) {
    return new CellFiles(new Path(folder, name), configuration.value(), Keep.MODELS);
  }

  private Path path(String bundle, String file) {
    return new Path(folder, bundle + "/" + file);
  }

  private FileSystem fileSystem() throws IOException {
    return new Path(folder).getFileSystem(configuration.value());
  }

  /** Writes what the cells of a bundle say of a block, in one task. */
  Writer writer(String bundle, int block) {
    return new Writer(path(bundle, "block-" + block));
  }

  /**
   * Takes the predictions of the cells of a bundle for one block, in the order of their places. The
   * file ends with where each set ends and how many there are. Not thread-safe.
   */
  final class Writer implements AutoCloseable {
    private final DataOutputStream out;
    private final List<Long> ends = new ArrayList<>();
    private long end;

    private Writer(Path path) {
      try {
        out =
            new DataOutputStream(
                new BufferedOutputStream(fileSystem().create(path, true), 1 << 16));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void add(Predictions cell) {
      try {
        cell.write(out);
        end += cell.bytes();
        ends.add(end);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try (out) {
        for (long e : ends) {
          out.writeLong(e);
        }
        out.writeInt(ends.size());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Writes a cell's model, if models are kept. */
  void keep(Place place, FittedModel fitted) {
    if (keep == Keep.MODELS) {
      try (ObjectOutputStream out =
          new ObjectOutputStream(
              new BufferedOutputStream(fileSystem().create(model(place), true), 1 << 16))) {
        out.writeObject(fitted);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Writes a cell's pipeline, if models are kept. */
  void keep(Place place, PipelineModel fitted) {
    if (keep == Keep.MODELS) {
      try {
        fitted.write().overwrite().save(model(place).toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Where the model of a cell is. */
  Path model(Place place) {
    return path(place.bundle(), "model-" + place.at());
  }

  /** The model of a cell that is whole, and no pipeline, where models are kept. */
  FittedModel fitted(Place place) {
    try (ObjectInputStream in =
        new ObjectInputStream(new BufferedInputStream(fileSystem().open(model(place)), 1 << 16)) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass type)
              throws IOException, ClassNotFoundException {
            try {
              return Class.forName(
                  type.getName(), false, Thread.currentThread().getContextClassLoader());
            } catch (ClassNotFoundException e) {
              return super.resolveClass(type); // a primitive type, or of this class's loader
            }
          }
        }) {
      return (FittedModel) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads predictions, in one task. */
  public Reader reader() {
    return new Reader();
  }

  /** Reads predictions and keeps the files that it read last open. Not thread-safe. */
  public final class Reader implements AutoCloseable {
    private static final int OPEN = 64;

    private record Bundle(FSDataInputStream in, long[] ends) {}

    private record File(String bundle, int block) {}

    private final Map<File, Bundle> open = new LinkedHashMap<>(16, 0.75f, true);

    private Reader() {}

    /** What a cell of a whole bundle says of a block. */
    public Predictions read(Place place, int block) {
      try {
        Bundle bundle = bundle(new File(place.bundle(), block));
        long from = place.at() == 0 ? 0 : bundle.ends()[place.at() - 1];
        byte[] bytes = new byte[Math.toIntExact(bundle.ends()[place.at()] - from)];
        bundle.in().readFully(from, bytes);
        return Predictions.read(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Bundle bundle(File file) throws IOException {
      Bundle found = open.get(file);
      if (found != null) {
        return found;
      }
      if (open.size() == OPEN) {
        open.remove(open.keySet().iterator().next()).in().close();
      }
      Path path = path(file.bundle(), "block-" + file.block());
      long length = fileSystem().getFileStatus(path).getLen();
      FSDataInputStream in = fileSystem().open(path, 1 << 16);
      in.seek(length - Integer.BYTES);
      long[] ends = new long[in.readInt()];
      in.seek(length - Integer.BYTES - (long) Long.BYTES * ends.length);
      for (int c = 0; c < ends.length; c++) {
        ends[c] = in.readLong();
      }
      Bundle bundle = new Bundle(in, ends);
      open.put(file, bundle);
      return bundle;
    }

    @Override
    public void close() {
      for (Bundle bundle : open.values()) {
        try {
          bundle.in().close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      open.clear();
    }
  }

  /** What is known of the cells of a bundle, if it is whole. */
  Optional<List<Done>> done(String bundle) {
    try {
      Path mark = path(bundle, StagedRun.CELL_DONE);
      if (!fileSystem().exists(mark)) {
        return Optional.empty();
      }
      try (DataInputStream in = fileSystem().open(mark)) {
        int cells = in.readInt();
        List<Done> done = new ArrayList<>();
        for (int c = 0; c < cells; c++) {
          done.add(new Done(in.readDouble(), in.readLong(), in.readBoolean() ? squares(in) : null));
        }
        return Optional.of(done);
      }
    } catch (IOException e) {
      return Optional.empty(); // a mark cut short is no mark
    }
  }

  private static void write(Squares sums, DataOutputStream out) throws IOException {
    out.writeLong(sums.items());
    for (double sum :
        new double[] {
          sums.weight(),
          sums.residuals(),
          sums.residualsError(),
          sums.squaredResiduals(),
          sums.squaredResidualsError(),
          sums.labels(),
          sums.squaredLabels(),
          sums.scatterError(),
          sums.leastLabel(),
          sums.greatestLabel()
        }) {
      out.writeDouble(sum);
    }
  }

  private static Squares squares(DataInputStream in) throws IOException {
    return new Squares(
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble());
  }

  /** Marks a bundle as whole. */
  void finish(String bundle, List<Done> cells) {
    try (DataOutputStream out =
        new DataOutputStream(fileSystem().create(path(bundle, StagedRun.CELL_DONE), true))) {
      out.writeInt(cells.size());
      for (Done done : cells) {
        out.writeDouble(done.fitSeconds());
        out.writeLong(done.unseen());
        out.writeBoolean(done.squares() != null);
        if (done.squares() != null) {
          write(done.squares(), out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
