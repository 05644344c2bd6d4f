package org.assay.jobs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** ONNX files made by hand: messages of protocol buffers, as onnx.proto3 numbers their fields. */
final class OnnxFile {
  /** Element types. */
  static final int FLOAT = 1;

  static final int INT64 = 7;
  static final int STRING = 8;

  private static final String ML = "ai.onnx.ml";

  /** A message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7FL) != 0) {
        out.write((int) (left & 0x7F | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message real(int field, double value) {
      varint((long) field << 3 | 5);
      int bits = Float.floatToRawIntBits((float) value);
      for (int b = 0; b < 4; b++) {
        out.write(bits >>> 8 * b);
      }
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }
  }

  private final List<Message> nodes = new ArrayList<>();
  private final List<Message> inputs = new ArrayList<>();
  private final List<Message> outputs = new ArrayList<>();

  private static Message value(String name, int type, int... shape) {
    Message dims = new Message();
    for (int dim : shape) {
      dims.message(1, dim < 0 ? new Message().text(2, "rows") : new Message().number(1, dim));
    }
    return new Message()
        .text(1, name)
        .message(2, new Message().message(1, new Message().number(1, type).message(2, dims)));
  }

  /** An input; a dimension below 0 is any. */
  OnnxFile input(String name, int type, int... shape) {
    inputs.add(value(name, type, shape));
    return this;
  }

  OnnxFile output(String name, int type, int... shape) {
    outputs.add(value(name, type, shape));
    return this;
  }

  private static Message node(String type, String domain, List<String> from, List<String> to) {
    Message node = new Message();
    from.forEach(name -> node.text(1, name));
    to.forEach(name -> node.text(2, name));
    return node.text(4, type).text(7, domain);
  }

  private static void reals(Message node, String name, double... values) {
    Message attribute = new Message().text(1, name);
    for (double value : values) {
      attribute.real(7, value);
    }
    node.message(5, attribute.number(20, 6));
  }

  private static void numbers(Message node, String name, long... values) {
    Message attribute = new Message().text(1, name);
    for (long value : values) {
      attribute.number(8, value);
    }
    node.message(5, attribute.number(20, 7));
  }

  private static void number(Message node, String name, long value) {
    node.message(5, new Message().text(1, name).number(3, value).number(20, 2));
  }

  private static void texts(Message node, String name, List<String> values) {
    Message attribute = new Message().text(1, name);
    values.forEach(value -> attribute.text(9, value));
    node.message(5, attribute.number(20, 8));
  }

  private static void text(Message node, String name, String value) {
    node.message(5, new Message().text(1, name).text(4, value).number(20, 3));
  }

  /** intercept + sum of coefficients times columns. */
  OnnxFile regressor(String from, String to, double intercept, double... coefficients) {
    Message node = node("LinearRegressor", ML, List.of(from), List.of(to));
    reals(node, "coefficients", coefficients);
    reals(node, "intercepts", intercept);
    number(node, "targets", 1);
    nodes.add(node);
    return this;
  }

  /** A logistic regression of two classes, named by texts or, with null, 0 and 1. */
  OnnxFile classifier(
      String from,
      String label,
      String scores,
      List<String> classes,
      double intercept,
      double... coefficients) {
    Message node = node("LinearClassifier", ML, List.of(from), List.of(label, scores));
    double[] both = new double[2 * coefficients.length];
    for (int j = 0; j < coefficients.length; j++) {
      both[j] = -coefficients[j];
      both[coefficients.length + j] = coefficients[j];
    }
    reals(node, "coefficients", both);
    reals(node, "intercepts", -intercept, intercept);
    number(node, "multi_class", 1);
    text(node, "post_transform", "LOGISTIC");
    if (classes == null) {
      numbers(node, "classlabels_ints", 0, 1);
    } else {
      texts(node, "classlabels_strings", classes);
    }
    nodes.add(node);
    return this;
  }

  /** One tree of one split: below or at a threshold the first value, above it the second. */
  OnnxFile stump(String from, String to, int feature, double threshold, double low, double high) {
    Message node = node("TreeEnsembleRegressor", ML, List.of(from), List.of(to));
    numbers(node, "nodes_treeids", 0, 0, 0);
    numbers(node, "nodes_nodeids", 0, 1, 2);
    numbers(node, "nodes_featureids", feature, 0, 0);
    reals(node, "nodes_values", threshold, 0, 0);
    texts(node, "nodes_modes", List.of("BRANCH_LEQ", "LEAF", "LEAF"));
    numbers(node, "nodes_truenodeids", 1, 0, 0);
    numbers(node, "nodes_falsenodeids", 2, 0, 0);
    numbers(node, "target_treeids", 0, 0);
    numbers(node, "target_nodeids", 1, 2);
    numbers(node, "target_ids", 0, 0);
    reals(node, "target_weights", low, high);
    number(node, "n_targets", 1);
    nodes.add(node);
    return this;
  }

