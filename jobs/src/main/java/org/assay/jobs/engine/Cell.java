package org.assay.jobs.engine;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.assay.config.ModelConfig;
import org.assay.design.Design;
import org.assay.jobs.frame.Placement;
import org.assay.random.Keyed;

/**
 * One model with one setting in one replicate.
 *
 * @param data the data set as configured, with its content: {@link
 *     org.assay.jobs.frame.Frame#identity}
 * @param model the model
 * @param params its setting
 * @param placement the design over the frame
 * @param replicate the replicate
 * @param predicts which rows it predicts
 * @param seed of the run
 */
public record Cell(
    String data,
    ModelConfig model,
    Map<String, Object> params,
    Placement placement,
    int replicate,
    Predicts predicts,
    long seed) {

  /** Which rows are predicted. */
  public enum Predicts {
    /** Those that the replicate is tested on. */
    TESTED,
    /** Those that it trains on as well, in a set of their own, each once. */
    TRAINED_TOO,
    /**
     * None: known are sums of squares over those that it is tested on ({@link
     * CellFiles.Done#squares}).
     */
    SQUARES;

    /** How many sets of predictions a cell leaves. */
    int sets() {
      return switch (this) {
        case TESTED -> 1;
        case TRAINED_TOO -> 2;
        case SQUARES -> 0;
      };
    }
  }

  /** Its place in the plan. */
  public Design.Split split() {
    return placement.design().split(replicate);
  }

  /**
   * 32 hexadecimal digits for everything that its predictions depend on: equal over attempts at a
   * run while the data are, and no two cells' alike.
   */
  public String id() {
    String text =
        model.kind()
            + " "
            + model.target()
            + " "
            + new TreeMap<>(params)
            + " "
            + model.scale()
            + " "
            + model.encode()
            + " "
            + model.prediction()
            + " "
            + model.score()
            + " "
            + data
            + (predicts == Predicts.TESTED ? "" : " " + predicts);
    Keyed key =
        Keyed.of(seed, placement.fingerprint() + " " + replicate + " " + model.name() + " " + text);
    return HexFormat.of().toHexDigits(key.bits(0, 0)) + HexFormat.of().toHexDigits(key.bits(1, 0));
  }

  /** The seed of its fit: the same for all settings of a model in a replicate. */
  public long fitSeed() {
    return Keyed.of(seed, "fit " + placement.fingerprint() + " " + model.name()).bits(replicate, 0);
  }

  /** The setting as reports write it: {@code maxDepth=4 numTrees=20}, empty without parameters. */
  public static String text(Map<String, Object> params) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(params)
        .forEach((k, v) -> text.append(text.isEmpty() ? "" : " ").append(k).append('=').append(v));
    return text.toString();
  }

  /** The cell as a person reads it. */
  public String label() {
    String setting = text(params);
    return model.name()
        + (setting.isEmpty() ? "" : " (" + setting + ")")
        + (placement.design().testsOnTraining()
            ? ", all rows"
            : ", repeat " + split().repeat() + ", fold " + split().fold());
  }
}
