package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.design.Design;
import org.assay.fit.Center;
import org.assay.fit.Examples;
import org.assay.fit.HeldOut;
import org.assay.fit.LinearModel;
import org.assay.fit.Model;
import org.assay.fit.Moments;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Relabelling;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.Batched;
import org.assay.jobs.model.Decision;
import org.assay.jobs.model.Learners;
import org.assay.metric.Squares;
import org.assay.random.Keyed;

/**
 * Cells of one model that are carried out together: their fits share passes, and their predictions
 * a bundle of {@link CellFiles}.
 *
 * @param id the bundle's name: 32 hexadecimal digits for everything that its predictions depend on
 * @param model the model
 * @param schema of the frame
 * @param units its replicates, each with its settings
 */
record Batch(String id, ModelConfig model, Schema schema, List<Unit> units)
    implements Serializable {

  /**
   * A replicate.
   *
   * @param design the fingerprint of its placement
   * @param predicts which rows it predicts
   * @param settings the settings to fit
   * @param cells their places among the cells that were asked for
   */
  record Unit(
      Placement placement,
      String design,
      int replicate,
      Cell.Predicts predicts,
      List<Map<String, Object>> settings,
      List<Integer> cells)
      implements Serializable {

    /** Replicates of a repeat of its design. */
    int folds(int repeat) {
      return (int)
          IntStream.range(0, placement.design().replicates())
              .filter(r -> placement.design().split(r).repeat() == repeat)
              .count();
    }

    int[] held(Block block) {
      return placement.tested(replicate, block);
    }

    /** Where the predictions of its cells are, when those before it have left so many sets. */
    CellFiles.Place place(String bundle, int before, int cell) {
      int training = before + cells.size() + cell;
      return new CellFiles.Place(
          bundle, before + cell, predicts == Cell.Predicts.TRAINED_TOO ? training : -1);
    }

    /** Sets of predictions that its cells leave. */
    int sets() {
      return cells.size() * predicts.sets();
    }
  }

  /** In place of a replicate's number: all rows, each once. */
  static final int ALL = -1;

  /**
   * A fit under way.
   *
   * @param unit number of its replicate, or {@link #ALL}
   */
  record Open(int unit, Batched.Group group) implements Serializable {}

  /**
   * What became of a fit: its models, or why there are none.
   *
   * @param squares by model: sums over the rows held out; empty where they are not known
   */
  record Fitted(Open open, String reason, List<Squares> squares) implements Serializable {}

  /**
   * What a task says of a batch that it carried out.
   *
   * @param reason by unit and setting: why there are no predictions; empty if there are
   * @param unseen by unit: held-out rows with a category unseen in training
   * @param squares by unit and setting: sums over the rows held out; null where they were not asked
   *     for, or are not known
   * @param seconds wall time
   */
  record Report(String[][] reason, long[] unseen, Squares[][] squares, double seconds)
      implements Serializable {}

  /** One pass: the sums of fits over all training rows. */
  interface Pass {
    /** What each fit asked for, in their order. */
    List<Ask.Answer> over(List<Open> fits);
  }

  /** The replicates of some cells of one model, in order of their first cells. */
  static List<Unit> units(List<Cell> cells, List<Integer> numbers) {
    record Place(String design, int replicate, Cell.Predicts predicts) {}
    IdentityHashMap<Placement, String> designs = new IdentityHashMap<>();
    Map<Place, Unit> units = new LinkedHashMap<>();
    for (int number : numbers) {
      Cell cell = cells.get(number);
      String design = designs.computeIfAbsent(cell.placement(), Placement::fingerprint);
      Unit unit =
          units.computeIfAbsent(
              new Place(design, cell.replicate(), cell.predicts()),
              p ->
                  new Unit(
                      cell.placement(),
                      design,
                      cell.replicate(),
                      cell.predicts(),
                      new ArrayList<>(),
                      new ArrayList<>()));
      unit.settings().add(cell.params());
      unit.cells().add(number);
    }
    return List.copyOf(units.values());
  }

  /** All replicates of a design, without settings. */
  static List<Unit> units(Placement placement) {
    return IntStream.range(0, placement.design().replicates())
        .mapToObj(r -> new Unit(placement, "", r, Cell.Predicts.TESTED, List.of(), List.of()))
        .toList();
  }

  /**
   * Units by how many replicates belong together in the repeats of their designs, for what one
   * learns the others can use: as many as folds if all repeats of a partition have as many, else 1.
   */
  static Map<Integer, List<Unit>> byFolds(List<Unit> units) {
    IdentityHashMap<Design, Integer> folds = new IdentityHashMap<>();
    Map<Integer, List<Unit>> alike = new LinkedHashMap<>();
    for (Unit unit : units) {
      int own = folds.computeIfAbsent(unit.placement().design(), Batch::folds);
      alike.computeIfAbsent(own, f -> new ArrayList<>()).add(unit);
    }
    return alike;
  }

  private static int folds(Design design) {
    if (!design.isPartition()) {
      return 1;
    }
    Set<Long> folds =
        new HashSet<>(
            IntStream.range(0, design.replicates())
                .boxed()
                .collect(
                    Collectors.groupingBy(r -> design.split(r).repeat(), Collectors.counting()))
                .values());
    return folds.size() == 1 ? folds.iterator().next().intValue() : 1;
  }

  /** Batches of so many of those replicates. */
  static List<Batch> of(List<Cell> cells, List<Unit> units, int each, Schema schema) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < units.size(); from += each) {
      batches.add(of(cells, units.subList(from, Math.min(units.size(), from + each)), schema));
    }
    return batches;
  }

  /** All of a model's batches as one, of no bundle. */
  static Batch all(List<Batch> batches) {
    List<Unit> units = new ArrayList<>();
    batches.forEach(batch -> units.addAll(batch.units()));
    return new Batch("", batches.get(0).model(), batches.get(0).schema(), units);
  }

  /** A batch for each cell. */
  static List<Batch> single(List<Cell> cells, List<Integer> numbers, Schema schema) {
    return numbers.stream()
        .map(number -> of(cells, units(cells, List.of(number)), schema))
        .toList();
  }

  private static Batch of(List<Cell> cells, List<Unit> units, Schema schema) {
    StringBuilder text = new StringBuilder("bundle");
    for (Unit unit : units) {
      for (int cell : unit.cells()) {
        text.append(' ').append(cells.get(cell).id());
      }
    }
    Cell any = cells.get(units.get(0).cells().get(0));
    Keyed key = Keyed.of(any.seed(), text.toString());
    String id =
        HexFormat.of().toHexDigits(key.bits(0, 0)) + HexFormat.of().toHexDigits(key.bits(1, 0));
    return new Batch(id, any.model(), schema, new ArrayList<>(units));
  }

  /** Number of cells. */
  int size() {
    return units.stream().mapToInt(u -> u.cells().size()).sum();
  }

  private Batched batched() {
    return Learners.of(model).batched().orElseThrow();
  }

  Preparation.Options options() {
    return Preparation.Options.of(schema.data(), model);
  }

  /** Whether all replicates learn from the same columns of the same values. */
  boolean isFixed() {
    return Preparation.isFixed(schema, options());
  }

  /** Labels that a replicate's rows have in place of their own; null when they keep these. */
  Relabelling relabelling(int unit) {
    return unit == ALL ? null : units.get(unit).placement().relabelling();
  }

  /** Whether the rows of some replicate have other labels than their own. */
  boolean isRelabelled() {
    return units.stream().anyMatch(unit -> unit.placement().relabelling() != null);
  }

  /** The rows of a block with the labels that they have in a replicate. */
  Examples labelled(int unit, Examples rows, Block block) {
    return relabelling(unit) == null
        ? rows
        : new Examples(
            rows.width(),
            rows.features(),
            units.get(unit).placement().labels(block),
            rows.weight());
  }

  /** A block as it is learned from, with its own labels. */
  Examples examples(Block block, Preparation preparation) {
    double[] label = new double[block.size()];
    double[] weight = new double[block.size()];
    for (int i = 0; i < label.length; i++) {
      label[i] = block.label(i);
      weight[i] = block.weight(i);
    }
    return new Examples(preparation.width(), preparation.features(block), label, weight);
  }

  /** Whether rows are to be checked before they are learned from. */
  boolean isChecked() {
    return units.stream()
        .flatMap(unit -> unit.settings().stream())
        .distinct()
        .anyMatch(batched()::checks);
  }

  /**
   * Checks values of the rows that a replicate uses.
   *
   * @return why they cannot be learned from; null if they can
   */
  String refusal(int unit, Examples rows, double[] times) {
    try {
      for (Map<String, Object> setting : units.get(unit).settings()) {
        batched().check(rows, times, setting);
      }
      return null;
    } catch (UserException e) {
      return e.getMessage();
    }
  }

  private Batched.Shape shape(Center center) {
    return new Batched.Shape(center, schema.task(), schema.classCount());
  }

  /** Begins the fits of a replicate, from pilots with its settings if there are any. */
  List<Open> begin(int unit, Center center, Pilots pilots) {
    List<Map<String, Object>> settings = units.get(unit).settings();
    List<Batched.Group> done = pilots.of(settings);
    List<Batched.Group> groups =
        done.isEmpty() ? batched().fits(shape(center), settings) : batched().after(done);
    return groups.stream().map(group -> new Open(unit, group)).toList();
  }

  /** Whether what is said of rows left out follows from the fit to all rows. */
  boolean isByJackknife() {
    return units.get(0).placement().design().isByJackknife();
  }

  /** Begins fits to all rows, with the settings of all replicates. */
  List<Open> whole(Center center) {
    return batched().fits(shape(center), units.get(0).settings()).stream()
        .map(group -> new Open(ALL, group))
        .toList();
  }

  /**
   * What a model fitted to all rows says of each of them left out.
   *
   * @param setting number of its setting
   */
  double[] leftOut(int setting, Model model, Center center, Examples rows) {
    return batched().leftOut(model, shape(center), units.get(0).settings().get(setting), rows);
  }

  /** Begins the pilots of some settings. */
  List<Open> pilots(Center center, List<Map<String, Object>> settings) {
    return batched().pilots(shape(center), settings).stream()
        .map(group -> new Open(ALL, group))
        .toList();
  }

  /** Carries fits to their ends. */
  static List<Fitted> finish(List<Open> fits, Pass pass) {
    String[] reason = new String[fits.size()];
    Arrays.fill(reason, "");
    List<List<Squares>> squares = new ArrayList<>(Collections.nCopies(fits.size(), List.of()));
    List<Integer> open = new ArrayList<>();
    for (int f = 0; f < reason.length; f++) {
      open.add(f);
    }
    while (!open.isEmpty()) {
      List<Ask.Answer> answers = pass.over(open.stream().map(fits::get).toList());
      List<Integer> still = new ArrayList<>();
      for (int k = 0; k < answers.size(); k++) {
        int f = open.get(k);
        try {
          if (fits.get(f).group().fit().take(answers.get(k).trained())) {
            still.add(f);
          } else if (answers.get(k).held() != null) {
            squares.set(f, squares(fits.get(f), (Moments) answers.get(k).held()));
          }
        } catch (UserException e) {
          reason[f] = e.getMessage();
        }
      }
      open = still;
    }
    List<Fitted> done = new ArrayList<>();
    for (int f = 0; f < reason.length; f++) {
      done.add(new Fitted(fits.get(f), reason[f], squares.get(f)));
    }
    return done;
  }

  private static List<Squares> squares(Open fit, Moments held) {
    return fit.group().fit().models().stream()
        .map(model -> HeldOut.squares(held, (LinearModel) model))
        .toList();
  }

  /** The sums over the rows that a replicate holds out, by setting; null where not known. */
  Squares[] squares(int unit, List<Fitted> fitted) {
    Squares[] squares = new Squares[units.get(unit).settings().size()];
    for (Fitted fit : fitted) {
      if (fit.open().unit() == unit && !fit.squares().isEmpty()) {
        int[] settings = fit.open().group().settings();
        for (int k = 0; k < settings.length; k++) {
          squares[settings[k]] = fit.squares().get(k);
        }
      }
    }
    return squares;
  }

  /** Whether rows are predicted at all. */
  boolean predicts() {
    return units.stream().anyMatch(unit -> unit.predicts().sets() > 0);
  }

  /**
   * Writes what the models of a replicate say of the rows of a block that it is to predict, by
   * setting; those that failed say nothing.
   *
   * @param models by setting; null for those that failed
   * @param counts those of the block
   * @param all the block's rows as they are learned from; null where they are not at hand
   * @return how many of the rows held out have a category unseen in training
   */
  long predict(
      int unit,
      Model[] models,
      BlockCounts counts,
      Preparation preparation,
      Examples all,
      CellFiles.Writer out) {
    Unit of = units.get(unit);
    if (of.predicts() == Cell.Predicts.SQUARES) {
      return 0; // columns that all replicates have alike know no unseen category
    }
    Block block = counts.block();
    int[] held = counts.held(unit);
    write(of, models, block, preparation, all, held, out);
    if (of.predicts() == Cell.Predicts.TRAINED_TOO) {
      int[] trained = of.placement().trained(of.replicate(), block);
      write(of, models, block, preparation, all, trained, out);
    }
    return Arrays.stream(held).filter(i -> preparation.isUnseen(block, i)).count();
  }

  private void write(
      Unit unit,
      Model[] models,
      Block block,
      Preparation preparation,
      Examples all,
      int[] held,
      CellFiles.Writer out) {
    int width = preparation.width();
    double[] features = new double[Math.multiplyExact(held.length, width)];
    for (int i = 0; i < held.length; i++) {
      if (all == null) {
        preparation.features(block, held[i], features, i * width);
      } else {
        System.arraycopy(all.features(), held[i] * width, features, i * width, width);
      }
    }
    Examples rows = new Examples(width, features, new double[held.length], new double[held.length]);
    for (int s = 0; s < models.length; s++) {
      out.add(predict(unit.settings().get(s), models[s], rows, held));
    }
  }

  private Predictions predict(Map<String, Object> setting, Model model, Examples rows, int[] held) {
    return model == null
        ? predictions(setting, new double[0], 1, new int[0])
        : predictions(setting, model.predict(rows), model.outputs(), held);
  }

  /**
   * Predictions for some rows.
   *
   * @param outputs what the model says of each, {@code count} numbers per row
   */
  Predictions predictions(Map<String, Object> setting, double[] outputs, int count, int[] held) {
    int width = width(setting);
    Predictions predictions =
        new Predictions(held, new double[held.length], width, new double[held.length * width]);
    FittedModel.answer(
        outputs,
        count,
        decision(setting),
        held.length,
        width,
        predictions.prediction(),
        predictions.scores());
    return predictions;
  }

  private int width(Map<String, Object> setting) {
    return ClusterEngine.width(Learners.of(model).scores(schema.task(), setting), schema);
  }

  private Decision decision(Map<String, Object> setting) {
    return Learners.of(model)
        .local()
        .map(local -> local.decision(schema.task(), setting))
        .orElseGet(() -> batched().decision(schema.task(), setting));
  }

  /**
   * Keeps the models of a replicate, where models are kept.
   *
   * @param models by setting; null for those that failed
   */
  void keep(int unit, Model[] models, Preparation preparation, CellFiles files) {
    int before = units.subList(0, unit).stream().mapToInt(Unit::sets).sum();
    for (int s = 0; s < models.length; s++) {
      if (models[s] != null) {
        Map<String, Object> setting = units.get(unit).settings().get(s);
        files.keep(
            units.get(unit).place(id, before, s),
            FittedModel.of(preparation, models[s], decision(setting), width(setting)));
      }
    }
  }

  /**
   * The models of a replicate by setting, null where the fit failed.
   *
   * @param unit number of the replicate, or {@link #ALL} for those of {@link #whole}
   */
  Model[] models(int unit, List<Fitted> fitted) {
    Model[] models = new Model[units.get(Math.max(0, unit)).settings().size()];
    for (Fitted fit : fitted) {
      if (fit.open().unit() == unit && fit.reason().isEmpty()) {
        int[] settings = fit.open().group().settings();
        for (int k = 0; k < settings.length; k++) {
          models[settings[k]] = fit.open().group().fit().models().get(k);
        }
      }
    }
    return models;
  }

  /** Why fits of a replicate failed, by setting; empty where they did not. */
  String[] reasons(int unit, List<Fitted> fitted) {
    String[] reasons = new String[units.get(Math.max(0, unit)).settings().size()];
    Arrays.fill(reasons, "");
    for (Fitted fit : fitted) {
      if (fit.open().unit() == unit && !fit.reason().isEmpty()) {
        for (int setting : fit.open().group().settings()) {
          reasons[setting] = fit.reason();
        }
      }
    }
    return reasons;
  }
}
