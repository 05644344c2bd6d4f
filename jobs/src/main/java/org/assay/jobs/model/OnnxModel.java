package org.assay.jobs.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import java.io.Serializable;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.config.Suggestion;
import org.assay.importance.RowFunction;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Schema;

/**
 * A model in an ONNX file, asked by ONNX Runtime: the prediction of a row, then its scores.
 *
 * <p>Rows are those of {@link org.assay.jobs.frame.Preparation#asIs}: numbers as they are, NaN
 * where missing; of a text its code, the number of codes where missing. The file takes either one
 * matrix, with all numbers of a row in the order of the features, or one input per feature, by its
 * name. Batches have always the same size, the last filled up by its last row, so that a row's
 * answer does not depend on how many stand beside it.
 *
 * <p>The native library is loaded once per process, and a file is opened once per process, with one
 * thread per call. Thread-safe.
 */
final class OnnxModel implements RowFunction {
  private static final long serialVersionUID = 1L;

  /** Rows of a call, unless the file says. */
  private static final int BATCH = 1024;

  private static final Map<String, OrtSession> SESSIONS = new HashMap<>();
  private static final Set<OnnxJavaType> NUMBERS =
      Set.of(OnnxJavaType.FLOAT, OnnxJavaType.DOUBLE, OnnxJavaType.INT64, OnnxJavaType.INT32);
  private static final Set<OnnxJavaType> REALS = Set.of(OnnxJavaType.FLOAT, OnnxJavaType.DOUBLE);
  private static final Set<OnnxJavaType> NAMES =
      Set.of(OnnxJavaType.INT64, OnnxJavaType.INT32, OnnxJavaType.STRING);

  /**
   * An input of the file.
   *
   * @param at the first number of a row that it takes
   * @param width how many
   * @param rank 1 or 2
   * @param texts what codes stand for; null for numbers
   */
  private record Input(String name, OnnxJavaType type, int at, int width, int rank, String[] texts)
      implements Serializable {}

  private final String where;
  private final byte[] file;
  private final String hash;
  private final int width;
  private final int batch;
  private final List<Input> inputs;

  /** The output that names the class; null where the likeliest is taken, and of a regression. */
  private final String named;

  /** The output of scores, or of a regression's number. */
  private final String scored;

  /** Codes of classes by name; empty for a regression. */
  private final Map<String, Integer> codes;

  private final int scores;

