// CoNLL columns: a word a line with its tag in the last column, sentences parted by blank lines;
// columns are parted by tabs where a line has one, else by blanks. Lines that begin with -DOCSTART-
// part documents and are passed over. Tags of spans become BIO (data/tag_scheme.h). The text of a
// sentence is its words with a blank between. Where every word is one character and behind it the
// number of its place in a longer word, as in Weibo NER, the numbers are left out.
#include <fmt/format.h>

#include <algorithm>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/tag_scheme.h"

namespace refrain::data {
namespace {

constexpr int kTagLinesLooked = 2000;  // for recognition

bool parts_documents(std::string_view line) { return line.starts_with("-DOCSTART-"); }

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> out;
  if (line.find('\t') != std::string_view::npos) {
    for (bool more = true; more;) {
      more = line.find('\t') != std::string_view::npos;
      out.push_back(trim(take_until(line, '\t')));
    }
    return out;
  }
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) out.push_back(word);
  return out;
}

// Nearly every line has a span's tag in the last of as many columns, and some of them a span.
int recognise_conll(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  int count = 0, proper = 0, spans = 0;
  std::size_t width = 0;
  while (count < kTagLinesLooked && lines.next_filled(line)) {
    if (parts_documents(line.text)) continue;
    const auto columns = columns_of(line.text);
    if (width == 0) width = columns.size();
    ++count;
    if (columns.size() != width || width < 2 || !is_span_tag(columns.back())) continue;
    ++proper;
    spans += columns.back() != "O" ? 1 : 0;
  }
  const bool named = source.extension == "conll" || source.extension == "bio";
  return count > 0 && 100 * proper >= 99 * count && (spans > 0 || named) ? 97 : 0;
}

// The character before the number of its place; nothing where the word is something else.
std::string_view numbered_character(std::string_view word) {
  std::size_t size = 1;
  while (size < word.size() && (word[size] & 0xc0) == 0x80) ++size;
  const std::string_view number = word.substr(std::min(size, word.size()));
  const bool digits =
      std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool proper = !number.empty() && number.size() <= 2 && digits;
  return proper ? word.substr(0, size) : std::string_view();
}

bool are_numbered(std::string_view text) {
  Lines lines(text);
  Line line;
  int count = 0, numbered = 0, foreign = 0;
  while (lines.next_filled(line)) {
    const auto word = columns_of(line.text).front();
    ++count;
    numbered += numbered_character(word).empty() ? 0 : 1;
    foreign += !word.empty() && (word[0] & 0x80) != 0 ? 1 : 0;
  }
  return foreign > 0 && 100 * numbered >= 98 * count;
}

class SentenceReader {
 public:
  SentenceReader(const Source& source, Collector& collector)
      : numbered_(are_numbered(source.text)), collector_(collector) {}

  void take(const Line& line) {
    if (trim(line.text).empty() || parts_documents(line.text)) return finish();
    const auto columns = columns_of(line.text);
    if (width_ == 0) width_ = columns.size(), first_ = line.number;
    if (const std::string wrong = check(columns); !wrong.empty()) {
      collector_.problems().add(line.number, 0, wrong);
      return;
    }
    if (sample_.line == 0) sample_.line = line.number;
    if (!text_.empty()) text_ += ' ';
    const auto character = numbered_ ? numbered_character(columns[0]) : std::string_view();
    text_ += character.empty() ? columns[0] : character;
    sample_.tags.emplace_back(columns.back());
  }

  void finish() {
    if (sample_.tags.empty()) return;
    sample_.tags = to_bio(sample_.tags);
    collector_.add(std::move(sample_), std::move(text_));
    sample_ = {};
    text_ = {};
  }

  bool numbered() const { return numbered_; }

 private:
  // What is wrong, or nothing.
  std::string check(const std::vector<std::string_view>& columns) const {
    if (width_ < 2) return "one column: where is the tag?";
    if (columns.size() != width_) {
      return fmt::format("{} column{}; line {} has {}", columns.size(),
                         columns.size() == 1 ? "" : "s", first_, width_);
    }
    if (columns.front().empty() || columns.back().empty()) return "a word or tag is missing";
    if (columns.front().find(' ') != std::string_view::npos) {
      return fmt::format("the word {} holds a blank", shown(columns.front()));
    }
    return {};
  }

  bool numbered_;
  Collector& collector_;
  std::size_t width_ = 0;   // columns
  std::int64_t first_ = 0;  // the line that tells them
  Sample sample_;
  std::string text_;
};

Dataset read_conll(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kText);
  SentenceReader reader(source, collector);
  Lines lines(source.text);
  Line line;
  while (lines.next(line)) reader.take(line);
  reader.finish();
  Dataset out = collector.finish(
      "each line is a word, blank or tab, and its tag in the last column; a blank line ends a "
      "sentence");
  if (reader.numbered()) {
    out.remarks.push_back(source.path + ": the numbers behind the characters were left out");
  }
  return out;
}

}  // namespace

Reader conll_reader() { return {recognise_conll, read_conll}; }

}  // namespace refrain::data
