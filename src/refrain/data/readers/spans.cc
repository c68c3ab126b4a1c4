#include "refrain/data/readers/spans.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "refrain/base/error.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

// The place of an offset among sorted ones, or npos.
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
std::size_t place_of(const std::vector<int>& offsets, std::int64_t wanted) {
  const auto found = std::lower_bound(offsets.begin(), offsets.end(), wanted);
  if (found == offsets.end() || *found != wanted) return kNowhere;
  return static_cast<std::size_t>(found - offsets.begin());
}

bool spans_words(const RawText& raw, const RawSpan& span) {
  return place_of(raw.begin, span.begin) != kNowhere && place_of(raw.end, span.end) != kNowhere;
}

std::int64_t characters_of(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

// The word around an offset, for messages; "" where it stands between words.
std::string_view word_around(const RawText& raw, std::int64_t offset) {
  const auto after = std::upper_bound(raw.begin.begin(), raw.begin.end(), offset);
  if (after == raw.begin.begin()) return {};
  const auto i = static_cast<std::size_t>(after - raw.begin.begin()) - 1;
  return offset > raw.begin[i] && offset < raw.end[i] ? words_of(raw)[i] : std::string_view();
}

std::string shown_span(const RawSpan& span) {
  if (!span.id.empty()) return fmt::format("{} {}", span.id, shown(span.label));
  return fmt::format("span {}-{} {}", span.begin, span.end, shown(span.label));
}

}  // namespace

void SpanTagger::add_problem(const std::string& message) {
  problems_.add(places_ ? line_ : ++line_, 0, message);
}

void SpanTagger::refuse(const std::string& message) { add_problem(name_ + message); }

// Checks that the span begins and ends at words; records a problem otherwise.
bool SpanTagger::check(const RawText& raw, const RawSpan& span) {
  const std::string what = shown_span(span);
  if (span.label.empty() || span.label.find_first_of("\t\r\n") != std::string::npos) {
    return refuse(what + ": a label is a word, without tab or line break"), false;
  }
  if (span.begin < 0 || span.end <= span.begin) return refuse(what + " holds nothing"), false;
  if (spans_words(raw, span)) return true;
  misfit_ = true;
  if (first_misfit_.empty()) first_misfit_ = name_ + what;
  const std::int64_t size = characters_of(raw.text);
  if (span.end > size) {
    return refuse(fmt::format("{} ends past the text, which has {} characters", what, size)), false;
  }
  const bool begins = place_of(raw.begin, span.begin) != kNowhere;
  const auto word = word_around(raw, begins ? span.end : span.begin);
  refuse(
      fmt::format("{} {} {}", what, begins ? "ends" : "begins",
                  word.empty() ? std::string("beside a word") : "inside the word " + shown(word)));
  return false;
}

// Finds the other units of offsets in which all spans would fit.
void SpanTagger::check_units(const RawText& raw, const std::vector<RawSpan>& spans) {
  constexpr std::array<OffsetUnit, 2> kUnits = {OffsetUnit::kBytes, OffsetUnit::kUtf16};
  for (std::size_t u = 0; u < kUnits.size(); ++u) {
    if (!fits_[u]) continue;
    const RawText cut = cut_raw(raw.text, kUnits[u]);
    fits_[u] = std::all_of(spans.begin(), spans.end(),
                           [&](const RawSpan& span) { return spans_words(cut, span); });
  }
}

std::string SpanTagger::tag(const std::string& name, std::string text, std::vector<RawSpan> spans,
                            Sample& sample) {
  name_ = name;
  if (places_) line_ = sample.line;
  auto raw = std::make_shared<RawText>(cut_raw(std::move(text)));
  sample.tags.assign(raw->begin.size(), "O");
  check_units(*raw, spans);
  std::sort(spans.begin(), spans.end(), [](const RawSpan& a, const RawSpan& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  const RawSpan* before = nullptr;  // the one that reaches farthest
  for (const RawSpan& span : spans) {
    if (!check(*raw, span)) continue;
    if (before != nullptr && span.begin < before->end) {
      refuse(fmt::format("{} and {} overlap", shown_span(*before), shown_span(span)));
    }
    if (before == nullptr || span.end > before->end) before = &span;
    const std::size_t first = place_of(raw->begin, span.begin), last = place_of(raw->end, span.end);
    for (std::size_t i = first; i <= last; ++i) {
      sample.tags[i] = (i == first ? "B-" : "I-") + span.label;
    }
  }
  sample.raw = raw;
  return joined_words(*raw);
}

void SpanTagger::finish() const {
  if (problems_.count() == 0) return;
  if (misfit_ && (fits_[0] || fits_[1])) {
    throw Error(
        Code::kData,
        fmt::format("{}: the offsets of spans count {}, not characters: as characters {} does not "
                    "fit the words, and as {} all spans do",
                    path_, fits_[0] ? "bytes" : "UTF-16 units", first_misfit_,
                    fits_[0] ? "bytes" : "UTF-16 units"),
        fits_[0] ? "count characters of Unicode; in Python: "
                   "start = len(text.encode()[:start].decode())"
                 : "count characters of Unicode; in JavaScript: "
                   "start = [...text.slice(0, start)].length");
  }
  problems_.throw_if_any(
      "offsets count characters from 0, the end is the first character behind the span; a span "
      "begins and ends with words (a run of letters and digits, a Chinese character, a mark), and "
      "spans do not overlap; mend these or take them out");
}

}  // namespace refrain::data