  /** Opens a file, and checks that it answers such rows. */
  OnnxModel(String where, byte[] file, ModelConfig model, Schema schema, int width) {
    this.where = where;
    this.file = file;
    this.hash = hash(file);
    this.width = width;
    this.codes = new HashMap<>();
    schema.classes().forEach(c -> codes.put(c, codes.size()));
    boolean classes = schema.task().isClassification();
    this.scores = !classes ? 0 : codes.size() == 2 ? 1 : codes.size();
    try {
      OrtSession session = session();
      List<Input> all = new ArrayList<>();
      long rows = inputs(session.getInputInfo(), schema, all);
      this.inputs = List.copyOf(all);
      this.batch = rows > 0 ? (int) Math.min(rows, 1 << 20) : BATCH;
      Map<String, NodeInfo> outputs = session.getOutputInfo();
      this.named = classes ? named(outputs, model) : null;
      this.scored = scored(outputs, model, classes);
      if (outputs.get(scored).getInfo() instanceof TensorInfo tensor) {
        long[] shape = tensor.getShape();
        long columns = shape.length == 1 ? 1 : shape.length == 2 ? shape[1] : -1;
        expect(columns < 0 || isRight(columns), columns);
      }
    } catch (OrtException e) {
      throw UserException.input(
          where + ": is no ONNX model that ONNX Runtime can open: " + firstLine(e), e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceAll("\\.$", "");
  }

  private static String hash(byte[] file) {
    try {
      return Arrays.toString(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private OrtSession session() throws OrtException {
    synchronized (SESSIONS) {
      OrtSession session = SESSIONS.get(hash);
      if (session == null) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
          options.setIntraOpNumThreads(1);
          options.setInterOpNumThreads(1);
          session = OrtEnvironment.getEnvironment().createSession(file, options);
        }
        SESSIONS.put(hash, session);
      }
      return session;
    }
  }

  /** Reads what it takes; returns the rows that it takes at once, -1 for any. */
  private long inputs(Map<String, NodeInfo> found, Schema schema, List<Input> all) {
    List<Feature> features = schema.features();
    List<String> names = features.stream().map(Feature::name).toList();
    String data = "data." + schema.data().name();
    long rows = -1;
    if (found.size() == 1 && !(names.size() == 1 && names.containsAll(found.keySet()))) {
      String name = found.keySet().iterator().next();
      TensorInfo tensor = tensor(name, found.get(name), NUMBERS, "numbers");
      long[] shape = tensor.getShape();
      List<String> texts = schema.quotedTexts();
      if (!texts.isEmpty()) {
        throw UserException.input(
            where
                + ": takes one matrix of numbers, '"
                + name
                + "', and of the features of "
                + data
                + " "
                + String.join(", ", texts)
                + (texts.size() == 1 ? " is a text" : " are texts")
                + "; exclude "
                + (texts.size() == 1 ? "it" : "them")
                + ", or export a model with one input per column");
      }
      if (shape.length != 2 || shape[1] >= 0 && shape[1] != width) {
        throw UserException.input(
            where
                + ": takes '"
                + name
                + "' of the shape "
                + text(shape)
                + ", and "
                + data
                + " has rows of "
                + width
                + (width == 1 ? " number" : " numbers")
                + ": "
                + String.join(", ", names)
                + "; name the features that it was made of by "
                + data
                + ".features, in their order");
      }
      all.add(new Input(name, tensor.type, 0, width, 2, null));
      return shape[0];
    }
    int at = 0;
    Map<String, Input> byName = new HashMap<>();
    for (Feature feature : features) {
      boolean isText = feature.kind() == Feature.Kind.TEXT;
      int own = isText ? 1 : feature.width();
      NodeInfo info = found.get(feature.name());
      if (info == null) {
        throw UserException.input(
            where
                + ": has no input '"
                + feature.name()
                + "', which is a feature of "
                + data
                + "; its inputs are "
                + String.join(", ", found.keySet())
                + "; exclude the column by "
                + data
                + ".exclude");
      }
      TensorInfo tensor =
          tensor(
              feature.name(),
              info,
              isText ? Set.of(OnnxJavaType.STRING) : NUMBERS,
              isText ? "texts, as the column is one" : "numbers, as the column is one");
      long[] shape = tensor.getShape();
      boolean fits =
          shape.length == 2 && (shape[1] < 0 || shape[1] == own) || shape.length == 1 && own == 1;
      if (!fits) {
        throw UserException.input(
            where
                + ": takes '"
                + feature.name()
                + "' of the shape "
                + text(shape)
                + ", and the column of "
                + data
                + " has the shape [-1, "
                + own
                + "]; export the model with inputs of that shape");
      }
      rows = shape[0];
      byName.put(
          feature.name(),
          new Input(
              feature.name(),
              tensor.type,
              at,
              own,
              shape.length,
              isText ? schema.dictionaries().get(feature.at()) : null));
      at += own;
    }
    for (String name : found.keySet()) {
      if (!byName.containsKey(name)) {
        throw UserException.input(
            where
                + ": takes an input '"
                + name
                + "' that is no feature of "
                + data
                + Suggestion.of(name, names)
                + "; features are "
                + String.join(", ", names)
                + "; give it data with the columns that it reads");
      }
      all.add(byName.get(name));
    }
    return rows;
  }

  private TensorInfo tensor(String name, NodeInfo info, Set<OnnxJavaType> types, String what) {
    if (info.getInfo() instanceof TensorInfo tensor && types.contains(tensor.type)) {
      return tensor;
    }
    throw UserException.input(
        where
            + ": takes '"
            + name
            + "' of the kind "
            + describe(info)
            + "; must be a tensor of "
            + what);
  }

  private static String describe(NodeInfo info) {
    return info.getInfo() instanceof TensorInfo tensor
        ? tensor.type + " " + text(tensor.getShape())
        : info.getInfo()
            .getClass()
            .getSimpleName()
            .replace("Info", "")
            .toLowerCase(java.util.Locale.ROOT);
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape);
  }

  private static boolean isOf(NodeInfo info, Set<OnnxJavaType> types) {
    return info.getInfo() instanceof TensorInfo tensor && types.contains(tensor.type);
  }

  private String named(Map<String, NodeInfo> outputs, ModelConfig model) {
    if (model.prediction().isPresent()) {
      String name = model.prediction().get();
      known("prediction", name, outputs);
      if (!isOf(outputs.get(name), NAMES)) {
        throw wrong("prediction", name, outputs, "classes, as whole numbers or texts");
      }
      return name;
    }
    return outputs.keySet().stream()
        .filter(name -> isOf(outputs.get(name), NAMES))
        .findFirst()
        .orElse(null);
  }

  private String scored(Map<String, NodeInfo> outputs, ModelConfig model, boolean classes) {
    String key = classes ? "score" : "prediction";
    String name = (classes ? model.score() : model.prediction()).orElse(null);
    if (name != null) {
      known(key, name, outputs);
      if (!isScore(outputs.get(name), classes)) {
        throw wrong(key, name, outputs, classes ? "probabilities" : "numbers");
      }
      return name;
    }
    return outputs.keySet().stream()
        .filter(o -> isScore(outputs.get(o), classes))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.input(
                    where
                        + ": makes no "
                        + (classes ? "probabilities" : "numbers")
                        + "; it makes "
                        + described(outputs)
                        + "; export it with them"));
  }

  private static boolean isScore(NodeInfo info, boolean classes) {
    return isOf(info, REALS) || classes && info.getInfo() instanceof SequenceInfo;
  }

  private void known(String key, String name, Map<String, NodeInfo> outputs) {
    if (!outputs.containsKey(name)) {
      throw UserException.input(
          where
              + ": makes no output '"
              + name
              + "', which "
              + key
              + " names"
              + Suggestion.of(name, outputs.keySet())
              + "; it makes "
              + described(outputs));
    }
  }

  private UserException wrong(String key, String name, Map<String, NodeInfo> outputs, String what) {
    return UserException.input(
        where
            + ": "
            + key
            + " = "
            + name
            + " is "
            + describe(outputs.get(name))
            + "; must be "
            + what
            + "; it makes "
            + described(outputs));
  }

  private static String described(Map<String, NodeInfo> outputs) {
    return String.join(
        ", ",
        outputs.entrySet().stream()
            .map(o -> "'" + o.getKey() + "' (" + describe(o.getValue()) + ")")
            .toList());
  }

  /** The trees that the file is made of; empty when it is of another form. */
  Optional<Scorer.Trees> trees() {
    Input first = inputs.get(0);
    boolean isMatrix = inputs.size() == 1 && first.texts() == null && REALS.contains(first.type());
    return isMatrix
        ? OnnxTrees.of(file, first.name(), first.type() == OnnxJavaType.FLOAT, scored, codes, this)
        : Optional.empty();
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int outputs() {
    return 1 + scores;
  }

  @Override
  public void predict(double[] rows, int count, double[] out) {
    try {
      OrtSession session = session();
      Set<String> wanted = named == null ? Set.of(scored) : Set.of(named, scored);
      for (int from = 0; from < count; from += batch) {
        int n = Math.min(batch, count - from);
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
          for (Input input : inputs) {
            given.put(input.name(), tensor(input, rows, from, n));
          }
          try (OrtSession.Result result = session.run(given, wanted)) {
            read(result, n, out, from * outputs());
          }
        } finally {
          given.values().forEach(OnnxTensor::close);
        }
      }
    } catch (OrtException e) {
      throw UserException.input(where + ": cannot answer the rows: " + firstLine(e), e);
    }
  }

  private OnnxTensor tensor(Input input, double[] rows, int from, int n) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = input.rank() == 1 ? new long[] {batch} : new long[] {batch, input.width()};
    int size = batch * input.width();
    double[] values = new double[size];
    for (int i = 0; i < batch; i++) {
      int row = from + Math.min(i, n - 1);
      System.arraycopy(rows, row * width + input.at(), values, i * input.width(), input.width());
    }
    if (input.texts() != null) {
      String[] texts = new String[size];
      for (int i = 0; i < size; i++) {
        int code = (int) values[i];
        texts[i] = code < input.texts().length ? input.texts()[code] : "";
      }
      return OnnxTensor.createTensor(environment, texts, shape);
    }
    return switch (input.type()) {
      case FLOAT -> {
        FloatBuffer buffer = FloatBuffer.allocate(size);
        for (double value : values) {
          buffer.put((float) value);
        }
        yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
      }
      case DOUBLE -> OnnxTensor.createTensor(environment, DoubleBuffer.wrap(values), shape);
      case INT32 -> {
        IntBuffer buffer = IntBuffer.allocate(size);
        for (double value : values) {
          buffer.put((int) whole(input, value));
        }
        yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
      }
      default -> {
        LongBuffer buffer = LongBuffer.allocate(size);
        for (double value : values) {
          buffer.put(whole(input, value));
        }
        yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
      }
    };
  }

