#include "refrain/data/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/history/history_reader.h"
#include "refrain/data/matching.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/dialect.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/source_text.h"
#include "refrain/data/streams.h"
#include "refrain/data/tag_scheme.h"

namespace refrain::data {
namespace {

constexpr std::size_t kMostShown = 20;

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& hint) {
  throw Error(Code::kData, fmt::format("{}: {}", path, what), hint);
}

// A row that stands alone above rows of as many cells as each other.
bool has_title(const Source& source) {
  const TableHead head = table_head(source, {});
  return head.names.size() == 1 && head.rows.empty() && head.ragged > 1;
}

[[noreturn]] void refuse_unknown(const Source& source) {
  Lines lines(source.text);
  Line line;
  lines.next_filled(line);
  const bool table = source.extension == "csv" || source.extension == "tsv";
  const Likeness likeness = table ? Likeness() : likeness_of(source.text);
  const std::string formats = fmt::format("{}", fmt::join(readers().names(), ", "));
  if (!likeness.name.empty()) {
    fail(source.path,
         fmt::format("this looks like {}, not like labelled data; line 1 is {}", likeness.name,
                     shown(line.text)),
         fmt::format("{}; or name its format with --format: {}", likeness.hint, formats));
  }
  const bool title = table && has_title(source);
  fail(source.path,
       fmt::format("the format was not recognised; line {} is {}", line.number, shown(line.text)),
       fmt::format("{}name it with --format: {}",
                   title   ? "take the title off, so that the file begins with the names of the "
                             "columns; or "
                   : table ? "a CSV needs a header row; or "
                           : "",
                   formats));
}

// True if the training file was a table whose columns this one has.
bool is_like_training(const Source& source, Takes given, bool label) {
  if (source.expected == nullptr) return false;
  const std::string& format = source.expected->columns.format;
  const bool table = format.ends_with("-csv") || format == "sound-manifest";
  if (!table || readers().at(format).takes != given) return false;
  return names_trained_columns(*source.expected, table_head(source, {}).names, label);
}

std::string recognise(const Source& source, Takes given, const ReadSpec& spec) {
  if (is_like_training(source, given, false)) return source.expected->columns.format;
  std::string best;
  int best_score = 0;
  for (const auto& item : readers().items()) {
    if (item.value.takes != given) continue;
    const int score = item.value.recognise(source, spec);
    if (score > best_score) best = item.name;
    best_score = std::max(score, best_score);
  }
  constexpr int kBeyondDoubt = 96;
  if (best_score < kBeyondDoubt && is_like_training(source, given, true)) {
    return source.expected->columns.format;
  }
  if (best.empty()) refuse_unknown(source);
  return best;
}

// "; in training it was 'activity'", where that is known.
std::string trained_label(const Source& source) {
  const bool known = source.expected != nullptr && !source.expected->columns.label.empty();
  return known ? fmt::format("; in training it was {}", shown(source.expected->columns.label)) : "";
}

// True if training learned tags.
bool wants_tags(const Source& source) {
  return source.expected != nullptr && source.expected->tagged;
}

[[noreturn]] void refuse_unlabelled(const Source& source, const Dataset& dataset) {
  if (wants_tags(source)) {
    fail(source.path, "the samples have no tags", "give tagged data, or name the --tag-column");
  }
  require_labels(dataset);
  const std::string& format = dataset.format;
  if (!format.ends_with("-csv")) {
    fail(source.path, "the samples have no labels" + trained_label(source), "give labelled data");
  }
  throw Error(Code::kData,
              fmt::format("{}:1: no label column; the columns are {}{}", source.path,
                          list_columns(table_head(source, {}).names), trained_label(source)),
              "name it with --target");
}

// A format that was named, for what was given.
void check_takes(const Source& source, Takes given, const std::string& format) {
  const Takes takes = readers().at(format).takes;
  if (takes == given) return;
  const auto name = [](Takes what) {
    return what == Takes::kText     ? "a file of text"
           : what == Takes::kFolder ? "a folder"
                                    : "a sound";
  };
  throw Error(Code::kUsage,
              fmt::format("{}: --format {} reads {}, and this is {}", source.path, format,
                          name(takes), name(given)),
              "leave --format out");
}

// Options about tags where a file has none.
void refuse_idle(const Source& source, const ReadSpec& spec, const Dataset& dataset) {
  const bool column = !spec.tag_column.empty() && dataset.columns.tag != spec.tag_column &&
                      lower(dataset.columns.tag) != lower(spec.tag_column);
  const bool scheme = spec.scheme != "auto" && dataset.tag_scheme.empty();
  if (!column && !scheme) return;
  throw Error(Code::kUsage,
              fmt::format("{}: read as {}, it has no {}", source.path, dataset.format,
                          column ? "column of tags " + shown(spec.tag_column) : "tags"),
              fmt::format("leave --{} out, or name its format with --format",
                          column ? "tag-column" : "scheme"));
}

// Words that must keep their spelling, commas and all.
bool holds_words(const Source& source, const ReadSpec& spec) {
  constexpr int kSure = 97;
  for (const char* format : {"conll", "word-csv"}) {
    if (spec.format == format) return true;
    if (spec.format != "auto") continue;
    if (readers().at(format).recognise(source, spec) >= kSure) return true;
  }
  return false;
}

struct Input {
  const Source& source;
  Takes given = Takes::kText;
  bool labelled = false;  // must be
};

Dataset read_source(const Input& input, const ReadSpec& spec, const base::Log& log) {
  const Source& source = input.source;
  if (spec.format != "auto") check_takes(source, input.given, spec.format);
  const std::string format =
      spec.format == "auto" ? recognise(source, input.given, spec) : spec.format;
  Dataset dataset = readers().at(format).read(source, spec);
  dataset.path = source.path;
  dataset.format = format;
  dataset.columns.format = format;
  if (source.expected != nullptr) {
    match(*source.expected, spec, dataset);
  } else if (!spec.streams.empty()) {
    divide(spec.streams, dataset);
  }
  for (const auto& warning : dataset.warnings) log.warning(warning);
  for (const auto& remark : dataset.remarks) log.info(remark);
  const bool labels = wants_tags(source) ? dataset.has_tags : dataset.has_labels;
  const bool tags = dataset.has_tags && source.expected == nullptr;
  if (input.labelled && !labels && !tags) refuse_unlabelled(source, dataset);
  if (source.expected == nullptr) refuse_idle(source, spec, dataset);
  return dataset;
}

struct Bytes {
  std::string bytes;
  const std::string& path;
  bool labelled = false;  // must be
  const Expected* expected = nullptr;
};

Dataset read_file(Bytes input, const ReadSpec& given, const base::Log& log) {
  ReadSpec spec = given;
  spec.encoding = lower(spec.encoding) == "utf8" ? "utf-8" : lower(spec.encoding);
  if (spec.format != "auto") readers().at(spec.format);
  if (is_sound(input.bytes)) {
    const Source source{input.path, extension_of(input.path), input.bytes, input.expected};
    return read_source({source, Takes::kSound, input.labelled}, spec, log);
  }
  std::string text = text_of_bytes(std::move(input.bytes), input.path, spec.encoding, log);
  if (!holds_words({input.path, extension_of(input.path), text, input.expected}, spec)) {
    for (const auto& remark : settle_dialect(input.path, spec, text)) log.info(remark);
  }
  const Source source{input.path, extension_of(input.path), text, input.expected};
  return read_source({source, Takes::kText, input.labelled}, spec, log);
}

struct PathInput {
  const std::string& path;
  bool labelled = false;  // must be
  const Expected* expected = nullptr;
};

Dataset read_path(const PathInput& input, const ReadSpec& spec, const base::Log& log) {
  const std::string& path = input.path;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    const Source source{path, "", "", input.expected};
    return read_source({source, Takes::kFolder, input.labelled}, spec, log);
  }
  return read_file({base::read_file(path).bytes, path, input.labelled, input.expected}, spec, log);
}

}  // namespace

