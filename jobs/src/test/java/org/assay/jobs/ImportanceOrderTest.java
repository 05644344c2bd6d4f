package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assay.report.ReportHash;
import org.assay.report.Table;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All methods of importance give the same to the bit when rows come in another order and in several
 * files; {@link InvarianceTest} runs them on several clusters, too.
 */
class ImportanceOrderTest {
  private static final List<Table<?>> TABLES =
      List.of(Tables.IMPORTANCES, Tables.RANKINGS, Tables.CURVES, Tables.SELECTIONS);

  @TempDir Path dir;

  private String hashes(Path csv, String cells) {
    RunContext ran =
        Shared.run(
            """
            name = t, seed = 3, output = unused
            data.a { path = "%s", format = csv, id = id, label = income, encode = one-hot }
            models.logit { estimator = logistic-regression, scale = standard, params { regParam = 0.01 } }
            models.trees { estimator = xgboost, encode = index, params { num_round = 3, subsample = 0.7 } }
            jobs = [ { job = importance, metrics = [log-loss, accuracy], repeats = 2, inputs = [age, education, capital_gain, sex], groups { person = [age, sex] },
              method = [permutation, e-switch, conditional, drop-column, native, shapley, sage, pimp, sensitivity], plan { kind = k-fold, folds = 2, stratify = true }, rankings { top = 2, permutations = 99 },
              shapley { rows = 10, background = 6 }, sage { rows = 10, background = 6 }, pimp { permutations = 19 }, sensitivity { rows = 30 } }
              { job = importance, name = more, metrics = [log-loss], repeats = 1, models = [logit], inputs = [age, education, capital_gain], method = [permutation, deletion, forward-selection],
              deletion { repeats = 2 }, forward-selection { inner { kind = k-fold, folds = 2 }, rule = strict } } ]
            """
                .formatted(csv),
            dir.resolve(cells));
    StringBuilder all = new StringBuilder();
    TABLES.forEach(table -> all.append(table.name() + " " + hash(ran, table) + "\n"));
    return all.toString();
  }

  private static <T extends Record> ReportHash hash(RunContext ran, Table<T> table) {
    ReportHash hash = new ReportHash();
    ran.rows(table).forEach(row -> hash.add(table, row));
    assertThat(hash.rows()).as(table.name()).isPositive();
    return hash;
  }

  @Test
  void rowsInAnotherOrderInOtherFiles() throws IOException {
    List<String> lines =
        new ArrayList<>(Files.readAllLines(Shared.data("adult.csv")).subList(0, 1201));
    Path one = Files.write(dir.resolve("one.csv"), lines);
    String header = lines.remove(0);
    Collections.shuffle(lines, new Random(4));
    Path many = Files.createDirectories(dir.resolve("many"));
    for (int f = 0; f < 3; f++) {
      List<String> part = new ArrayList<>(List.of(header));
      part.addAll(lines.subList(400 * f, 400 * (f + 1)));
      Files.write(many.resolve("part-" + f + ".csv"), part);
    }
    assertThat(hashes(many, "b")).isEqualTo(hashes(one, "a"));
  }
}
