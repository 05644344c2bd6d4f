package org.assay.metric;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assay.Task;

/** Random items of a target, with many ties, for tests. */
record Item(double label, double prediction, double[] scores, double weight) {

  static final List<Target> TARGETS = targets();

  private static List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (Target.Scores scores : Target.Scores.values()) {
      targets.add(new Target(Task.BINARY, 2, scores));
      targets.add(new Target(Task.MULTICLASS, 3, scores));
      targets.add(new Target(Task.MULTICLASS, 5, scores));
      targets.add(new Target(Task.REGRESSION, 0, scores));
    }
    return List.copyOf(targets);
  }

  static List<Item> random(Target target, int n, Random random) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double weight =
          switch (random.nextInt(6)) {
            case 0, 1 -> 1;
            case 2 -> random.nextInt(4);
            case 3 -> 0.1 * random.nextInt(5);
            case 4 -> random.nextDouble();
            default -> 3 * random.nextDouble();
          };
      if (target.task() == Task.REGRESSION) {
        double label = random.nextInt(4) == 0 ? random.nextInt(5) : 10 * random.nextGaussian();
        double prediction =
            random.nextInt(3) == 0 ? label - random.nextInt(3) : label + random.nextGaussian();
        items.add(new Item(label, prediction, null, weight));
      } else {
        items.add(
            new Item(
                random.nextInt(target.classes()),
                random.nextInt(target.classes()),
                scores(target, random),
                weight));
      }
    }
    return items;
  }

  private static double[] scores(Target target, Random random) {
    if (!target.isScored()) {
      return null;
    }
    double[] scores = new double[target.classes() == 2 ? 1 : target.classes()];
    for (int c = 0; c < scores.length; c++) {
      scores[c] =
          target.hasProbabilities() ? random.nextInt(11) / 10.0 : random.nextInt(20) * 0.3 - 2;
    }
    if (target.hasProbabilities() && scores.length > 1) {
      int rest = 16;
      for (int c = 0; c < scores.length; c++) {
        int part = c == scores.length - 1 ? rest : random.nextInt(rest + 1);
        scores[c] = part / 16.0;
        rest -= part;
      }
    }
    return scores;
  }

  Item weighing(double other) {
    return new Item(label, prediction, scores, other);
  }

  /** This item as a perfect model would have it. */
  Item perfect(Target target) {
    double[] certain = null;
    if (scores != null) {
      certain = new double[scores.length];
      if (certain.length == 1) {
        certain[0] = label;
      } else {
        certain[(int) label] = 1;
      }
    }
    return new Item(label, label, certain, weight);
  }

  void addTo(State<?> state) {
    state.add(label, prediction, scores, weight);
  }

  @SuppressWarnings("unchecked")
  static <T> T serialized(T object) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ObjectOutputStream(bytes).writeObject(object);
      return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
