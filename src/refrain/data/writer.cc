#include "refrain/data/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/streams.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/score/spans.h"

namespace refrain::data {
namespace {

using base::Json;

bool is_tagged(const Dataset& dataset) {
  return std::any_of(dataset.samples.begin(), dataset.samples.end(),
                     [](const Sample& sample) { return !sample.tags.empty(); });
}

bool is_text(const Dataset& dataset) { return are_all(dataset.streams, StreamKind::kText); }

// The id of the sample that this one was made from, or "".
std::string source_id(const Dataset& dataset, const Sample& sample) {
  const bool known =
      sample.source >= 0 && sample.source < static_cast<std::int64_t>(dataset.samples.size());
  return known ? dataset.samples[static_cast<std::size_t>(sample.source)].id : "";
}

// A value as the file had it: the shortest decimal of the float, or with what reading took off of
// the channels, of which those of this series begin at `first`.
std::string value_text(const Dataset& dataset, const Series& series, int step, int channel,
                       int first = 0) {
  const float value = series.values[static_cast<std::size_t>(step * series.channels + channel)];
  if (!std::isfinite(value)) return "?";
  if (dataset.offset.empty()) return fmt::format("{}", value);
  return fmt::format("{}", value + dataset.offset[static_cast<std::size_t>(first + channel)]);
}

// One line.
std::string flat(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

void check_ts_label(const Sample& sample) {
  if (sample.label.find_first_of(" \t:\r\n") == std::string::npos) return;
  throw Error(Code::kData,
              fmt::format("the label '{}' of sample '{}' cannot stand in a .ts file",
                          flat(sample.label), sample.id),
              "write a .jsonl file");
}

std::string ts_header(const Dataset& dataset) {
  bool equal = true, missing = false;
  std::set<std::string> labels;
  const auto& first = std::get<Series>(dataset.samples.front().streams.front());
  for (const auto& sample : dataset.samples) {
    const auto& series = std::get<Series>(sample.streams.front());
    equal = equal && series.steps == first.steps;
    missing = missing || std::any_of(series.values.begin(), series.values.end(),
                                     [](float v) { return !std::isfinite(v); });
    if (dataset.has_labels) check_ts_label(sample);
    labels.insert(sample.label);
  }
  const int channels = dataset.streams.front().channels;
  std::string out =
      fmt::format("@problemName augmented\n@timeStamps false\n@missing {}\n", missing);
  out += fmt::format("@univariate {}\n", channels == 1);
  if (channels > 1) out += fmt::format("@dimensions {}\n", channels);
  out += fmt::format("@equalLength {}\n", equal);
  if (equal) out += fmt::format("@seriesLength {}\n", first.steps);
  if (dataset.measured) return out + "@targetLabel true\n@data\n";
  out += fmt::format("@classLabel {}", dataset.has_labels);
  for (const auto& label : labels) out += dataset.has_labels ? " " + label : "";
  return out + "\n@data\n";
}

std::string write_ts(const Dataset& dataset) {
  std::string out = ts_header(dataset);
  for (const auto& sample : dataset.samples) {
    const auto& series = std::get<Series>(sample.streams.front());
    if (sample.source >= 0) {
      out += fmt::format("# {} from {}\n", flat(sample.id), flat(source_id(dataset, sample)));
    }
    for (int c = 0; c < series.channels; ++c) {
      if (c > 0) out += ':';
      for (int t = 0; t < series.steps; ++t) {
        if (t > 0) out += ',';
        out += value_text(dataset, series, t, c);
      }
    }
    if (dataset.has_labels) out += ":" + sample.label;
    out += '\n';
  }
  return out;
}

// The words of a tagged text, a tag each, or of one without tags. Throws data where tags are not
// as many.
std::vector<std::string> tokens_of(const Sample& sample) {
  std::vector<std::string> tokens;
  std::string_view rest = std::get<std::string>(sample.streams.front());
  for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
    tokens.emplace_back(word);
  }
  if (sample.tags.empty() || tokens.size() == sample.tags.size()) return tokens;
  throw Error(Code::kData,
              fmt::format("sample '{}' has {} words and {} tags", flat(sample.id), tokens.size(),
                          sample.tags.size()),
              "a blank must stand between its words");
}

std::string write_conll(const Dataset& dataset) {
  std::string out;
  for (const auto& sample : dataset.samples) {
    const auto tokens = tokens_of(sample);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      out += tokens[i] + '\t' + sample.tags[i] + '\n';
    }
    out += '\n';
  }
  return out;
}

// A field of a table: quoted where it holds what would end it (RFC 4180).
std::string cell(const std::string& text, char separator) {
  if (text.find_first_of(std::string("\"\r\n") + separator) == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

// One row a word.
std::string write_words(const Dataset& dataset, char separator) {
  std::string out = fmt::format("sentence{0}word{0}tag\n", separator);
  for (const auto& sample : dataset.samples) {
    const auto tokens = tokens_of(sample);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      out += cell(sample.id, separator) + separator + cell(tokens[i], separator) + separator +
             cell(sample.tags[i], separator) + '\n';
    }
  }
  return out;
}

// The text that the words were cut from, and the spans that their tags mark.
void add_spans(const RawText& raw, const std::vector<std::string>& tags, Json& line) {
  line["text"] = raw.text;
  Json spans = Json::array();
  for (const auto& span : score::spans_of(tags)) {
    const auto first = static_cast<std::size_t>(span.begin),
               last = static_cast<std::size_t>(span.end);
    spans.push_back(
        {{"start", raw.begin[first]}, {"end", raw.end[last - 1]}, {"label", span.type}});
  }
  line["spans"] = std::move(spans);
}

// Words with their tags, or a raw text with spans.
void add_tagged(const Dataset& dataset, const Sample& sample, Json& line) {
  const RawText* raw = dataset.tag_scheme == "plain" ? nullptr : raw_of(sample);
  if (raw != nullptr && raw->begin.size() == sample.tags.size()) {
    return add_spans(*raw, sample.tags, line);
  }
  line["tokens"] = tokens_of(sample);
  if (dataset.has_tags || !sample.tags.empty()) line["tags"] = sample.tags;
}

Json values_json(const Dataset& dataset, const Series& series, int first = 0) {
  Json steps = Json::array();
  const auto value = [&](int t, int c) -> Json {
    const std::string text = value_text(dataset, series, t, c, first);
    return text == "?" ? Json(nullptr) : Json(std::stod(text));
  };
  for (int t = 0; t < series.steps; ++t) {
    Json step = Json::array();
    for (int c = 0; c < series.channels; ++c) step.push_back(value(t, c));
    steps.push_back(series.channels == 1 ? step[0] : step);
  }
  return steps;
}

// Each stream under its name.
Json streams_json(const Dataset& dataset, const Sample& sample) {
  Json out = Json::object();
  int first = 0;
  for (std::size_t s = 0; s < dataset.streams.size(); ++s) {
    Json& value = out[dataset.streams[s].name];
    if (const auto* series = std::get_if<Series>(&sample.streams[s])) {
      value = values_json(dataset, *series, first);
      first += series->channels;
    } else {
      value = std::get<std::string>(sample.streams[s]);
    }
  }
  return out;
}

std::string write_jsonl(const Dataset& dataset) {
  std::string out;
  for (const auto& sample : dataset.samples) {
    Json line = {{"id", sample.id}};
    if (sample.source >= 0) line["derived_from"] = source_id(dataset, sample);
    if (dataset.streams.size() > 1) {
      line["streams"] = streams_json(dataset, sample);
    } else if (const auto* series = std::get_if<Series>(&sample.streams.front())) {
      line["series"] = values_json(dataset, *series);
      if (!sample.tags.empty()) line["tags"] = sample.tags;
    } else if (!sample.tags.empty() || sample.in_words || (dataset.has_tags && sample.raw)) {
      add_tagged(dataset, sample, line);
    } else {
      line["text"] = std::get<std::string>(sample.streams.front());
    }
    if (dataset.has_labels) line["label"] = sample.label;
    if (!sample.group.empty()) line["group"] = sample.group;
    out += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return out;
}

std::string write_table(const Dataset& dataset, char separator) {
  const bool groups = std::any_of(dataset.samples.begin(), dataset.samples.end(),
                                  [](const Sample& s) { return !s.group.empty(); });
  std::vector<std::string> head = {"id", "derived_from"};
  for (const auto& stream : dataset.streams) head.push_back(stream.name);
  if (dataset.streams.size() == 1) head.back() = "text";
  if (dataset.has_labels) head.emplace_back("label");
  if (groups) head.emplace_back("group");
  std::string out;
  const auto add = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += separator;
      out += cell(row[i], separator);
    }
    out += '\n';
  };
  add(head);
  for (const auto& sample : dataset.samples) {
    std::vector<std::string> row = {sample.id, source_id(dataset, sample)};
    for (const auto& value : sample.streams) row.push_back(std::get<std::string>(value));
    if (dataset.has_labels) row.push_back(sample.label);
    if (groups) row.push_back(sample.group);
    add(row);
  }
  return out;
}

// A hint.
std::string forms_of(const Dataset& dataset) {
  if (is_tagged(dataset)) {
    const bool columns = is_text(dataset) && !dataset.has_labels;
    return columns ? "name a file that ends with .conll, .jsonl, .csv or .tsv"
                   : "name a file that ends with .jsonl, which holds labels and tags";
  }
  if (!is_text(dataset) && dataset.streams.size() > 1) {
    return "name a file that ends with .jsonl, which holds several streams";
  }
  return is_text(dataset) ? "name a file that ends with .jsonl, .csv or .tsv"
                          : "name a file that ends with .ts or .jsonl";
}

}  // namespace

