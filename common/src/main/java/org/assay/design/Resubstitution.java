package org.assay.design;

import java.util.HexFormat;
import java.util.Objects;
import org.assay.random.Keyed;

/**
 * The design of the apparent error: one replicate that trains on every row once, and is tested on
 * the same rows. No plan of its own, but what the estimators .632 and .632+ need besides a
 * bootstrap's replicates.
 */
public record Resubstitution(String fingerprint) implements Design {

  /** All rows of a population. */
  public static Resubstitution of(Population population) {
    Keyed text = Keyed.of(0, "resubstitution");
    return new Resubstitution(HexFormat.of().toHexDigits(text.bits(population.digest(), 0)));
  }

  @Override
  public int replicates() {
    return 1;
  }

  @Override
  public boolean testsOnTraining() {
    return true;
  }

  @Override
  public Split split(int replicate) {
    return new Split(0, Objects.checkIndex(replicate, 1));
  }

  @Override
  public void fill(int replicate, Rows rows, int[] weight) {
    Objects.checkIndex(replicate, 1);
    java.util.Arrays.fill(weight, 0, rows.size(), 1);
  }
}
