package org.assay.design;

import java.io.Serializable;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.Section;
import org.assay.config.Suggestion;
import org.assay.random.Keyed;

/**
 * A scheme with its parameters and the options that all schemes share: what {@code plan { kind =
 * ..., ... }} asks for.
 *
 * <p>The options are
 *
 * <ul>
 *   <li>{@code repeats} (default 1, or the scheme's): how often the whole scheme is drawn anew;
 *   <li>{@code stratify} (default false): every part gets its share of every class;
 *   <li>{@code group} (default: whether the data declare one): rows of a group never split. To say
 *       the opposite of the data is refused, for a plan that splits groups the data declare would
 *       report scores that are too good;
 *   <li>{@code assign} (default balanced): {@code balanced} makes parts exact in size; {@code
 *       stable} makes a row's part a hash of its key, or of its group's key, so that it stays put
 *       as data grow, and sizes vary as sums of independent draws;
 *   <li>{@code train-sizes} (default none): sizes to cut the training rows of every split to, for a
 *       {@link LearningCurve}; not for bootstrap samples, time series and stable parts.
 * </ul>
 *
 * <p>{@code kind = nested} has two sections, {@code outer} and {@code inner}: its replicates are
 * the outer plan's, and {@link #inner} is the plan for the training rows of each; see {@link
 * Nested}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Plan implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String NESTED = "nested";
  private static final String TRAIN_SIZES = "train-sizes";

  /** How units come to their parts. */
  public enum Assign {
    /** At random and exact in size. */
    BALANCED,
    /** By a hash of the unit's key alone. */
    STABLE
  }

  /** What a plan must know of the rows. */
  public record Needs(boolean strata, boolean groups, boolean times, boolean folds)
      implements Serializable {
    /** Their number only. */
    public static final Needs NOTHING = new Needs(false, false, false, false);

    /** Both what this and what the other needs. */
    public Needs and(Needs other) {
      return new Needs(
          strata || other.strata,
          groups || other.groups,
          times || other.times,
          folds || other.folds);
    }
  }

  /** The options common to all schemes. */
  public record Options(int repeats, boolean stratify, boolean grouped, Assign assign)
      implements Serializable {

    /** Refuses {@code repeats} other than 1. */
    public void refuseRepeats(Section section, String reason) {
      if (repeats != 1) {
        throw section.wrong("repeats", reason + "; remove this key");
      }
    }

    /** Refuses {@code stratify = true}. */
    public void refuseStratify(Section section, String reason) {
      if (stratify) {
        throw section.wrong("stratify", reason + "; remove this key");
      }
    }

    /** Refuses what only a scheme that draws at random can have: repeats and stable parts. */
    public void refuseDraws(Section section, String scheme) {
      refuseRepeats(section, scheme + " draws nothing at random, so a repeat would be identical");
      refuseStable(section, scheme + " assigns nothing at random");
    }

    /** Refuses {@code assign = stable}. */
    public void refuseStable(Section section, String reason) {
      if (assign == Assign.STABLE) {
        throw section.wrong("assign", reason + "; remove this key");
      }
    }
  }

  private final String kind;
  private final Options options;
  private final Scheme.Spec spec;
  private final List<TrainSize> sizes;
  private final Plan inner;

  private Plan(String kind, Options options, Scheme.Spec spec, List<TrainSize> sizes, Plan inner) {
    this.kind = kind;
    this.options = options;
    this.spec = spec;
    this.sizes = sizes;
    this.inner = inner;
  }

  /**
   * Reads {@code plan { kind = ..., ... }} to its end.
   *
   * @param grouped whether the data declare a group
   * @throws UserException if a key is unknown, or a value or combination means nothing
   */
  public static Plan read(Section section, boolean grouped) {
    if (section.string("kind").equals(NESTED)) {
      section.refuse(TRAIN_SIZES, "is not for nested plans, whose settings are chosen; remove it");
      Plan outer = part(section, "outer", grouped);
      Plan inner = part(section, "inner", grouped);
      section.done();
      return new Plan(outer.kind, outer.options, outer.spec, List.of(), inner);
    }
    Plan plan = flat(section, grouped);
    section.done();
    return plan;
  }

  private static Plan part(Section section, String key, boolean grouped) {
    Section part = section.section(key);
    if (part.string("kind").equals(NESTED)) {
      throw part.wrong("kind", "plans nest once; use any other kind");
    }
    part.refuse(TRAIN_SIZES, "is not for nested plans, whose settings are chosen; remove it");
    Plan plan = read(part, grouped);
    if (plan.isByJackknife()) {
      throw part.wrong(
          "by", "is not for nested plans, which fit each outer split anew; remove this key");
    }
    return plan;
  }

  private static Plan flat(Section section, boolean grouped) {
    Map<String, Scheme> schemes = new TreeMap<>();
    for (Scheme scheme : ServiceLoader.load(Scheme.class, Scheme.class.getClassLoader())) {
      schemes.put(scheme.kind(), scheme);
    }
    String kind = section.string("kind");
    Scheme scheme = schemes.get(kind);
    if (scheme == null) {
      TreeMap<String, Scheme> known = new TreeMap<>(schemes);
      known.put(NESTED, null);
      throw section.wrong(
          "kind",
          "unknown plan"
              + Suggestion.of(kind, known.keySet())
              + "; must be one of "
              + String.join(", ", known.keySet()));
    }
    Options options =
        new Options(
            (int) section.integer("repeats", scheme.repeats(), 1, 1_000_000),
            section.flag("stratify", false),
            grouped,
            section.choice("assign", Assign.class, Assign.BALANCED));
    if (section.flag("group", grouped) != grouped) {
      throw section.wrong(
          "group",
          grouped
              ? "rows of a group never split, and the data declare a group; remove this key, or the group from the data"
              : "the data declare no group; add `group = COLUMN` to the data, or remove this key");
    }
    Scheme.Spec spec = scheme.read(section, options);
    if (options.stratify() && options.assign() == Assign.STABLE) {
      throw section.wrong(
          "stratify",
          "a stable part is a hash of the row's key alone, so it cannot balance classes; remove this key, or use assign = balanced");
    }
    return new Plan(kind, options, spec, sizes(section, options, spec), null);
  }

  private static List<TrainSize> sizes(Section section, Options options, Scheme.Spec spec) {
    List<TrainSize> sizes = TrainSize.read(section, TRAIN_SIZES);
    if (!sizes.isEmpty()) {
      if (spec instanceof Bootstrap.Drawn) {
        throw section.wrong(
            TRAIN_SIZES,
            "a bootstrap sample has as many rows as there are; use kind = shuffle-split");
      }
      if (spec instanceof LeaveOneOut.Jackknife) {
        throw section.wrong(
            TRAIN_SIZES,
            "cuts training rows, and by = infinitesimal-jackknife takes all rows; remove one");
      }
      if (spec.needs().times()) {
        throw section.wrong(
            TRAIN_SIZES,
            "takes training rows at random, whatever their time; use window = sliding with train = LENGTH in several jobs");
      }
      if (options.assign() == Assign.STABLE) {
        throw section.wrong(
            TRAIN_SIZES, "are exact, and stable parts have no exact sizes; use assign = balanced");
      }
    }
    return sizes;
  }

  /** The scheme's {@code kind}; that of the outer plan when nested. */
  public String kind() {
    return kind;
  }

  /** The options; those of the outer plan when nested. */
  public Options options() {
    return options;
  }

  /** The sizes to cut training rows to, for a {@link LearningCurve}; none unless asked for. */
  public List<TrainSize> trainSizes() {
    return sizes;
  }

  /** The plan for the training rows of each replicate, when this plan is nested. */
  public Optional<Plan> inner() {
    return Optional.ofNullable(inner);
  }

  /**
   * Whether replicates draw rows with replacement, so that those held out are out of bag; of a
   * nested plan, whether those of the outer plan do.
   */
  public boolean isBootstrap() {
    return spec instanceof Bootstrap.Drawn;
  }

  /** Whether rows are left out one at a time, and by the infinitesimal jackknife. */
  public boolean isByJackknife() {
    return spec instanceof LeaveOneOut.Jackknife;
  }

  /** What it needs to know of the rows; of a nested plan, what both its plans need. */
  public Needs needs() {
    Needs own = spec.needs().and(new Needs(options.stratify(), options.grouped(), false, false));
    return inner == null ? own : own.and(inner.needs());
  }

  /** A few words for reports: "5 x 10-fold, stratified"; "nested: 5-fold, inner 3-fold". */
  public String label() {
    StringBuilder label = new StringBuilder(inner == null ? "" : "nested: ");
    label.append(options.repeats() > 1 ? options.repeats() + " x " : "").append(spec.label());
    label.append(options.stratify() ? ", stratified" : "");
    label.append(options.grouped() && !spec.needs().groups() ? ", grouped" : "");
    label.append(options.assign() == Assign.STABLE ? ", stable" : "");
    return inner == null ? label.toString() : label + "; inner " + inner.label();
  }

  /**
   * Binds the plan, of a nested plan the outer one, to a population.
   *
   * @throws UserException if it cannot be done with this population
   */
  public Design bind(Population population, long seed) {
    if (population.size() == 0) {
      throw UserException.input(label() + " needs rows, and there are none");
    }
    Needs needs = inner == null ? needs() : new Plan(kind, options, spec, sizes, null).needs();
    Needs known = population.known();
    require(needs.strata(), known.strata(), "classes to stratify by", "remove stratify");
    require(needs.groups(), known.groups(), "groups", "add `group = COLUMN` to the data");
    require(needs.times(), known.times(), "times", "add `time = COLUMN` to the data");
    require(needs.folds(), known.folds(), "predefined folds", "add `fold = COLUMN` to the data");
    return spec.bind(this, population, seed);
  }

  private void require(boolean needed, boolean known, String what, String wayOut) {
    if (needed && !known) {
      throw UserException.usage(kind + " needs " + what + ", and the data have none; " + wayOut);
    }
  }

  /**
   * 16 hexadecimal digits for the scheme, its parameters and options, the seed and the population.
   */
  String fingerprint(Population population, long seed) {
    Keyed text = Keyed.of(seed, kind + " " + spec + " " + options);
    return HexFormat.of().toHexDigits(text.bits(population.digest(), 0));
  }
}