bool can_write(const Dataset& dataset, const std::string& extension) {
  if (dataset.streams.empty() || has_any(dataset.streams, StreamKind::kSound)) return false;
  if (extension == "jsonl") return true;
  const bool one = dataset.streams.size() == 1;
  if (!one && !is_text(dataset)) return false;
  const bool table = extension == "csv" || extension == "tsv";
  if (is_tagged(dataset)) {
    return is_text(dataset) && (extension == "conll" || table) && !dataset.has_labels;
  }
  return is_text(dataset) ? table : extension == "ts";
}

std::string write_samples(const Dataset& dataset, const std::string& extension) {
  if (!can_write(dataset, extension)) {
    throw Error(Code::kUsage,
                fmt::format("{}{} cannot be written as '.{}'", is_tagged(dataset) ? "tagged " : "",
                            is_text(dataset)             ? "texts"
                            : dataset.streams.size() > 1 ? "several streams"
                                                         : "series",
                            extension),
                forms_of(dataset));
  }
  if (extension == "ts") return write_ts(dataset);
  if (extension == "conll") return write_conll(dataset);
  if (extension == "jsonl") return write_jsonl(dataset);
  const char separator = extension == "csv" ? ',' : '\t';
  return is_tagged(dataset) ? write_words(dataset, separator) : write_table(dataset, separator);
}

}  // namespace refrain::data