  /** The nodes of trees and what their leaves vote. */
  static final class Trees {
    private final List<long[]> nodes = new ArrayList<>(); // tree, node, feature, yes, no, missing
    private final List<String> modes = new ArrayList<>();
    private final List<Double> thresholds = new ArrayList<>();
    private final List<long[]> votes = new ArrayList<>(); // tree, node, class or target
    private final List<Double> weights = new ArrayList<>();

    void split(
        int tree, int node, int feature, String mode, double t, int yes, int no, boolean missing) {
      nodes.add(new long[] {tree, node, feature, yes, no, missing ? 1 : 0});
      modes.add(mode);
      thresholds.add(t);
    }

    void leaf(int tree, int node) {
      split(tree, node, 0, "LEAF", 0, 0, 0, false);
    }

    void vote(int tree, int node, int id, double weight) {
      votes.add(new long[] {tree, node, id});
      weights.add(weight);
    }
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(x -> x).toArray();
  }

  private static long[] column(List<long[]> rows, int k) {
    return rows.stream().mapToLong(row -> row[k]).toArray();
  }

  private Message trees(String type, String from, List<String> to, Trees trees, String votes) {
    Message node = node(type, ML, List.of(from), to);
    numbers(node, "nodes_treeids", column(trees.nodes, 0));
    numbers(node, "nodes_nodeids", column(trees.nodes, 1));
    numbers(node, "nodes_featureids", column(trees.nodes, 2));
    numbers(node, "nodes_truenodeids", column(trees.nodes, 3));
    numbers(node, "nodes_falsenodeids", column(trees.nodes, 4));
    numbers(node, "nodes_missing_value_tracks_true", column(trees.nodes, 5));
    reals(node, "nodes_values", doubles(trees.thresholds));
    texts(node, "nodes_modes", trees.modes);
    numbers(node, votes + "_treeids", column(trees.votes, 0));
    numbers(node, votes + "_nodeids", column(trees.votes, 1));
    numbers(node, votes + "_ids", column(trees.votes, 2));
    reals(node, votes + "_weights", doubles(trees.weights));
    nodes.add(node);
    return node;
  }

  /** Trees that make a number, by SUM, AVERAGE, MIN or MAX. */
  OnnxFile trees(String from, String to, Trees trees, String how, double base) {
    Message node = trees("TreeEnsembleRegressor", from, List.of(to), trees, "target");
    number(node, "n_targets", 1);
    text(node, "aggregate_function", how);
    reals(node, "base_values", base);
    return this;
  }

  /** Trees that choose among classes 0, 1, ... */
  OnnxFile trees(
      String from, String label, String scores, Trees trees, int classes, String transform) {
    Message node = trees("TreeEnsembleClassifier", from, List.of(label, scores), trees, "class");
    numbers(node, "classlabels_int64s", LongStream.range(0, classes).toArray());
    text(node, "post_transform", transform);
    return this;
  }

  /** The same under another name. */
  OnnxFile identity(String from, String to) {
    nodes.add(node("Identity", "", List.of(from), List.of(to)));
    return this;
  }

  /** One 0/1 column per category of a column of texts. */
  OnnxFile oneHot(String from, String to, List<String> categories) {
    Message node = node("OneHotEncoder", ML, List.of(from), List.of(to + "_3"));
    texts(node, "cats_strings", categories);
    number(node, "zeros", 1);
    nodes.add(node);
    Message flat = node("Flatten", "", List.of(to + "_3"), List.of(to));
    number(flat, "axis", 1);
    nodes.add(flat);
    return this;
  }

  /** Columns side by side. */
  OnnxFile concat(List<String> from, String to) {
    Message node = node("Concat", "", from, List.of(to));
    number(node, "axis", 1);
    nodes.add(node);
    return this;
  }

  /** The file. */
  byte[] bytes() {
    Message graph = new Message();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, "made by hand");
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    return new Message()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, 13))
        .message(8, new Message().text(1, ML).number(2, 2))
        .out
        .toByteArray();
  }
}
