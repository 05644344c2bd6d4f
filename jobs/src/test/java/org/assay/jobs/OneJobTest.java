package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assay.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that stand for a configuration of one job. */
class OneJobTest {
  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (PrintStream caught = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      code = Main.run(new PrintStream(out, true, StandardCharsets.UTF_8), args);
    } finally {
      System.setErr(before);
    }
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Config printed(String line) {
    Ran ran = run((line + " --print-conf").split(" "));
    assertThat(ran).returns(0, Ran::code).returns("", Ran::err);
    return ConfigFactory.parseString(ran.out());
  }

  @Test
  void flagsOfBootstrapStandForItsKeys() {
    assertThat(
            printed(
                "bootstrap --data d.csv --id k --label y --slices a,b --prediction p --score s"
                    + " --metrics roc-auc,accuracy --interval bca,wilson --replicates 500"
                    + " --level 0.9 --weights multinomial --cut replicates --memory 2GiB"
                    + " --stratify=false --bins 5 --keep-replicates --seed 7 --name night"))
        .isEqualTo(
            ConfigFactory.parseString(
                """
                name = night, seed = 7, output = reports
                data.data { path = d.csv, id = k, label = y, slices = [a, b] }
                models.model { prediction = p, score = s }
                jobs = [ { job = bootstrap, data = data, metrics = [roc-auc, accuracy], interval = [bca, wilson],
                  replicates = 500, level = 0.9, weights = multinomial, cut = replicates, memory = 2GiB, stratify = false, bins = 5,
                  keep-replicates = true } ]
                """));
  }

  @Test
  void flagsOfCompareStandForItsKeys() {
    assertThat(
            printed(
                "compare --data d.csv --label y --model a={prediction=p,score=s}"
                    + " --model b={predictions=b.csv,score=q} --metrics roc-auc"
                    + " --tests delong,paired-bootstrap --control b --adjust bh"
                    + " --replicates 999 --exact-up-to 0 --level 0.99 --power 0.9 --margin 0.01"
                    + " --rope 0.02 --memory 64MiB --output out --id k"))
        .isEqualTo(
            ConfigFactory.parseString(
                """
                name = compare, seed = 0, output = out
                data.data { path = d.csv, label = y, id = k }
                models { a { prediction = p, score = s }, b { predictions = b.csv, score = q } }
                jobs = [ { job = compare, data = data, metrics = [roc-auc], tests = [delong, paired-bootstrap], control = b,
                  adjust = bh, replicates = 999, exact-up-to = 0, level = 0.99, power = 0.9, margin = 0.01, rope = 0.02,
                  memory = 64MiB } ]
                """));
  }

  @Test
  void modelsOfAColumnAreCompared() {
    assertThat(
            printed(
                "compare --data d.csv --id k --label y --model-column system --models a,b --prediction p"))
        .isEqualTo(
            ConfigFactory.parseString(
                """
                name = compare, seed = 0, output = reports
                data.data { path = d.csv, id = k, label = y, model-column = system }
                models { a { prediction = p }, b { prediction = p } }
                jobs = [ { job = compare, data = data } ]
                """));
  }

  @Test
  void flagsOfImportanceStandForItsKeys() {
    assertThat(
            printed(
                "importance --data d.csv --label y --model logit=logistic-regression --param regParam=0.1"
                    + " --saved-model m --plan k-fold --folds 3 --stratify --metrics roc-auc --method permutation,shapley"
                    + " --repeats 7 --inputs a,b --groups both=a,b --within city --value ratio --adjust holm"
                    + " --level 0.9 --bins 5 --memory 64MiB --cut rows --fits-at-once 2 --test binomial"
                    + " --rankings {top=3} --method-keys shapley={rows=50,pairs=8} --evaluate later=e.csv"))
        .isEqualTo(
            ConfigFactory.parseString(
                """
                name = importance, seed = 0, output = reports
                data { data { path = d.csv, label = y }, later { path = e.csv, label = y } }
                models { logit { estimator = logistic-regression, params { regParam = 0.1 } }, model { model = m } }
                jobs = [ { job = importance, data = data, metrics = [roc-auc], method = [permutation, shapley], repeats = "7", inputs = [a, b],
                  groups { both = [a, b] }, evaluate = [later], within = city, value = ratio, adjust = holm, level = 0.9, bins = 5, memory = 64MiB, cut = rows,
                  fits-at-once = 2, test = binomial, rankings { top = 3 }, shapley { rows = 50, pairs = 8 }, plan { kind = k-fold, folds = 3, stratify = true } } ]
                """));
  }