  private long whole(Input input, double value) {
    if (value != Math.rint(value)) {
      throw UserException.input(
          where
              + ": takes whole numbers in '"
              + input.name()
              + "', and the data hold "
              + (Double.isNaN(value) ? "missing values" : String.valueOf(value))
              + "; export the model with floating numbers, or replace them");
    }
    return (long) value;
  }

  private void read(OrtSession.Result result, int n, double[] out, int at) throws OrtException {
    int each = outputs();
    double[] values = scores(result.get(scored).orElseThrow());
    if (scores == 0) {
      expect(values.length == batch, values.length / batch);
      for (int i = 0; i < n; i++) {
        out[at + i] = values[i];
      }
      return;
    }
    int columns = values.length / batch;
    expect(isRight(columns) && values.length == columns * batch, columns);
    for (int i = 0; i < n; i++) {
      int to = at + i * each;
      int from = i * columns;
      if (scores == 1) {
        out[to + 1] = values[from + columns - 1];
        out[to] = out[to + 1] >= 0.5 ? 1 : 0;
      } else {
        int best = 0;
        for (int c = 0; c < columns; c++) {
          out[to + 1 + c] = values[from + c];
          best = values[from + c] > values[from + best] ? c : best;
        }
        out[to] = best;
      }
    }
    if (named != null) {
      String[] names = names((OnnxTensor) result.get(named).orElseThrow());
      for (int i = 0; i < n; i++) {
        Integer code = codes.get(names[i]);
        if (code == null) {
          throw UserException.input(
              where
                  + ": predicts the class '"
                  + names[i]
                  + "', which the label does not have; its classes are "
                  + String.join(", ", codes.keySet().stream().sorted().toList()));
        }
        out[at + i * each] = code;
      }
    }
  }

