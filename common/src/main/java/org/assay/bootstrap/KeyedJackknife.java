package org.assay.bootstrap;

import org.assay.random.Keyed;
import org.assay.random.Lanes;

/**
 * The delete-a-group jackknife whose groups are units with keys in one of {@value Jackknife#GROUPS}
 * equal ranges, once mixed.
 *
 * <p>Sizes of groups vary as chance has it, some may be empty. For the acceleration of a BCa
 * interval that is no worse than equal sizes: what a group takes away is a sum over its units in
 * either case, and its third moment grows with their number. Of fewer units than groups, nearly
 * every unit is a group of its own, and what is left is close to the plain jackknife.
 */
public final class KeyedJackknife implements KeyedResampling {
  private static final long serialVersionUID = 1L;
  private static final long ALL = 0x0101010101010101L;

  @Override
  public int replicates() {
    return Jackknife.GROUPS;
  }

  /** What it is, for reports. */
  public String label() {
    return "jackknife of " + Jackknife.GROUPS + " groups by key";
  }

  @Override
  public void fill(int batch, long[] keys, long[] lanes) {
    for (int i = 0; i < lanes.length; i++) {
      long group = Math.multiplyHigh(Keyed.mix(keys[i]) >>> 1, (long) Jackknife.GROUPS << 1);
      lanes[i] = group / Lanes.WIDTH == batch ? ALL & ~(0xFFL << 8 * (group % Lanes.WIDTH)) : ALL;
    }
  }
}
