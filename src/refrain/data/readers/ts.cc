// sktime/UEA .ts: comments (# or %), a header of @ lines, then one case a line: channels separated
// by
// ':', their values by ',', the label last. "?" or NaN is a missing value.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

constexpr const char* kHint =
    "a case is channel1:channel2:...:label, a channel v1,v2,...; ? is a missing value";

struct TsHeader {
  bool names_labels = false;  // @classLabel or @targetLabel stands there
  bool has_label = false;
  bool has_target = false;  // @targetLabel true: a number to be predicted, not a class
  std::unordered_set<std::string> labels;  // empty = any
  int channels = 0;                        // 0 = not said
  int steps = 0;                           // 0 = not said, or lengths differ
  bool equal_length = true;
};

bool is_comment(std::string_view line) { return line[0] == '#' || line[0] == '%'; }

int whole_number(std::string_view word) {
  const double value = parse_number(word).value;
  return value >= 1 && value <= std::numeric_limits<int>::max() ? static_cast<int>(value) : 0;
}

void read_class_label(std::string_view rest, TsHeader& header) {
  header.names_labels = true;
  header.has_label = lower(take_word(rest)) == "true";
  for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
    header.labels.emplace(word);
  }
}

void read_header_line(const Source& source, const Line& line, TsHeader& header) {
  std::string_view rest = line.text;
  const std::string tag = lower(take_word(rest));
  std::string_view words = rest;
  const std::string value = lower(take_word(words));
  if (tag == "@timestamps" && value == "true") {
    throw Error(Code::kUnsupported,
                fmt::format("{}:{}: @timeStamps true is not supported", source.path, line.number),
                "write the values without time stamps, or use a long CSV with a time column");
  }
  if (tag == "@classlabel") read_class_label(rest, header);
  if (tag == "@targetlabel") {
    read_class_label(value, header);
    header.has_target = header.has_label;
  }
  if (tag == "@univariate" && value == "true") header.channels = 1;
  if (tag == "@dimensions" || tag == "@dimension") header.channels = whole_number(value);
  if (tag == "@equallength") header.equal_length = value == "true";
  if (tag == "@serieslength") header.steps = whole_number(value);
}

// Leaves `lines` behind the @data line.
TsHeader read_header(const Source& source, Lines& lines) {
  TsHeader header;
  Line line;
  while (lines.next_filled(line)) {
    line.text = trim(line.text);
    if (is_comment(line.text)) continue;
    if (line.text[0] != '@') {
      throw Error(Code::kData,
                  fmt::format("{}:{}: data before the @data line", source.path, line.number),
                  "the header's last line is @data");
    }
    if (lower(line.text) != "@data") {
      read_header_line(source, line, header);
      continue;
    }
    if (!header.names_labels) {
      throw Error(Code::kData, fmt::format("{}: no @classLabel line in the header", source.path),
                  "add '@classLabel true a b c' or '@classLabel false'");
    }
    if (!header.equal_length) header.steps = 0;
    return header;
  }
  throw Error(Code::kData, fmt::format("{}: no @data line", source.path),
              "a .ts file has a header of @ lines that ends with @data");
}

class CaseReader {
 public:
  CaseReader(const TsHeader& header, Problems& problems) : header_(header), problems_(problems) {}

  void read(const Line& line, Collector& collector) {
    line_ = line.number;
    column_ = 0;
    Sample sample;
    sample.line = line_;
    std::string_view values = trim(line.text);
    if (header_.has_label && !take_label(values, sample)) return;
    RawSeries series;
    if (read_series(values, series)) collector.add(std::move(sample), std::move(series));
  }

 private:
  bool take_label(std::string_view& values, Sample& sample) {
    const std::size_t colon = values.rfind(':');
    if (colon == std::string_view::npos) {
      problems_.add(line_, 0, "no ':' before a label");
      return false;
    }
    sample.label = trim(values.substr(colon + 1));
    values = values.substr(0, colon);
    respell(sample.label);
    const bool known = header_.labels.empty() || sample.label == "?" || sample.label.empty() ||
                       header_.labels.count(sample.label) > 0;
    if (!known) {
      problems_.add(line_, 0, fmt::format("label {} is not in @classLabel", shown(sample.label)));
    }
    return true;
  }