void Problems::add(std::int64_t line, std::int64_t column, const std::string& message) {
  const bool fresh = rows_ == 0 || line != last_line_;  // samples in memory begin with line 0
  rows_ += fresh ? 1 : 0;
  last_line_ = line;
  if (shown_.size() >= kMostShown) return;
  shown_rows_ = rows_;
  if (!places_) {
    shown_.push_back(message);
    return;
  }
  shown_.push_back(column > 0 ? fmt::format("{}:{}:{}: {}", path_, line, column, message)
                              : fmt::format("{}:{}: {}", path_, line, message));
}

void Problems::throw_if_any(const std::string& hint) const {
  if (rows_ == 0) return;
  std::string message = fmt::format("{}", fmt::join(shown_, "\n"));
  if (rows_ > shown_rows_) {
    message +=
        fmt::format("\n... and {} more bad {} ({} in all)", rows_ - shown_rows_, what_, rows_);
  }
  throw Error(Code::kData, message, hint);
}

base::Fields<ReadSpec> read_fields() {
  std::vector<std::string> formats = readers().names();
  formats.insert(formats.begin(), "auto");
  for (const auto& others : {history_readers().names(), pair_readers().names()}) {
    for (const auto& name : others) {
      if (std::find(formats.begin(), formats.end(), name) == formats.end()) formats.push_back(name);
    }
  }
  return base::Fields<ReadSpec>()
      .section("Data")
      .field("format", &ReadSpec::format, formats,
             "format of the data; auto = recognised from the content")
      .field("encoding", &ReadSpec::encoding,
             "character encoding of the data: utf-8, latin-1, utf-16, gb18030, or any other that "
             "iconv knows")
      .field("target", &ReadSpec::target,
             "column with the label (usual: label, target, class, y); for lines of numbers without "
             "a header: first or last")
      .common("Name of the column with the label or the number to predict.")
      .field("text_column", &ReadSpec::text_column,
             "column with the text (usual: text, sentence, review, ...); several columns with "
             "commas between, such as title,body, are read as one stream each")
      .field("group", &ReadSpec::group,
             "column with the group (patient, machine, speaker, ...): samples of one group stay on "
             "the same side of every split (usual: group)")
      .common("Name of the column (patient, machine, speaker) whose samples stay in one part.")
      .field("id", &ReadSpec::id,
             "column with the id of a sample (usual: id; long CSV: series_id, sample)")
      .field("time_column", &ReadSpec::time,
             "long CSV: column with the time (usual: time, t, step)")
      .formerly("time")
      .field("path_column", &ReadSpec::path_column,
             "lists of recordings: column with the paths (usual: path, file, filename, audio, ...)")
      .field("decimal", &ReadSpec::decimal, {"auto", ".", ","},
             "decimal mark in tables; the other mark then separates thousands. auto = found from "
             "the numbers, with an error where 1,234 could be either")
      .field("missing_values", &ReadSpec::missing_values,
             "additional spellings of missing values, with commas between: -999,none; already "
             "known are an empty cell, ?, NA, NaN, N/A, null, None, - and similar ones")
      .field("quotes", &ReadSpec::quotes, {"auto", "none"},
             "tables: auto = quotes may enclose delimiters and line breaks; none = quotes are "
             "ordinary characters")
      .field("series_layout", &ReadSpec::series_layout, {"auto", "steps", "channels"},
             "JSON Lines: a series is a list of time steps (steps) or of channels")
      .field("tag_column", &ReadSpec::tag_column,
             "column with the tags of words or steps: a name or, for CoNLL columns, a number from "
             "1, or from -1 at the end (usual: the last one; tables: tag, ner, label, ...)")
      .field("scheme", &ReadSpec::scheme, tag_scheme_names(),
             "tagging scheme of the spans; auto = recognised; plain = tags without spans, such as "
             "parts of speech")
      .field("streams", &ReadSpec::streams,
             "divide the channels of series into named streams, each with an encoder of its own: "
             "'accelerometer=ax,ay,az; gyroscope=4-6'. Channels are given by name, by number from "
             "1, as a range or with * and ?; channels that are not named are left out");
}

