package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.SliceColumn;
import scala.Tuple2;

/**
 * The slices of a frame's rows that are reported apart, numbered.
 *
 * <p>A cut is one way of dividing the rows, by a column or a combination of columns; a row is in at
 * most one slice of each. Cut 0 is all rows in one slice, number 0, named "". Slices are numbered
 * by cut in the order of the configuration, then by the values of the cut's columns: missing,
 * values in the order of the frame's dictionary or ascending ranges, "other". So numbers depend on
 * the data and the configuration alone.
 *
 * <ul>
 *   <li>By value: {@code country=NL}; missing values, and the text "null", make {@code
 *       country=null}. In a pooled column values of fewer than {@code slice-min-count} rows, and
 *       the text "other", make {@code country=other}.
 *   <li>By edges: {@code age=(-inf,25)}, {@code age=[25,40)}, {@code age=[40,inf)}; the lower end
 *       belongs to a range, the upper does not. NaN and missing make {@code age=null}.
 *   <li>By quantiles: the same with edges where a sorted column has passed each equal share of its
 *       values, taken from the first 1,000,000 rows in canonical order, all of them in smaller
 *       frames. Tied edges count once, so there may be fewer ranges.
 * </ul>
 *
 * <p>Slices without rows do not exist; those of fewer than {@code slice-min-count} rows have no
 * number, and {@link #notes} says how many there are. Of cuts that share a range, the first has it.
 *
 * <p>A row's slice costs one look-up per cut, or a binary search where a cut's columns have more
 * than 2^20 combinations. Immutable, thread-safe.
 */
