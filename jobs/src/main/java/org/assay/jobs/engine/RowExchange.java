package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Donated;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Schema;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * Rows beside the rows whose values they are given, repeat by repeat: a donor for every row, drawn
 * among the rows of its stratum, the same for all models and columns.
 *
 * <p>Donors are a function of the seed, the repeat, the stratum and the row's place among the
 * stratum's rows in canonical order. Each row is once a donor in each repeat.
 */
final class RowExchange {

  /** Where donors come from. */
  enum Cut {
    /** From all rows, which every task holds. */
    REPLICATES,
    /** From all rows, by a shuffle per repeat. */
    ROWS,
    /** From the rows of the same block. */
    BLOCK
  }

  /** How donors are drawn. */
  enum Draw {
    /** All permutations are equally likely, those that leave rows in their place included. */
    PERMUTATION,
    /** No row is its own donor: the next one in a cycle that is drawn at random. */
    SWITCH;

    /** The place whose row gives to the row at a place. */
    long donor(Permutation permutation, long place) {
      if (this == PERMUTATION) {
        return permutation.at(place);
      }
      long next = permutation.inverse(place) + 1;
      return permutation.at(next == permutation.size() ? 0 : next);
    }

    /** The place whose row is given to by the row at a place. */
    long recipient(Permutation permutation, long place) {
      if (this == PERMUTATION) {
        return permutation.inverse(place);
      }
      long at = permutation.inverse(place);
      return permutation.at(at == 0 ? permutation.size() - 1 : at - 1);
    }
  }

  /** The stratum of each row of a block, a number from 0; -1 for rows that take no part. */
  interface Strata extends Serializable {
    /** A new array. */
    int[] of(Block block);
  }

  /**
   * How rows exchange values.
   *
   * @param strata which rows may
   * @param count number of strata
   * @param function of donors
   */
  record Design(Strata strata, int count, Keyed function, Draw draw) implements Serializable {

    Permutation permutation(int stratum, int repeat, long rows) {
      return Permutation.of(function.derive(stratum), repeat, rows);
    }
  }

  /**
   * Rows of a block with their donors.
   *
   * @param start canonical index of the block's first row
   * @param from the first of these rows
   * @param to after the last of them
   * @param repeat number of the first repeat
   * @param donors by repeat: the features of the donors of rows from {@code from} on, and as their
   *     groups their units
   */
  record Rows(Block block, long start, int from, int to, int repeat, List<Block> donors)
      implements Serializable {}

  private final JavaSparkContext context;
  private final Frame frame;
  private final AllRows all;

  /** Rows of a piece, at least. */
  private static final int LEAST = 256;

  /** Pieces that the rows at hand are cut into, more or less. */
  private static final int PIECES = 64;

  /**
   * Exchanges of rows of a frame.
   *
   * @param all the rows where every task holds them; null where they do not
   */
  RowExchange(JavaSparkContext context, Frame frame, AllRows all) {
    this.context = context;
    this.frame = frame;
    this.all = all;
  }

  /** A unit that goes together: the row's group, or without groups the row itself. */
  static long unit(Schema schema, Block block, long start, int row) {
    return schema.data().group().isPresent() ? block.group(row) : start + row;
  }

  /** All rows, each with its donors in some repeats. */
  JavaRDD<Rows> rows(Design design, Cut cut, int firstRepeat, int repeats) {
    return switch (cut) {
      case REPLICATES -> atHand(design, firstRepeat, repeats);
      case ROWS -> shuffled(design, firstRepeat, repeats);
      case BLOCK -> inBlocks(design, firstRepeat, repeats);
    };
  }

  private long[] starts() {
    long[] starts = new long[frame.blockCount()];
    Arrays.setAll(starts, frame::start);
    return starts;
  }

  /** The rows by stratum, those of a stratum in canonical order. */
  record Order(int[] stratum, int[] place, int[] row, int[] first) implements Serializable {
    /** The donor of a row that takes part, or another that does not, itself. */
    int donor(Design design, Map<Integer, Permutation> permutations, int repeat, int global) {
      int s = stratum[global];
      if (s < 0) {
        return global;
      }
      int from = first[s];
      int size = first[s + 1] - from;
      Permutation permutation = permutations.get(s);
      if (permutation == null) {
        permutation = design.permutation(s, repeat, size);
        permutations.put(s, permutation);
      }
      return row[from + (int) design.draw().donor(permutation, place[global] - from)];
    }

