package org.assay.jobs.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operations of an ONNX file and their attributes, which ONNX Runtime does not tell: read from
 * its protocol buffers, with the numbers that onnx.proto3 gives their fields.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
final class OnnxGraph {

  /** An operation. */
  record Node(
      String type, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {

    /** Whole numbers of an attribute; none when it is not there. */
    long[] numbers(String name) {
      return attributes.containsKey(name) ? attributes.get(name).numbers() : new long[0];
    }

    /**
     * Numbers of an attribute, or of the one that holds the same in double precision; none when
     * neither is there.
     */
    double[] reals(String name) {
      Attribute tensor = attributes.get(name + "_as_tensor");
      if (tensor != null) {
        return tensor.reals();
      }
      return attributes.containsKey(name) ? attributes.get(name).reals() : new double[0];
    }

    List<String> texts(String name) {
      return attributes.containsKey(name) ? attributes.get(name).texts() : List.of();
    }

    /** A single text. */
    String text(String name, String otherwise) {
      List<String> all = texts(name);
      return all.isEmpty() ? otherwise : all.get(0);
    }
  }

  /** What an attribute holds, a single one as one of many. */
  record Attribute(double[] reals, long[] numbers, List<String> texts) {}

  private final Map<String, Node> producers = new HashMap<>();

  /**
   * Reads a file.
   *
   * @throws RuntimeException if it is no such file
   */
  OnnxGraph(byte[] file) {
    Fields model = new Fields(ByteBuffer.wrap(file));
    while (model.next()) {
      if (model.field == 7) {
        Fields graph = model.message();
        while (graph.next()) {
          if (graph.field == 1) {
            Node node = node(graph.message());
            node.outputs().forEach(name -> producers.put(name, node));
          } else {
            graph.skip();
          }
        }
      } else {
        model.skip();
      }
    }
  }

  /** What makes a value; empty for an input of the graph and for a constant. */
  Optional<Node> producer(String name) {
    return Optional.ofNullable(producers.get(name));
  }

  private static Node node(Fields in) {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, Attribute> attributes = new HashMap<>();
    String type = "";
    while (in.next()) {
      switch (in.field) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 4 -> type = in.text();
        case 5 -> attribute(in.message(), attributes);
        default -> in.skip();
      }
    }
    return new Node(type, inputs, outputs, attributes);
  }

  private static void attribute(Fields in, Map<String, Attribute> into) {
    String name = "";
    Numbers reals = new Numbers();
    Numbers numbers = new Numbers();
    List<String> texts = new ArrayList<>();
    while (in.next()) {
      switch (in.field) {
        case 1 -> name = in.text();
        case 2, 7 -> in.floats(reals);
        case 3, 8 -> in.varints(numbers);
        case 4, 9 -> texts.add(in.text());
        case 5 -> tensor(in.message(), reals);
        default -> in.skip();
      }
    }
    into.put(name, new Attribute(reals.doubles(), numbers.longs(), texts));
  }

  /** Numbers of a tensor in single or double precision. */
  private static void tensor(Fields in, Numbers reals) {
    long type = 0;
    ByteBuffer raw = null;
    while (in.next()) {
      switch (in.field) {
        case 2 -> type = in.varint();
        case 4 -> in.floats(reals);
        case 9 -> raw = in.bytes();
        case 10 -> in.doubles(reals);
        default -> in.skip();
      }
    }
    while (raw != null && raw.hasRemaining()) {
      reals.add(type == 1 ? raw.getFloat() : raw.getDouble());
    }
  }

  /** Numbers as they come. */
  private static final class Numbers {
    private long[] bits = new long[16];
    private int size;

    void add(long value) {
      bits = size == bits.length ? Arrays.copyOf(bits, 2 * size) : bits;
      bits[size++] = value;
    }

    void add(double value) {
      add(Double.doubleToRawLongBits(value));
    }

    long[] longs() {
      return Arrays.copyOf(bits, size);
    }

    double[] doubles() {
      return Arrays.stream(bits, 0, size).mapToDouble(Double::longBitsToDouble).toArray();
    }
  }

  /** The fields of a message, one after the other; each must be read or skipped. */
  private static final class Fields {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;

    private final ByteBuffer in;
    private int field;
    private int wire;

    Fields(ByteBuffer in) {
      this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean next() {
      if (!in.hasRemaining()) {
        return false;
      }
      long tag = varint();
      field = (int) (tag >>> 3);
      wire = (int) tag & 7;
      return true;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = in.get();
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a whole number of more than 64 bits");
    }

    ByteBuffer bytes() {
      int size = Math.toIntExact(varint());
      ByteBuffer bytes = in.slice(in.position(), size).order(ByteOrder.LITTLE_ENDIAN);
      in.position(in.position() + size);
      return bytes;
    }

    Fields message() {
      return new Fields(bytes());
    }

    String text() {
      return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** One number, or many that are packed. */
    void varints(Numbers into) {
      if (wire == VARINT) {
        into.add(varint());
        return;
      }
      Fields packed = message();
      while (packed.in.hasRemaining()) {
        into.add(packed.varint());
      }
    }

    void floats(Numbers into) {
      if (wire == FOUR_BYTES) {
        into.add((double) in.getFloat());
        return;
      }
      ByteBuffer packed = bytes();
      while (packed.hasRemaining()) {
        into.add((double) packed.getFloat());
      }
    }

    void doubles(Numbers into) {
      if (wire == EIGHT_BYTES) {
        into.add(in.getDouble());
        return;
      }
      ByteBuffer packed = bytes();
      while (packed.hasRemaining()) {
        into.add(packed.getDouble());
      }
    }

    void skip() {
      switch (wire) {
        case VARINT -> varint();
        case EIGHT_BYTES -> in.getLong();
        case BYTES -> bytes();
        case FOUR_BYTES -> in.getInt();
        default -> throw new IllegalArgumentException("a field of wire type " + wire);
      }
    }
  }
}