public final class Slicing implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 100_000;
  private static final int DENSE = 1 << 20;

  /** The name of a pool of rare values. */
  private static final String POOL = "other";

  private final String[] names;
  private final long[] counts;
  private final Cut[] cuts;

  /** Number of the first slice of each cut, and of one more. */
  private final int[] firsts;

  private final List<String> notes;

  private Slicing(String[] names, long[] counts, Cut[] cuts, int[] firsts, List<String> notes) {
    this.names = names;
    this.counts = counts;
    this.cuts = cuts;
    this.firsts = firsts;
    this.notes = notes;
  }

  /** All rows in one slice, and no other. */
  public static Slicing all(long rows) {
    return new Slicing(
        new String[] {""}, new long[] {rows}, new Cut[0], new int[] {0, 1}, List.of());
  }

  /** Number of slices; at least 1, that of all rows. */
  public int size() {
    return names.length;
  }

  /** A slice's name in reports, such as {@code country=NL,plan=pro}; empty for all rows. */
  public String name(int slice) {
    return names[slice];
  }

  /** Number of rows of a slice. */
  public long count(int slice) {
    return counts[slice];
  }

  /** Number of cuts; at least 1, that of all rows. */
  public int cuts() {
    return cuts.length + 1;
  }

  /** Number of the first slice of a cut; its slices end where those of the next cut begin. */
  public int first(int cut) {
    return firsts[cut];
  }

  /**
   * The slice that a cut puts each row of a block in; -1 for rows whose slice is not reported. A
   * new array.
   */
  public int[] codes(int cut, Block block) {
    return cut == 0 ? new int[block.size()] : cuts[cut - 1].slices(block);
  }

  /** How many there are besides all rows, and how many were left out. */
  public String describe() {
    return size() - 1 + (notes.isEmpty() ? "" : "; " + String.join("; ", notes));
  }

  /** What was left out, a sentence each; empty when nothing was. */
  public List<String> notes() {
    return notes;
  }

  /** One column's part in a cut. */
  private interface Axis extends Serializable {
    /** Number of codes, that of missing values (0) included. */
    int radix();

    int code(Block block, int row);

    /** The value of a code as names have it. */
    String value(int code, Schema schema);
  }

  /**
   * Codes by value.
   *
   * @param at number of the text column
   * @param codes by the dictionary's code, from -1 for missing on
   */
  private record ByValue(int at, int[] codes, int radix) implements Axis {
    @Override
    public int code(Block block, int row) {
      return codes[block.text(at, row) + 1];
    }

    @Override
    public String value(int code, Schema schema) {
      String[] dictionary = schema.dictionaries().get(at);
      return code == 0 ? "null" : code > dictionary.length ? POOL : dictionary[code - 1];
    }
  }

  /** Codes by range: 1 below the first edge, then one more from each edge on. */
  private record ByRange(int slot, double[] edges) implements Axis {
    @Override
    public int radix() {
      return edges.length + 2;
    }

    @Override
    public int code(Block block, int row) {
      double value = block.numeric(slot, row);
      if (Double.isNaN(value)) {
        return 0;
      }
      int at = Arrays.binarySearch(edges, value);
      return at >= 0 ? at + 2 : -at;
    }

    @Override
    public String value(int code, Schema schema) {
      if (code == 0) {
        return "null";
      }
      return (code == 1 ? "(-inf" : "[" + Projection.numberText(edges[code - 2]))
          + ","
          + (code > edges.length ? "inf" : Projection.numberText(edges[code - 1]))
          + ")";
    }
  }

  /** One way of dividing the rows; codes of combinations are mixed-radix, first column slowest. */
  private record Cut(List<String> columns, Axis[] axes, long[] codes, int[] slices, int[] dense)
      implements Serializable {

    static Cut of(List<String> columns, Axis[] axes) {
      return new Cut(columns, axes, null, null, null);
    }

    /** This cut with the slices of its codes, which are sorted. */
    Cut numbered(long[] codes, int[] slices) {
      long combinations = 1;
      for (Axis axis : axes) {
        combinations *= axis.radix();
      }
      if (combinations > DENSE) {
        return new Cut(columns, axes, codes, slices, null);
      }
      int[] dense = new int[(int) combinations];
      Arrays.fill(dense, -1);
      for (int i = 0; i < codes.length; i++) {
        dense[(int) codes[i]] = slices[i];
      }
      return new Cut(columns, axes, null, null, dense);
    }

    long[] codes(Block block) {
      long[] all = new long[block.size()];
      for (Axis axis : axes) {
        for (int i = 0; i < all.length; i++) {
          all[i] = all[i] * axis.radix() + axis.code(block, i);
        }
      }
      return all;
    }

    int[] slices(Block block) {
      long[] all = codes(block);
      int[] found = new int[all.length];
      for (int i = 0; i < found.length; i++) {
        if (dense != null) {
          found[i] = dense[(int) all[i]];
        } else {
          int at = Arrays.binarySearch(codes, all[i]);
          found[i] = at < 0 ? -1 : slices[at];
        }
      }
      return found;
    }

    String name(long code, Schema schema) {
      List<String> parts = new ArrayList<>();
      long rest = code;
      for (int a = axes.length - 1; a >= 0; a--) {
        int value = (int) (rest % axes[a].radix());
        rest /= axes[a].radix();
        parts.add(columns.get(a) + "=" + axes[a].value(value, schema));
      }
      Collections.reverse(parts);
      return String.join(",", parts);
    }
  }

  private record Place(int cut, long code) implements Serializable {}

  private record Counted(Place place, long rows) implements Serializable {}

  /** The slices that one task counted: those to report, and how many not. */
  private record Share(List<Counted> kept, long rare) implements Serializable {}

  static Slicing of(Frame frame) {
    List<List<SliceColumn>> wanted = frame.schema().data().slices();
    if (wanted.isEmpty()) {
      return all(frame.rows());
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(frame.blocks().context());
    String before = context.getLocalProperty("spark.job.description");
    context.setJobDescription("data." + frame.schema().data().name() + ": count the slices");
    try {
      return counted(frame, cuts(frame));
    } finally {
      context.setJobDescription(before);
    }
  }

  private static Cut[] cuts(Frame frame) {
    Schema schema = frame.schema();
    DataConfig data = schema.data();
    Map<String, int[]> values = new HashMap<>();
    Map<SliceColumn, Axis> axes = new HashMap<>();
    for (SliceColumn column : data.slices().stream().flatMap(List::stream).distinct().toList()) {
      if (column.isNumeric()) {
        int slot = schema.slot(column.column());
        axes.put(
            column,
            new ByRange(
                slot,
                column.quantiles() > 0
                    ? quantiles(frame.firsts(block -> block.numeric[slot]), column.quantiles())
                    : column.edges().stream().mapToDouble(Double::doubleValue).toArray()));
      } else {
        values.put(column.column(), null);
      }
    }
    recode(frame, values);
    List<Cut> cuts = new ArrayList<>();
    for (List<SliceColumn> columns : data.slices()) {
      Axis[] parts =
          columns.stream()
              .map(
                  c ->
                      c.isNumeric()
                          ? axes.get(c)
                          : new ByValue(
                              schema.texts().indexOf(c.column()),
                              values.get(c.column()),
                              schema.dictionaries().get(schema.texts().indexOf(c.column())).length
                                  + 2))
              .toArray(Axis[]::new);
      List<String> names = columns.stream().map(SliceColumn::column).toList();
      double combinations = 1;
      for (Axis part : parts) {
        combinations *= part.radix();
      }
      if (combinations > 1L << 62) {
        throw UserException.input(
            "data."
                + data.name()
                + ".slices: "
                + String.join(", ", names)
                + " have too many combinations of values to be counted; slice by fewer columns at a time");
      }
      cuts.add(Cut.of(names, parts));
    }
    return cuts.toArray(Cut[]::new);
  }

  /** Edges where the sorted values have passed each k / parts of them; none at their least. */
  static double[] quantiles(double[] values, int parts) {
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    if (sorted.length == 0) {
      return new double[0];
    }
    return IntStream.range(1, parts)
        .mapToDouble(k -> sorted[(int) ((long) sorted.length * k / parts)])
        .distinct()
        .filter(edge -> edge > sorted[0])
        .toArray();
  }

  /** Fills in the codes of each column's dictionary; counts the values of pooled columns. */
  private static void recode(Frame frame, Map<String, int[]> codes) {
    Schema schema = frame.schema();
    DataConfig data = schema.data();
    int[] pooled = data.slicePoolRare().stream().mapToInt(c -> schema.texts().indexOf(c)).toArray();
    long[][] counts =
        pooled.length == 0
            ? new long[0][]
            : frame
                .blocks()
                .map(block -> values(block, pooled, schema))
                .treeReduce(
                    (a, b) -> {
                      for (int p = 0; p < a.length; p++) {
                        for (int v = 0; v < a[p].length; v++) {
                          a[p][v] += b[p][v];
                        }
                      }
                      return a;
                    });
    codes.replaceAll(
        (column, none) -> {
          int at = schema.texts().indexOf(column);
          String[] dictionary = schema.dictionaries().get(at);
          int[] all = IntStream.rangeClosed(0, dictionary.length).toArray();
          for (int v = 0; v < dictionary.length; v++) {
            if (dictionary[v].equals("null")) {
              all[v + 1] = 0;
            }
          }
          for (int p = 0; p < pooled.length; p++) {
            for (int v = 0; pooled[p] == at && v < dictionary.length; v++) {
              if (all[v + 1] > 0
                  && (counts[p][v] < data.sliceMinCount() || dictionary[v].equals(POOL))) {
                all[v + 1] = dictionary.length + 1;
              }
            }
          }
          return all;
        });
  }

  private static long[][] values(Block block, int[] columns, Schema schema) {
    long[][] counts = new long[columns.length][];
    for (int c = 0; c < columns.length; c++) {
      counts[c] = new long[schema.dictionaries().get(columns[c]).length];
      for (int i = 0; i < block.size(); i++) {
        int code = block.text(columns[c], i);
        if (code >= 0) {
          counts[c][code]++;
        }
      }
    }
    return counts;
  }

  private static Slicing counted(Frame frame, Cut[] cuts) {
    DataConfig data = frame.schema().data();
    long least = data.sliceMinCount();
    List<Share> shares =
        frame
            .blocks()
            .flatMapToPair(block -> tally(block, cuts).iterator())
            .reduceByKey(Long::sum)
            .mapPartitions(
                counted -> {
                  List<Counted> kept = new ArrayList<>();
                  long rare = 0;
                  while (counted.hasNext()) {
                    Tuple2<Place, Long> next = counted.next();
                    if (next._2() < least) {
                      rare++;
                    } else if (kept.size() <= MOST) {
                      kept.add(new Counted(next._1(), next._2()));
                    }
                  }
                  return Collections.singleton(new Share(kept, rare)).iterator();
                })
            .collect(); // at most MOST + 1 slices per partition
    List<Counted> kept =
        new ArrayList<>(shares.stream().flatMap(share -> share.kept().stream()).toList());
    if (kept.size() > MOST) {
      throw UserException.input(
          "data."
              + data.name()
              + ".slices: make more than "
              + MOST
              + " slices; raise slice-min-count, pool rare values, or slice by fewer columns");
    }
    kept.sort(
        Comparator.comparingInt((Counted c) -> c.place().cut())
            .thenComparingLong(c -> c.place().code()));
    return numbered(frame, cuts, kept, shares.stream().mapToLong(Share::rare).sum());
  }

  private static List<Tuple2<Place, Long>> tally(Block block, Cut[] cuts) {
    List<Tuple2<Place, Long>> all = new ArrayList<>();
    for (int c = 0; c < cuts.length; c++) {
      long[] codes = cuts[c].codes(block);
      Arrays.sort(codes);
      for (int i = 0; i < codes.length; ) {
        int from = i;
        while (i < codes.length && codes[i] == codes[from]) {
          i++;
        }
        all.add(new Tuple2<>(new Place(c, codes[from]), (long) (i - from)));
      }
    }
    return all;
  }

  private static Slicing numbered(Frame frame, Cut[] cuts, List<Counted> kept, long rare) {
    DataConfig data = frame.schema().data();
    List<String> names = new ArrayList<>(List.of(""));
    List<Long> counts = new ArrayList<>(List.of(frame.rows()));
    Map<String, Long> rows = new HashMap<>(Map.of("", frame.rows()));
    Cut[] numbered = new Cut[cuts.length];
    int[] firsts = new int[cuts.length + 2];
    int next = 0;
    for (int c = 0; c < cuts.length; c++) {
      firsts[c + 1] = names.size();
      int from = next;
      while (next < kept.size() && kept.get(next).place().cut() == c) {
        next++;
      }
      long[] codes = new long[next - from];
      int[] slices = new int[codes.length];
      for (int i = 0; i < codes.length; i++) {
        Counted slice = kept.get(from + i);
        codes[i] = slice.place().code();
        String name = cuts[c].name(codes[i], frame.schema());
        Long taken = rows.putIfAbsent(name, slice.rows());
        if (taken != null && taken != slice.rows()) {
          throw UserException.input(
              "data."
                  + data.name()
                  + ".slices: two different slices would be named "
                  + name
                  + "; derive a column with other values, and slice by it");
        }
        slices[i] = taken == null ? names.size() : -1;
        if (taken == null) {
          names.add(name);
          counts.add(slice.rows());
        }
      }
      numbered[c] = cuts[c].numbered(codes, slices);
    }
    firsts[cuts.length + 1] = names.size();
    return new Slicing(
        names.toArray(String[]::new),
        counts.stream().mapToLong(Long::longValue).toArray(),
        numbered,
        firsts,
        rare == 0
            ? List.of()
            : List.of(
                rare
                    + (rare == 1 ? " slice" : " slices")
                    + " of fewer than "
                    + data.sliceMinCount()
                    + " rows left out"));
  }
}