    static Order of(List<int[]> blocks, int strata) {
      int[] stratum = blocks.stream().flatMapToInt(Arrays::stream).toArray();
      int[] first = new int[strata + 1];
      for (int s : stratum) {
        if (s >= 0) {
          first[s + 1]++;
        }
      }
      Arrays.parallelPrefix(first, Integer::sum);
      int[] next = first.clone();
      int[] place = new int[stratum.length];
      int[] row = new int[first[strata]];
      for (int i = 0; i < stratum.length; i++) {
        if (stratum[i] >= 0) {
          place[i] = next[stratum[i]]++;
          row[place[i]] = i;
        }
      }
      return new Order(stratum, place, row, first);
    }
  }

  private List<int[]> codes(Design design) {
    Strata strata = design.strata();
    return frame.blocks().map(strata::of).collect(); // the plan has checked the bound
  }

  /** The rows by stratum. */
  Order order(Design design) {
    return Order.of(codes(design), design.count());
  }

  private record Piece(int block, int from, int to) implements Serializable {}

  private JavaRDD<Rows> atHand(Design design, int firstRepeat, int repeats) {
    List<int[]> codes = codes(design);
    Broadcast<Order> order = context.broadcast(Order.of(codes, design.count()));
    Broadcast<List<Block>> blocks = all.blocks();
    long[] starts = starts();
    int step = (int) Math.max(LEAST, frame.rows() / PIECES);
    List<Piece> pieces = new ArrayList<>();
    for (int b = 0; b < codes.size(); b++) {
      for (int from = 0; from < codes.get(b).length; from += step) {
        pieces.add(new Piece(b, from, Math.min(codes.get(b).length, from + step)));
      }
    }
    Schema schema = frame.schema();
    return context
        .parallelize(pieces, Math.max(1, pieces.size()))
        .map(
            piece ->
                atHand(
                    design,
                    order.value(),
                    blocks.value(),
                    starts,
                    schema,
                    piece,
                    firstRepeat,
                    repeats));
  }

  private static Rows atHand(
      Design design,
      Order order,
      List<Block> blocks,
      long[] starts,
      Schema schema,
      Piece piece,
      int firstRepeat,
      int repeats) {
    Block block = blocks.get(piece.block());
    int n = piece.to() - piece.from();
    List<Block> donors = new ArrayList<>();
    for (int r = 0; r < repeats; r++) {
      Map<Integer, Permutation> permutations = new HashMap<>();
      Block[] from = new Block[n];
      int[] row = new int[n];
      long[] unit = new long[n];
      for (int i = 0; i < n; i++) {
        int global = (int) starts[piece.block()] + piece.from() + i;
        int donor = order.donor(design, permutations, firstRepeat + r, global);
        int at = Arrays.binarySearch(starts, donor);
        at = at >= 0 ? at : -at - 2;
        while (blocks.get(at).size() == 0) {
          at++; // blocks without rows start where the next one does
        }
        from[i] = blocks.get(at);
        row[i] = donor - (int) starts[at];
        unit[i] = unit(schema, from[i], starts[at], row[i]);
      }
      donors.add(Block.features(schema, block.number(), from, row, unit));
    }
    return new Rows(block, starts[piece.block()], piece.from(), piece.to(), firstRepeat, donors);
  }