  private boolean isRight(long columns) {
    return scores == 0
        ? columns == 1
        : columns == codes.size() || columns == 1 && codes.size() == 2;
  }

  private void expect(boolean is, long columns) {
    if (!is) {
      throw UserException.input(
          where
              + ": makes "
              + columns
              + (columns == 1 ? " number" : " numbers")
              + " per row in '"
              + scored
              + "'; must be "
              + (scores == 0
                  ? "1"
                  : codes.size() + ", one per class of the label, in their order"));
    }
  }

  /** Numbers of all rows, one after the other. */
  private double[] scores(OnnxValue value) throws OrtException {
    if (value instanceof OnnxTensor tensor) {
      if (tensor.getInfo().type == OnnxJavaType.DOUBLE) {
        DoubleBuffer buffer = tensor.getDoubleBuffer();
        double[] all = new double[buffer.remaining()];
        buffer.get(all);
        return all;
      }
      FloatBuffer buffer = tensor.getFloatBuffer();
      double[] all = new double[buffer.remaining()];
      for (int i = 0; i < all.length; i++) {
        all[i] = buffer.get();
      }
      return all;
    }
    // One map of a class's name to its probability per row.
    double[] all = new double[batch * codes.size()];
    int row = 0;
    for (OnnxValue one : ((OnnxSequence) value).getValue()) {
      for (Map.Entry<?, ?> entry : ((OnnxMap) one).getValue().entrySet()) {
        Integer code = codes.get(String.valueOf(entry.getKey()));
        if (code == null) {
          throw UserException.input(
              where + ": has a class '" + entry.getKey() + "', which the label does not have");
        }
        all[row * codes.size() + code] = ((Number) entry.getValue()).doubleValue();
      }
      row++;
    }
    return all;
  }

  private static String[] names(OnnxTensor tensor) throws OrtException {
    switch (tensor.getInfo().type) {
      case INT64 -> {
        LongBuffer buffer = tensor.getLongBuffer();
        String[] names = new String[buffer.remaining()];
        Arrays.setAll(names, i -> Long.toString(buffer.get(i)));
        return names;
      }
      case INT32 -> {
        IntBuffer buffer = tensor.getIntBuffer();
        String[] names = new String[buffer.remaining()];
        Arrays.setAll(names, i -> Integer.toString(buffer.get(i)));
        return names;
      }
      default -> {
        Object value = tensor.getValue();
        return value instanceof String[] flat
            ? flat
            : Arrays.stream((String[][]) value).map(row -> row[0]).toArray(String[]::new);
      }
    }
  }
}