Dataset read_bytes(std::string bytes, const std::string& path, const ReadSpec& spec,
                   const base::Log& log, const Expected* expected) {
  return read_file({std::move(bytes), path, expected != nullptr && expected->labelled, expected},
                   spec, log);
}

Dataset read(const std::string& path, const ReadSpec& spec, const base::Log& log) {
  return read_path({path}, spec, log);
}

bool holds_lives(const std::string& path) {
  try {
    const std::string text = base::read_file(path).bytes;
    const Source source{path, extension_of(path), text};
    return readers().at("cmapss").recognise(source, {}) > 0;
  } catch (const Error&) {
    return false;
  }
}

Dataset read_expected(const std::string& path, const ReadSpec& spec, const Expected& expected,
                      const base::Log& log) {
  return read_path({path, expected.labelled, &expected}, spec, log);
}

void require_labels(const Dataset& dataset) {
  if (dataset.has_labels || !dataset.has_tags) return;
  fail(dataset.path, "its words have tags, and its texts no labels", "learn the tags: --task tag");
}

Expected expected_like(const Dataset& training) {
  Expected out;
  out.columns = training.columns;
  out.streams = as_read(training.streams);
  out.offset = training.offset;
  out.labelled = true;
  out.tagged = training.has_tags && !training.has_labels;
  std::set<std::string> labels;
  for (const auto& sample : training.samples) {
    labels.insert(sample.label);
    const auto* series = std::get_if<Series>(&sample.streams.front());
    if (series != nullptr) out.steps = std::max(out.steps, series->steps);
  }
  out.labels = {labels.begin(), labels.end()};
  return out;
}

Dataset read_labelled(const std::string& path, const ReadSpec& spec, const base::Log& log) {
  return read_path({path, true}, spec, log);
}

}  // namespace refrain::data