  private JavaRDD<Rows> inBlocks(Design design, int firstRepeat, int repeats) {
    long[] starts = starts();
    Schema schema = frame.schema();
    return frame
        .blocks()
        .map(
            block -> {
              int[] stratum = design.strata().of(block);
              Order order = Order.of(List.of(stratum), design.count());
              long start = starts[block.number()];
              int n = block.size();
              Block[] from = new Block[n];
              Arrays.fill(from, block);
              List<Block> donors = new ArrayList<>();
              for (int r = 0; r < repeats; r++) {
                int repeat = firstRepeat + r;
                Map<Integer, Permutation> permutations = new HashMap<>();
                int[] row = new int[n];
                long[] unit = new long[n];
                for (int i = 0; i < n; i++) {
                  row[i] = i;
                  if (stratum[i] >= 0) {
                    int first = order.first()[stratum[i]];
                    int size = order.first()[stratum[i] + 1] - first;
                    Permutation permutation =
                        permutations.computeIfAbsent(
                            stratum[i],
                            s ->
                                Permutation.of(
                                    design.function().derive(s).derive(block.number()),
                                    repeat,
                                    size));
                    long place = design.draw().donor(permutation, order.place()[i] - first);
                    row[i] = order.row()[first + (int) place];
                  }
                  unit[i] = unit(schema, block, start, row[i]);
                }
                donors.add(Block.features(schema, block.number(), from, row, unit));
              }
              return new Rows(block, start, 0, n, firstRepeat, donors);
            });
  }

  /**
   * Where the rows of each stratum are.
   *
   * @param before by stratum and block: rows of the stratum in earlier blocks; one more is all
   */
  private record Places(long[][] before) implements Serializable {
    static Places of(List<long[]> counts, int strata) {
      long[][] before = new long[strata][counts.size() + 1];
      for (int s = 0; s < strata; s++) {
        for (int b = 0; b < counts.size(); b++) {
          before[s][b + 1] = before[s][b] + counts.get(b)[s];
        }
      }
      return new Places(before);
    }

    long rows(int stratum) {
      return before[stratum][before[stratum].length - 1];
    }

    /** The block that holds a stratum's row of a place. */
    int block(int stratum, long place) {
      int low = 0;
      int high = before[stratum].length - 1;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (before[stratum][middle] <= place) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  private JavaRDD<Rows> shuffled(Design design, int firstRepeat, int repeats) {
    int strata = design.count();
    List<long[]> counts = // one number per block and stratum
        frame
            .blocks()
            .map(
                block -> {
                  long[] count = new long[strata];
                  for (int s : design.strata().of(block)) {
                    if (s >= 0) {
                      count[s]++;
                    }
                  }
                  return count;
                })
            .collect();
    Broadcast<Places> places = context.broadcast(Places.of(counts, strata));
    long[] starts = starts();
    Schema schema = frame.schema();
    JavaRDD<Donated> donated =
        Donated.shuffle(
            frame,
            block -> {
              Donated.Recipients recipients =
                  new Donated.Recipients(
                      new int[repeats * block.size()], new long[repeats * block.size()]);
              int[] stratum = design.strata().of(block);
              long[] next = new long[strata];
              Permutation[][] permutations = new Permutation[strata][repeats];
              for (int i = 0; i < stratum.length; i++) {
                int s = stratum[i];
                for (int r = 0; r < repeats; r++) {
                  int at = r * stratum.length + i;
                  recipients.block()[at] = -1;
                  if (s >= 0) {
                    if (permutations[s][r] == null) {
                      permutations[s][r] =
                          design.permutation(s, firstRepeat + r, places.value().rows(s));
                    }
                    long place = places.value().before()[s][block.number()] + next[s];
                    long recipient = design.draw().recipient(permutations[s][r], place);
                    int to = places.value().block(s, recipient);
                    recipients.block()[at] = to;
                    recipients.place()[at] =
                        (long) s << 32 | recipient - places.value().before()[s][to];
                  }
                }
                if (s >= 0) {
                  next[s]++;
                }
              }
              return recipients;
            },
            repeats,
            starts);
    return frame
        .blocks()
        .zipPartitions(
            donated,
            (blocks, given) -> {
              Block block = blocks.next();
              int[] stratum = design.strata().of(block);
              long[] next = new long[strata];
              long[] place = new long[stratum.length];
              for (int i = 0; i < place.length; i++) {
                int s = stratum[i];
                place[i] = s < 0 ? -1 : (long) s << 32 | next[s]++;
              }
              return one(
                  new Rows(
                      block,
                      starts[block.number()],
                      0,
                      block.size(),
                      firstRepeat,
                      given.next().blocks(schema, block, place)));
            });
  }

  private static <T> Iterator<T> one(T element) {
    return Collections.singleton(element).iterator();
  }
}
