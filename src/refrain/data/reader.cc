#include "refrain/data/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/history/readers.h"
#include "refrain/data/matching.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/dialect.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/signature.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/streams.h"
#include "refrain/data/tag_scheme.h"

namespace refrain::data {
namespace {

constexpr std::size_t kMostShown = 20;
constexpr std::size_t kLongestLine = std::size_t{64} << 20;
constexpr std::int64_t kLinesABadOne = 1000;  // fewer bad lines than 1 in so many are tolerated

// Lower case, ".gz" passed over: "x.TSV.gz" gives "tsv".
std::string extension_of(const std::string& path) {
  std::filesystem::path name(lower(path));
  if (name.extension() == ".gz") name = name.stem();
  const std::string extension = name.extension().string();
  return extension.empty() ? "" : extension.substr(1);
}

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& hint) {
  throw Error(Code::kData, fmt::format("{}: {}", path, what), hint);
}

void refuse_binary(const std::string& path, const std::string& bytes) {
  const BinaryKind kind = binary_kind(bytes);
  if (kind.name.empty()) return;
  if (!kind.sound) fail(path, "this is " + kind.name + ", not text", kind.hint);
  const std::filesystem::path name(path);
  std::string converted = (name.parent_path() / name.stem()).string() + ".wav";
  if (converted == path) converted.insert(converted.size() - 4, "-converted");
  fail(path, fmt::format("this is {}; recordings are read from WAV, FLAC and OGG", kind.name),
       fmt::format("ffmpeg -i {} {}", path, converted));
}

// Zero bytes after decoding.
void refuse_zeros(const std::string& path, const std::string& text, const std::string& encoding) {
  const std::size_t zero = text.find('\0');
  if (zero == std::string::npos) return;
  if (encoding == "utf-8" && base::guess_encoding(text) == "utf-16") {
    fail(path, "not UTF-8 (looks like utf-16)", "read it with --encoding utf-16");
  }
  const auto line =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
  throw Error(Code::kData,
              fmt::format("{}:{}: a zero byte: this is a binary file, not text", path, line + 1),
              "give a text file, or name its --encoding");
}

// Where in the text bad bytes stand: the lines, each once, and the first one's column in
// characters.
struct BadPlaces {
  std::vector<std::int64_t> lines;
  std::int64_t column = 0;
};

BadPlaces find_places(const base::Decoded& decoded) {
  BadPlaces places;
  std::int64_t line = 1;
  std::size_t at = 0;
  for (const std::size_t bad : decoded.bad) {
    const auto from = decoded.text.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = decoded.text.begin() + static_cast<std::ptrdiff_t>(bad);
    line += std::count(from, to, '\n');
    at = bad;
    if (places.lines.empty() || places.lines.back() != line) places.lines.push_back(line);
    if (places.column > 0) continue;
    const std::size_t start = decoded.text.rfind('\n', bad) + 1;  // npos + 1 = 0
    places.column = 1 + std::count_if(decoded.text.begin() + static_cast<std::ptrdiff_t>(start), to,
                                      [](char c) { return (c & 0xc0) != 0x80; });
  }
  return places;
}

struct Undecoded {
  const std::string& path;
  const std::string& encoding;
  std::vector<base::EncodingGuess> guesses;  // what else it may be
};

std::string names_of(const std::vector<base::EncodingGuess>& guesses) {
  std::vector<std::string> names;
  for (const auto& guess : guesses) names.push_back(guess.name);
  return fmt::format("{}", fmt::join(names, " or "));
}

std::string how_to_read(const std::vector<base::EncodingGuess>& guesses) {
  if (guesses.empty()) return "mend this place, or name another --encoding";
  std::vector<std::string> ways;
  for (const auto& guess : guesses) {
    ways.push_back(
        fmt::format("--encoding {} (it then says '{}')", guess.name, trim(guess.sample)));
  }
  return fmt::format("read it with {}", fmt::join(ways, ", or "));
}

// Few bad lines in a large file are a warning, else an error.
void report_bad_bytes(const Undecoded& file, const base::Decoded& decoded, const base::Log& log) {
  const BadPlaces places = find_places(decoded);
  const auto bad = static_cast<std::int64_t>(places.lines.size());
  const std::int64_t lines = std::count(decoded.text.begin(), decoded.text.end(), '\n') +
                             (decoded.text.ends_with('\n') ? 0 : 1);
  std::string name = file.encoding;
  if (name == "utf-8") name = "UTF-8";
  const auto& guesses = file.guesses;
  const bool other = !guesses.empty();
  if (bad * kLinesABadOne >= lines) {
    throw Error(Code::kData,
                fmt::format("{}:{}:{}: not {}{}", file.path, places.lines[0], places.column, name,
                            other ? fmt::format(" (looks like {})", names_of(guesses)) : ""),
                how_to_read(guesses));
  }
  std::vector<std::int64_t> named = places.lines;
  named.resize(std::min(named.size(), kMostShown));
  log.warning(fmt::format(
      "{}: {} of {} lines hold{} bytes that are not {} (line{} {}{}); they were read as U+FFFD{}",
      file.path, bad, lines, bad == 1 ? "s" : "", name, bad == 1 ? "" : "s", fmt::join(named, ", "),
      places.lines.size() > kMostShown ? ", ..." : "",
      other ? fmt::format("; --encoding {} reads them", guesses[0].name) : ""));
}

std::string decode_text(std::string bytes, const std::string& path, const ReadSpec& spec,
                        const base::Log& log) {
  const bool utf8 = spec.encoding == "utf-8";
  const std::string kept =
      utf8 && base::first_invalid_utf8(bytes) != std::string::npos ? bytes : "";
  base::Decoded decoded = base::decode(std::move(bytes), spec.encoding);
  refuse_zeros(path, decoded.text, spec.encoding);
  if (!decoded.bad.empty()) {
    std::vector<base::EncodingGuess> guesses;
    if (utf8 && base::guess_encoding(kept) != "utf-8") guesses = base::guess_encodings(kept);
    report_bad_bytes({path, spec.encoding, std::move(guesses)}, decoded, log);
  }
  return std::move(decoded.text);
}

// A lone CR ends lines only in files without any LF.
void mend_line_ends(std::string& text) {
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
}

void check_lines(const std::string& path, const std::string& text) {
  Lines lines(text);
  Line line;
  bool filled = false;
  while (lines.next(line)) {
    filled = filled || !trim(line.text).empty();
    if (line.text.size() <= kLongestLine) continue;
    throw Error(Code::kData,
                fmt::format("{}:{}: a line of {} MiB; the longest accepted has {}", path,
                            line.number, line.text.size() >> 20, kLongestLine >> 20),
                "is this really a file of series or texts?");
  }
  if (!filled) fail(path, "the file is empty", "give a file with at least one sample");
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

// Whether the training file was a table whose columns this one has.
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

// Whether training learned tags.
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
  refuse_binary(input.path, input.bytes);
  std::string text = decode_text(std::move(input.bytes), input.path, spec, log);
  mend_line_ends(text);
  check_lines(input.path, text);
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
  const bool fresh = line != last_line_;
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
  for (const auto& name : history_readers().names()) {
    if (std::find(formats.begin(), formats.end(), name) == formats.end()) formats.push_back(name);
  }
  return base::Fields<ReadSpec>()
      .section("Data")
      .field("format", &ReadSpec::format, formats, "format of the data; auto looks at the content")
      .field("encoding", &ReadSpec::encoding,
             "encoding of the data: utf-8, latin-1, utf-16, gb18030, or any that iconv knows")
      .field("target", &ReadSpec::target,
             "column with the label (usual: label, target, class, y); lines of numbers without a "
             "header: first or last")
      .field("text_column", &ReadSpec::text_column,
             "column with the text (usual: text, sentence, review, ...); several with commas "
             "between them are one stream each: title,body")
      .field("group", &ReadSpec::group,
             "column with the group (patient, machine, ...) that no split may part (usual: group)")
      .field("id", &ReadSpec::id, "column with the id (usual: id; long CSV: series_id, sample)")
      .field(
          "time", &ReadSpec::time,
          "long CSV: column with the time (usual: time, t, step); a length of time such as 10m is "
          "--time-limit instead")
      .field("path_column", &ReadSpec::path_column,
             "lists of recordings: column with the paths (usual: path, file, filename, audio, ...)")
      .field("decimal", &ReadSpec::decimal, {"auto", ".", ","},
             "what parts a number's fraction in tables; with . a comma marks thousands, with , a "
             "point does; auto looks at the numbers and asks where 1,234 may be either")
      .field("missing_values", &ReadSpec::missing_values,
             "further spellings of missing values, with commas between them: -999,none; known are "
             "an empty cell, ?, NA, NaN, N/A, null, None, - and their like")
      .field("quotes", &ReadSpec::quotes, {"auto", "none"},
             "tables: quotes hold delimiters and line breaks, or are characters like others")
      .field("series_layout", &ReadSpec::series_layout, {"auto", "steps", "channels"},
             "JSON Lines: whether a series is a list of time steps or of channels")
      .field("tag_column", &ReadSpec::tag_column,
             "column with the tags of words or steps: a name, or of CoNLL columns a number from 1, "
             "or from -1 at the end (usual: the last one; tables: tag, ner, label, ...)")
      .field("scheme", &ReadSpec::scheme, tag_scheme_names(),
             "how the tags of words mark spans; auto finds it, plain are tags that mark none, such "
             "as parts of speech")
      .field("streams", &ReadSpec::streams,
             "divide the channels of series into named streams, each read by its own encoder: "
             "'accelerometer=ax,ay,az; gyroscope=4-6'; channels by name, by number from 1, as a "
             "range or with * and ?; channels that are not named are left out");
}

Dataset read_bytes(std::string bytes, const std::string& path, const ReadSpec& spec,
                   const base::Log& log, const Expected* expected) {
  return read_file({std::move(bytes), path, expected != nullptr && expected->labelled, expected},
                   spec, log);
}

Dataset read(const std::string& path, const ReadSpec& spec, const base::Log& log) {
  return read_path({path}, spec, log);
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