  // "1.0000000e+00" is the label "1" of the header.
  void respell(std::string& label) const {
    const Number number = parse_number(label);
    if (header_.labels.contains(label) || number.kind != NumberKind::kFinite) return;
    for (const auto& known : header_.labels) {
      const Number other = parse_number(known);
      if (other.kind != NumberKind::kFinite || other.value != number.value) continue;
      label = known;
      return;
    }
  }

  // Channel after channel into channels_, then turned to [T,F].
  bool read_series(std::string_view text, RawSeries& series) {
    channels_.clear();
    bool more = true;
    while (more) {
      more = text.find(':') != std::string_view::npos;
      read_channel(take_until(text, ':'));
      ++series.channels;
      if (series.channels == 1) series.steps = static_cast<int>(channels_.size());
      if (!same_length(series)) return false;
    }
    if (!fits_header(series)) return false;
    const auto steps = static_cast<std::size_t>(series.steps);
    const auto width = static_cast<std::size_t>(series.channels);
    series.values.resize(channels_.size());
    for (std::size_t c = 0; c < width; ++c) {
      for (std::size_t t = 0; t < steps; ++t) {
        series.values[t * width + c] = channels_[c * steps + t];
      }
    }
    return true;
  }

  void read_channel(std::string_view text) {
    bool more = !trim(text).empty();
    while (more) {
      more = text.find(',') != std::string_view::npos;
      const std::string_view cell = take_until(text, ',');
      ++column_;
      if (trim(cell).empty()) problems_.add(line_, column_, "empty value; ? is a missing one");
      channels_.push_back(read_value(cell, line_, column_, problems_));
    }
  }

  bool same_length(const RawSeries& series) {
    const std::size_t wanted =
        static_cast<std::size_t>(series.steps) * static_cast<std::size_t>(series.channels);
    if (channels_.size() == wanted) return true;
    const std::size_t got = channels_.size() + static_cast<std::size_t>(series.steps) - wanted;
    problems_.add(line_, 0,
                  fmt::format("channel {} has {} values, but channel 1 has {}", series.channels,
                              got, series.steps));
    return false;
  }

  bool fits_header(const RawSeries& series) {
    if (header_.channels > 0 && series.channels != header_.channels) {
      problems_.add(
          line_, 0,
          fmt::format("{} channels, but the header says {}", series.channels, header_.channels));
      return false;
    }
    if (header_.steps > 0 && series.steps != header_.steps) {
      problems_.add(
          line_, 0,
          fmt::format("{} values a channel, but @seriesLength is {}", series.steps, header_.steps));
      return false;
    }
    return true;
  }

  const TsHeader& header_;
  Problems& problems_;
  std::vector<double> channels_;  // [F,T]
  std::int64_t line_ = 0;
  std::int64_t column_ = 0;
};

int recognise_ts(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  bool own_tag = false;
  while (lines.next_filled(line)) {
    std::string_view rest = trim(line.text);
    if (is_comment(rest)) continue;
    if (rest[0] != '@') break;
    const std::string tag = lower(take_word(rest));
    if (tag == "@relation" || tag == "@attribute") return 0;  // ARFF, or .tsf for forecasting
    own_tag |= tag == "@problemname" || tag == "@timestamps" || tag == "@univariate" ||
               tag == "@classlabel" || tag == "@targetlabel";
    if (tag == "@data") return own_tag ? 100 : 60;
  }
  if (source.extension == "ts") return 30;
  return own_tag ? 50 : 0;
}

Dataset read_ts(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  const TsHeader header = read_header(source, lines);
  Collector collector(source, StreamKind::kSeries);
  CaseReader cases(header, collector.problems());
  Line line;
  while (lines.next_filled(line)) {
    if (!is_comment(trim(line.text))) cases.read(line, collector);
  }
  Dataset out = collector.finish(kHint);
  out.measured = header.has_target;
  return out;
}

}  // namespace

Reader ts_reader() { return {recognise_ts, read_ts}; }

}  // namespace refrain::data
