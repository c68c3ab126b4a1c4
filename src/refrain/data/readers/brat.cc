// A folder of brat standoff: x.txt and x.ann belong together. Each text is a document, which is a
// group; its lines are the sentences. Read are text-bound annotations (T lines); relations, events
// and attributes are passed over. Files stand in the order of their names.
#include "refrain/data/readers/brat.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/text_file.h"

namespace refrain::data {
namespace {

namespace fs = std::filesystem;

struct BratSpan {
  RawSpan span;
  std::string_view covered;  // the text as the annotation repeats it
};

// Where the characters of a text begin, and its end.
std::vector<std::size_t> character_places(std::string_view text) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xc0) != 0x80) out.push_back(i);
  }
  out.push_back(text.size());
  return out;
}

bool take_number(std::string_view& rest, std::int64_t& out) {
  const std::string_view word = take_word(rest);
  const char* end = word.data() + word.size();
  const auto [stop, code] = std::from_chars(word.data(), end, out);
  return code == std::errc() && stop == end;
}

// "T1 TAB PER 0 5 TAB Alice". Returns what is wrong, or "".
std::string parse_span(std::string_view line, BratSpan& out) {
  std::string_view rest = line;
  out.span.id = take_until(rest, '\t');
  std::string_view place = take_until(rest, '\t');
  out.covered = rest;
  out.span.label = take_word(place);
  if (place.find(';') != std::string_view::npos) return "a span in several pieces";
  const bool numbers = take_number(place, out.span.begin) && take_number(place, out.span.end);
  if (!numbers || !trim(place).empty())
    return "not an id, a tab, a type and two offsets, a tab, a text";
  return "";
}

// A line of a document.
struct BratLine {
  std::string_view text;
  std::int64_t number = 0, begin = 0, end = 0;  // characters of the document
  std::vector<RawSpan> spans;
};

std::vector<BratLine> brat_lines(const std::string& text, const std::vector<std::size_t>& places) {
  std::vector<BratLine> out;
  Lines lines(text);
  for (Line line; lines.next(line);) {
    const auto character = [&](std::size_t byte) {
      return std::lower_bound(places.begin(), places.end(), byte) - places.begin();
    };
    const auto begin = static_cast<std::size_t>(line.text.data() - text.data());
    out.push_back(
        {line.text, line.number, character(begin), character(begin + line.text.size()), {}});
  }
  return out;
}

// Windows line ends count as one character where the annotations were made on such a text.
std::string without_returns(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
  }
  return out;
}

// Returns the text at a span's place; offsets index `at`.
std::string_view text_at(std::string_view text, const std::vector<std::size_t>& at,
                         const RawSpan& span) {
  const auto size = static_cast<std::int64_t>(at.size());
  if (span.begin < 0 || span.end < span.begin || span.end >= size) return {};
  const std::size_t begin = at[static_cast<std::size_t>(span.begin)];
  return text.substr(begin, at[static_cast<std::size_t>(span.end)] - begin);
}

// True if all spans hold the texts that their annotations repeat.
bool all_fit(const std::string& text, const std::vector<std::size_t>& at,
             const std::vector<BratSpan>& spans) {
  return std::all_of(spans.begin(), spans.end(), [&](const BratSpan& span) {
    return text_at(text, at, span.span) == span.covered;
  });
}

// The text as the annotations count it. Throws data where they count its bytes.
std::string counted_text(const BratDocument& document, const std::vector<BratSpan>& spans) {
  const std::string& text = document.text;
  if (all_fit(text, character_places(text), spans)) return text;
  std::string plain = without_returns(text);
  if (all_fit(plain, character_places(plain), spans)) return plain;
  std::vector<std::size_t> bytes(text.size() + 1);
  std::iota(bytes.begin(), bytes.end(), std::size_t{0});
  if (!all_fit(text, bytes, spans)) return text;
  throw Error(
      Code::kData, fmt::format("{}.ann: its offsets count bytes, not characters", document.name),
      "count characters of Unicode; in Python: start = len(text.encode()[:start].decode())");
}