  /** What a job's reader knows, each key has a flag, but for those that name parts of a file. */
  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "bootstrap", "compare", "permutation-test", "importance"})
  void everyKeyHasAFlag(String kind) {
    String models =
        kind.equals("importance")
            ? "models.a { estimator = baseline }"
            : "models { a { score = s }, b { score = t } }";
    Config config =
        ConfigFactory.parseString("name = t, output = o, data.d { path = d, label = y }, " + models)
            .withValue(
                "jobs",
                ConfigValueFactory.fromIterable(
                    List.of(
                        ConfigFactory.parseString("job = " + kind + ", bogus = 1")
                            .root()
                            .unwrapped())));
    Throwable refusal = catchThrowable(() -> Runner.of(RunConfig.read(config), List.of()));
    Matcher known = Pattern.compile("known here: (.*)$").matcher(refusal.getMessage());
    assertThat(known.find()).isTrue();
    Set<String> keys = new TreeSet<>(Arrays.asList(known.group(1).split(", ")));
    keys.removeAll(List.of("job", "name", "data", "models", "from"));
    String help = run(kind, "--help").out();
    if (kind.equals("importance")) {
      assertThat(help).contains("--method-keys=METHOD={KEY=VALUE");
      ServiceLoader.load(ImportanceMethod.class).forEach(method -> keys.remove(method.name()));
    }
    assertThat(keys)
        .isNotEmpty()
        .allSatisfy(key -> assertThat(help).containsPattern("--" + key + "[=\\s]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bootstrap", "compare"})
  void helpNamesTheCommand(String command) {
    Ran ran = run(command, "--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).startsWith("Usage: assay " + command).contains("--data=PATH");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bootstrap --data d.csv --repliactes 10 | Unknown options: '--repliactes', '10'; see assay bootstrap --help",
        "compare --data d.csv --keep all | Unknown options: '--keep', 'all'; see assay compare --help",
        "bootstrap --prediction p | Missing required option: '--data=PATH'; see assay bootstrap --help",
        "bootstrap --data d.csv --replicates many | Invalid value for option '--replicates': 'many' is not a long; see assay bootstrap --help",
        "bootstrap --data d.csv --label y --score s --level 1 | jobs[0].level = 1.0: must be a number between 0.5 and 0.999999",
        "compare --data d.csv --label y --prediction p | jobs[0].models: must name 2 to 63 models, to be compared; found [model]",
        "compare --data d.csv --label y --model a | --model a: must be NAME={KEY=VALUE,...}, such as a={prediction=p}",
        "compare --data d.csv --model a={score=s} --model a={score=t} | --model a={score=t}: the name 'a' is taken; write another",
        "importance --data d.csv --label y --model baseline --evaluate data=e.csv | --evaluate data=e.csv: the name 'data' is taken; write another",
        "compare --data d.csv --model a={score=s} --prediction p | --model: gives whole models, so flags for one model or for a model column cannot stand beside it; write their keys in --model NAME={...}",
      })
  void wrongFlagsAreRefused(String line, String message) {
    Ran ran = run(line.split(" "));
    assertThat(ran).returns(2, Ran::code).returns("assay: " + message + "\n", Ran::err);
  }
}
