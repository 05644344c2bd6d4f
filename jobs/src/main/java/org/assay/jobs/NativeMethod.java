package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.assay.config.Section;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.engine.NativeImportances;

/**
 * {@code native}: what models themselves say of their inputs, see {@link
 * org.assay.importance.NativeImportance}; with a plan the mean over its fits.
 */
@AutoService(ImportanceMethod.class)
public final class NativeMethod implements ImportanceMethod, ImportanceMethod.Step {
  private static final String WHAT =
      "what the model itself says of the rows that it was fitted to, and not how well it predicts others";

  /** Why there is no importance of models of some kinds. */
  static final String SILENT = "a model of this kind says nothing of its inputs";

  @Override
  public String name() {
    return "native";
  }

  @Override
  public Step read(Section keys, Asked asked) {
    ImportanceMethod.none(keys, asked);
    return this;
  }

  @Override
  public List<String> explain(Explained all) {
    return List.of("  method      native, no evaluations: " + WHAT);
  }

  @Override
  public boolean asksOfRows() {
    return false;
  }

  @Override
  public void run(Explained all) {
    List<Explainer.Member> members = all.members();
    List<List<NativeImportances.Own>> said =
        new NativeImportances(all.context().spark(), all.frame(), all.files(), all.sets())
            .of(all.name(), members);
    for (int l = 0; l < all.lines().size(); l++) {
      Explained.Line line = all.lines().get(l);
      List<Integer> own = all.of(l, members);
      if (own.isEmpty()) {
        continue;
      }
      Set<String> scales = new LinkedHashSet<>();
      own.forEach(m -> said.get(m).forEach(o -> scales.add(o.scale())));
      if (scales.isEmpty()) {
        List<Explained.Found> none = new ArrayList<>();
        for (InputSet set : all.sets()) {
          none.add(Explained.Found.none(set, SILENT));
        }
        all.add(line, name(), Explained.NONE, Explained.NONE, Explained.NONE, none);
      }
      for (String scale : scales) {
        all.add(line, name(), Explained.NONE, Explained.NONE, scale, found(all, own, said, scale));
      }
    }
  }

  private static List<Explained.Found> found(
      Explained all, List<Integer> own, List<List<NativeImportances.Own>> said, String scale) {
    List<Explained.Found> found = new ArrayList<>();
    for (int s = 0; s < all.sets().size(); s++) {
      int set = s;
      String reason = "";
      double[] each = new double[own.size()];
      for (int m = 0; m < each.length; m++) {
        NativeImportances.Own one =
            said.get(own.get(m)).stream()
                .filter(o -> o.scale().equals(scale))
                .findFirst()
                .orElseThrow();
        each[m] = one.values()[set];
        reason = one.reasons()[set].isEmpty() ? reason : one.reasons()[set];
      }
      double[] mean = Explained.meanAndSpread(each);
      found.add(
          Explained.Found.of(
              all.sets().get(set),
              mean[0],
              mean[1],
              each.length > 1 ? each : new double[0],
              all.frame().rows(),
              Explained.reasons(
                  reason, all.constancy(all.sets().get(set)), reason.isEmpty() ? WHAT : "")));
    }
    return found;
  }
}