// The T lines; those that are none are problems.
std::vector<BratSpan> spans_in(const BratDocument& document, SpanTagger& tagger) {
  std::vector<BratSpan> out;
  Lines annotations(document.annotations);
  for (Line line; annotations.next(line);) {
    if (!line.text.starts_with('T')) continue;
    BratSpan span;
    const std::string wrong = parse_span(line.text, span);
    if (wrong.empty()) out.push_back(span);
    if (wrong.empty()) continue;
    tagger.add_problem(
        fmt::format("{}.ann:{}: {}: {}", document.name, line.number, shown(span.span.id), wrong));
  }
  return out;
}

// Puts a span into the line that it stands in; returns what is wrong, or "".
std::string give_to_line(const BratSpan& span, std::string_view found,
                         std::vector<BratLine>& lines) {
  const auto& [begin, end, label, id] = span.span;
  const auto behind =
      std::upper_bound(lines.begin(), lines.end(), begin,
                       [](std::int64_t at, const BratLine& line) { return at < line.begin; });
  if (behind == lines.begin() || begin > std::prev(behind)->end) return id + " is not in the text";
  BratLine& line = *std::prev(behind);
  if (end > line.end) return id + " crosses a line end, or ends past the text";
  if (found != span.covered) {
    return fmt::format("{} is {}, and the text has {} there", id, shown(span.covered),
                       shown(found));
  }
  line.spans.push_back({begin - line.begin, end - line.begin, label, id});
  return "";
}

std::vector<std::string> documents_in(const std::string& folder, const char* extension) {
  std::vector<std::string> out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const fs::path& path = entry.path();
    if (path.extension() == extension && !path.filename().string().starts_with(".")) {
      out.push_back(path.stem().string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

int recognise_brat(const Source& source, const ReadSpec&) {
  const auto texts = documents_in(source.path, ".txt");
  const auto annotations = documents_in(source.path, ".ann");
  return std::any_of(annotations.begin(), annotations.end(),
                     [&](const std::string& name) {
                       return std::binary_search(texts.begin(), texts.end(), name);
                     })
             ? 100
             : 0;
}

Dataset read_brat(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kText);
  SpanTagger tagger(source.path, false);
  const auto texts = documents_in(source.path, ".txt");
  const auto annotated = documents_in(source.path, ".ann");
  const bool predicts = source.expected != nullptr && !source.expected->labelled;
  for (const auto& name : texts) {
    const std::string path = (fs::path(source.path) / name).string();
    BratDocument document{name, text_of_file(path + ".txt", spec.encoding), "",
                          std::binary_search(annotated.begin(), annotated.end(), name)};
    if (document.annotated) document.annotations = text_of_file(path + ".ann", spec.encoding);
    if (!document.annotated && !predicts) {
      throw Error(Code::kData, fmt::format("{}.txt has no {}.ann beside it", path, name),
                  "put an empty one there if the text has no spans");
    }
    add_brat_document(document, tagger, collector);
  }
  tagger.finish();
  Dataset out = collector.finish("x.txt is a text and x.ann has its spans");
  if (texts.size() < 2) {
    for (auto& sample : out.samples) sample.group.clear();
  }
  out.columns.tag = "ann";
  return out;
}

}  // namespace

void add_brat_document(const BratDocument& document, SpanTagger& tagger, Collector& collector) {
  const std::vector<BratSpan> spans = spans_in(document, tagger);
  const std::string text = counted_text(document, spans);
  const auto places = character_places(text);
  auto lines = brat_lines(text, places);
  for (const auto& span : spans) {
    const std::string wrong = give_to_line(span, text_at(text, places, span.span), lines);
    if (!wrong.empty()) tagger.add_problem(fmt::format("{}.ann: {}", document.name, wrong));
  }
  for (auto& line : lines) {
    if (trim(line.text).empty() && line.spans.empty()) continue;
    Sample sample;
    sample.line = line.number;
    sample.id = fmt::format("{}:{}", document.name, line.number);
    sample.group = document.name;
    std::string words(line.text);
    if (document.annotated) {
      words = tagger.tag(fmt::format("{}.txt:{}: ", document.name, line.number), std::move(words),
                         std::move(line.spans), sample);
    }
    collector.add(std::move(sample), std::move(words));
  }
}

Reader brat_reader() { return {recognise_brat, read_brat, Takes::kFolder}; }

}  // namespace refrain::data
