package org.assay.design;

import com.google.auto.service.AutoService;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;
import org.assay.random.Keyed;
import org.assay.random.Multinomial;

/**
 * Refits on bootstrap samples: {@code replicates} (default 200) times, independently, as many rows
 * as there are are drawn with replacement. A row that is drawn k times counts k times in training;
 * one that is not drawn is held out ("out of bag"), on average 36.8 % of the rows.
 *
 * <p>Counts are exactly multinomial, see {@link Multinomial}. Stratified, each class gives as many
 * draws as it has rows. With groups whole groups are drawn, as many as there are, so that the
 * number of rows varies; stratified, within the groups' strata, where a group's stratum is that of
 * most of its rows, of the first of several such. Every replicate is a repeat of its own with the
 * one fold 0, for it is a new draw; so {@code repeats} is refused, and so is {@code assign =
 * stable}, for how often a row is drawn depends on how often the others are.
 *
 * <p>A replicate may hold out no row, or none of a class, or train on none of a class; as with
 * other plans that is no reason to draw again, which would be another design: what cannot be fitted
 * or measured there is undefined, with its reason. Refused: fewer than 2 rows (groups); stratified,
 * a single row (group) in every stratum, for then no replicate holds out any.
 *
 * <p>Sources: Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7
 * (1979), doi:10.1214/aos/1176344552; Efron and Tibshirani, "Improvements on cross-validation: the
 * .632+ bootstrap method", JASA 92 (1997), doi:10.1080/01621459.1997.10474007; whole groups:
 * Davison and Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8.
 */
@AutoService(Scheme.class)
public final class Bootstrap implements Scheme {

  @Override
  public String kind() {
    return "bootstrap";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    options.refuseRepeats(section, "every replicate is a new draw already; use replicates");
    options.refuseStable(section, "how often a row is drawn depends on how often the others are");
    return new Drawn((int) section.integer("replicates", 200, 2, 1_000_000));
  }

  /** Independent draws with replacement. */
  record Drawn(int replicates) implements Spec {
    @Override
    public String label() {
      return replicates + " bootstrap samples";
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      Units units =
          plan.options().grouped()
              ? WholeGroups.of(population, plan.options().stratify())
              : SingleRows.of(population, plan.options().stratify());
      String what = plan.options().grouped() ? "group" : "row";
      long[] sizes = units.sizes();
      long all = Arrays.stream(sizes).sum();
      if (all < 2) {
        throw UserException.input(
            "a bootstrap sample needs at least 2 "
                + what
                + "s, and there is "
                + all
                + "; add data");
      }
      if (Arrays.stream(sizes).allMatch(size -> size < 2)) {
        throw UserException.input(
            "no class has more than 1 "
                + what
                + ", so every stratified bootstrap sample has all rows and holds out none; remove stratify, or add data");
      }
      if (Arrays.stream(sizes).max().getAsLong() > Multinomial.MOST) {
        throw UserException.input(
            "a bootstrap sample is drawn from at most "
                + Multinomial.MOST
                + " "
                + what
                + "s, and there are "
                + all
                + "; use shuffle-split, or a sample of the rows");
      }
      Keyed function = Keyed.of(seed, "bootstrap samples");
      Multinomial[] draws = new Multinomial[sizes.length];
      Arrays.setAll(draws, s -> new Multinomial(function.derive(s), (int) sizes[s]));
      return new Bound(units, draws, replicates, plan.fingerprint(population, seed));
    }
  }

  /** What is drawn, by stratum. */
  private interface Units extends Serializable {

    /** Number of units of each stratum. */
    long[] sizes();

    /** Fills in how often the rows are drawn. */
    void fill(int replicate, Multinomial[] draws, Rows rows, int[] weight);
  }

  /** Each row by itself; those of a block and a stratum are consecutive. */
  private record SingleRows(Blocks blocks, long[] sizes, long[][] start) implements Units {

    static SingleRows of(Population population, boolean stratify) {
      return stratify
          ? new SingleRows(
              population.blocks(), population.stratumSizes(), population.stratumStart())
          : new SingleRows(population.blocks(), new long[] {population.size()}, null);
    }

    @Override
    public void fill(int replicate, Multinomial[] draws, Rows rows, int[] weight) {
      long first = blocks.start(rows);
      if (rows.size() == 0) {
        return;
      }
      int[] count = new int[sizes.length];
      for (int i = 0; i < rows.size(); i++) {
        count[start == null ? 0 : rows.stratum()[i]]++;
      }
      int[][] drawn = new int[sizes.length][];
      for (int s = 0; s < drawn.length; s++) {
        int from = (int) (start == null ? first : start[rows.block()][s]);
        drawn[s] = count[s] == 0 ? new int[0] : draws[s].counts(replicate, from, from + count[s]);
      }
      int[] at = new int[sizes.length];
      for (int i = 0; i < rows.size(); i++) {
        int s = start == null ? 0 : rows.stratum()[i];
        weight[i] = drawn[s][at[s]++];
      }
    }
  }

  /**
   * Whole groups.
   *
   * @param stratum of each group, in order of their keys
   * @param place of each group among those of its stratum
   */
  private record WholeGroups(Blocks blocks, Groups groups, long[] sizes, int[] stratum, int[] place)
      implements Units {

    static WholeGroups of(Population population, boolean stratify) {
      int n = population.groupCount();
      int strata = stratify ? population.strata().distinct() : 1;
      int[] stratum = stratify ? population.stratumOfGroups() : new int[n];
      long[] sizes = new long[strata];
      int[] place = new int[n];
      for (int g = 0; g < n; g++) {
        place[g] = (int) sizes[stratum[g]]++;
      }
      return new WholeGroups(
          population.blocks(), new Groups(population.groups().key()), sizes, stratum, place);
    }

    @Override
    public void fill(int replicate, Multinomial[] draws, Rows rows, int[] weight) {
      blocks.start(rows); // checks the block
      int[][] drawn = new int[sizes.length][];
      for (int i = 0; i < rows.size(); i++) {
        int group = groups.index(rows.group()[i]);
        int s = stratum[group];
        if (drawn[s] == null) {
          drawn[s] = draws[s].counts(replicate, 0, draws[s].units());
        }
        weight[i] = drawn[s][place[group]];
      }
    }
  }

  private record Bound(Units units, Multinomial[] draws, int replicates, String fingerprint)
      implements Design {
    @Override
    public Split split(int replicate) {
      return new Split(Objects.checkIndex(replicate, replicates), 0);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      units.fill(Objects.checkIndex(replicate, replicates), draws, rows, weight);
    }
  }
}
