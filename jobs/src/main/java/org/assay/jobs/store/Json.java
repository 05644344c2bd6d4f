package org.assay.jobs.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;
import org.assay.report.InputFingerprint;
import org.assay.report.Manifest;

/**
 * Manifests and the store's other small files as JSON. Keys are snake_case; unknown keys are passed
 * over, missing ones are errors.
 */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  static String text(Manifest manifest) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("run_id", manifest.runId());
    json.put("suite", manifest.suite());
    json.put("status", manifest.status().name());
    json.put("exit_code", manifest.exitCode());
    json.put("reason", manifest.reason());
    json.put("started_at", manifest.startedAt().toString());
    json.put("ended_at", manifest.endedAt().toString());
    json.put("seed", manifest.seed());
    json.put("report_hash", manifest.reportHash());
    json.put("gate_status", manifest.gateStatus());
    json.put("failures", manifest.failures());
    ObjectNode tables = json.putObject("tables");
    manifest.tables().forEach(tables::put);
    json.set("inputs", inputs(manifest.inputs()));
    ObjectNode versions = json.putObject("versions");
    manifest.versions().forEach(versions::put);
    json.put("master", manifest.master());
    json.put("config_hash", manifest.configHash());
    json.put("config", manifest.config());
    return text(json) + "\n";
  }

  static String text(Map<String, InputFingerprint> inputs) {
    return inputs(inputs).toString();
  }

  static Manifest manifest(String text, Path file) {
    JsonNode json = read(text, file);
    Map<String, InputFingerprint> inputs = new TreeMap<>();
    required(json, "inputs", file)
        .fields()
        .forEachRemaining(
            entry -> {
              JsonNode input = entry.getValue();
              inputs.put(
                  entry.getKey(),
                  new InputFingerprint(
                      number(input, "rows", file),
                      string(input, "hash", file),
                      number(input, "files", file),
                      number(input, "bytes", file),
                      input.path("modified").isTextual() ? instant(input, "modified", file) : null,
                      notes(input)));
            });
    Map<String, Long> tables = new TreeMap<>();
    required(json, "tables", file)
        .fields()
        .forEachRemaining(entry -> tables.put(entry.getKey(), entry.getValue().asLong()));
    Map<String, String> versions = new TreeMap<>();
    required(json, "versions", file)
        .fields()
        .forEachRemaining(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
    Manifest.Status status;
    try {
      status = Manifest.Status.valueOf(string(json, "status", file));
    } catch (IllegalArgumentException e) {
      throw broken(file, "its status '" + json.path("status").asText() + "' is not known", e);
    }
    return new Manifest(
        string(json, "run_id", file),
        string(json, "suite", file),
        status,
        (int) number(json, "exit_code", file),
        instant(json, "started_at", file),
        instant(json, "ended_at", file),
        number(json, "seed", file),
        string(json, "config", file),
        string(json, "config_hash", file),
        inputs,
        string(json, "report_hash", file),
        tables,
        versions,
        string(json, "master", file),
        string(json, "gate_status", file),
        number(json, "failures", file),
        string(json, "reason", file));
  }

  static String text(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode read(String text, Path file) {
    try {
      JsonNode json = MAPPER.readTree(text);
      if (!json.isObject()) {
        throw broken(file, "it is no JSON object", null);
      }
      return json;
    } catch (JsonProcessingException e) {
      throw broken(file, e.getOriginalMessage(), e);
    }
  }

  static String string(JsonNode json, String key, Path file) {
    return required(json, key, file).asText();
  }

  static long number(JsonNode json, String key, Path file) {
    JsonNode value = required(json, key, file);
    if (!value.isIntegralNumber()) {
      throw broken(file, key + " is no whole number", null);
    }
    return value.longValue();
  }

  static Instant instant(JsonNode json, String key, Path file) {
    try {
      return Instant.parse(string(json, key, file));
    } catch (DateTimeParseException e) {
      throw broken(file, key + " is no time", e);
    }
  }

  private static ObjectNode inputs(Map<String, InputFingerprint> inputs) {
    ObjectNode json = MAPPER.createObjectNode();
    inputs.forEach(
        (name, input) -> {
          ObjectNode one =
              json.putObject(name)
                  .put("rows", input.rows())
                  .put("hash", input.hash())
                  .put("files", input.files())
                  .put("bytes", input.bytes())
                  .put("modified", input.modified() == null ? null : input.modified().toString());
          input.notes().forEach(one.putArray("notes")::add);
        });
    return json;
  }

  /** The notes of an input; none in manifests that were written before there were any. */
  private static List<String> notes(JsonNode input) {
    List<String> notes = new ArrayList<>();
    input.path("notes").forEach(note -> notes.add(note.asText()));
    return notes;
  }

  private static JsonNode required(JsonNode json, String key, Path file) {
    JsonNode value = json.get(key);
    if (value == null || value.isNull()) {
      throw broken(file, "it has no " + key, null);
    }
    return value;
  }

  private static UserException broken(Path file, String why, Exception cause) {
    return UserException.input(
        file + " is broken: " + why + ". Restore it, or remove its folder to give that run up",
        cause);
  }
}
