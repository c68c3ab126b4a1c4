// CoNLL columns: a word a line with its tag in the last column, sentences parted by blank lines;
// columns are parted by tabs where a line has one, else by blanks. --text-column and --tag-column
// name other columns by number, or by name where the file begins with "# global.columns = ...".
// CoNLL-U is known by its ten columns with numbered words: its comments, joined words (1-2) and
// empty nodes (1.1) are passed over, the word is FORM and the tag UPOS. Lines that begin with
// -DOCSTART- (in CoNLL-U "# newdoc") part documents, which become groups where there are several.
// Where every word is one character and behind it the number of its place in a longer word, as in
// Weibo NER, the numbers are left out. A file to predict may have words alone, a line each.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/tag_scheme.h"

namespace refrain::data {
namespace {

constexpr int kTagLinesLooked = 2000;  // for recognition
constexpr int kHardlyChance = 20;      // lines of text that have as many words
constexpr std::size_t kUniversalColumns = 10;
constexpr std::string_view kGlobalColumns = "# global.columns =";

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

// How the lines of a file are written.
struct ConllForm {
  std::vector<std::string> names;  // of the columns; empty = they have none
  bool comments = false;           // lines that begin with # are comments
  int id = kNoColumn;              // the column that numbers the words

  bool is_comment(std::string_view line) const {
    return comments && line.starts_with('#') && !line.starts_with("#\t");
  }
  bool parts_documents(std::string_view line) const {
    return line.starts_with("-DOCSTART-") || (comments && line.starts_with("# newdoc"));
  }
  // A joined word or an empty node of CoNLL-U.
  bool is_extra(const std::vector<std::string_view>& columns) const {
    return id != kNoColumn && static_cast<std::size_t>(id) < columns.size() &&
           columns[static_cast<std::size_t>(id)].find_first_of("-.") != std::string_view::npos;
  }
};

// The ten columns of CoNLL-U: the words of a sentence are numbered from 1.
bool are_universal(std::string_view text) {
  Lines lines(text);
  Line line;
  int count = 0, before = 0;
  for (; count < kTagLinesLooked && lines.next(line); ++count) {
    if (trim(line.text).empty()) before = 0;
    if (trim(line.text).empty() || line.text.starts_with('#')) continue;
    const auto columns = columns_of(line.text);
    if (columns.size() != kUniversalColumns || is_number(columns[3])) return false;
    if (columns[0].find_first_of("-.") != std::string_view::npos) continue;
    int number = 0;
    std::from_chars(columns[0].data(), columns[0].data() + columns[0].size(), number);
    if (number != before + 1) return false;
    before = number;
  }
  return before > 0;
}

ConllForm form_of_columns(const Source& source) {
  ConllForm form;
  Lines lines(source.text);
  Line line;
  lines.next_filled(line);
  if (line.text.starts_with(kGlobalColumns)) {
    std::string_view rest = line.text.substr(kGlobalColumns.size());
    for (auto name = take_word(rest); !name.empty(); name = take_word(rest)) {
      if (name == "ID") form.id = static_cast<int>(form.names.size());
      form.names.emplace_back(name);
    }
    form.comments = true;
  } else if (are_universal(source.text)) {
    form.names = {"ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"};
    form.comments = true;
    form.id = 0;
  }
  return form;
}

struct WordColumns {
  int word = 0;
  int tag = kNoColumn;
};

// The column that an option names; kNoColumn where there is none such.
int place_of_column(const ConllForm& form, const std::string& wanted, std::size_t width) {
  int number = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [stop, code] = std::from_chars(wanted.data(), end, number);
  if (code == std::errc() && stop == end) {
    const int columns = static_cast<int>(width);
    const int place = number < 0 ? columns + number : number - 1;
    return place >= 0 && place < columns && number != 0 ? place : kNoColumn;
  }
  const auto found = std::find_if(form.names.begin(), form.names.end(),
                                  [&](const auto& name) { return lower(name) == lower(wanted); });
  return found == form.names.end() || found - form.names.begin() >= static_cast<int>(width)
             ? kNoColumn
             : static_cast<int>(found - form.names.begin());
}

// The source of the column names: options, else training, else the usual ones.
struct ColumnChoice {
  std::string word, tag;
  bool predicts = false;                            // tags need not be there
  const std::vector<std::string>* known = nullptr;  // tags

  ColumnChoice(const Source& source, const ReadSpec& spec)
      : word(spec.text_column), tag(spec.tag_column) {
    if (source.expected == nullptr) return;
    predicts = !source.expected->labelled;
    known = &source.expected->tags;
    if (source.expected->columns.format != "conll") return;
    if (word.empty()) word = source.expected->columns.text;
    if (tag.empty()) tag = source.expected->columns.tag;
  }

  bool knows(std::string_view text) const {
    return known != nullptr && std::find(known->begin(), known->end(), text) != known->end();
  }

  WordColumns of(const ConllForm& form, std::size_t width) const {
    WordColumns out;
    const auto or_name = [&](const std::string& given, const char* name, int other) {
      if (!given.empty()) return place_of_column(form, given, width);
      const int named = place_of_column(form, name, width);
      return named == kNoColumn ? other : named;
    };
    out.word = or_name(word, "FORM", 0);
    const int last = static_cast<int>(width) - 1;
    out.tag = or_name(tag, form.comments ? "UPOS" : "", last);
    if (predicts && out.tag == out.word) out.tag = kNoColumn;
    return out;
  }
};

// Nearly every line has a span's tag in the last of as many columns, and some of them a span; or
// the file shows by its form or name what it is.
int recognise_conll(const Source& source, const ReadSpec& spec) {
  const ConllForm form = form_of_columns(source);
  const ColumnChoice choice(source, spec);
  Lines lines(source.text);
  Line line;
  int count = 0, proper = 0, tagged = 0, spans = 0, breaks = 0, known = 0;
  std::size_t width = 0;
  WordColumns places;
  while (count < kTagLinesLooked && lines.next(line)) {
    breaks += count > 0 && trim(line.text).empty() ? 1 : 0;
    if (trim(line.text).empty() || form.is_comment(line.text)) continue;
    if (form.parts_documents(line.text)) continue;
    const auto columns = columns_of(line.text);
    if (width == 0) width = columns.size(), places = choice.of(form, width);
    ++count;
    if (columns.size() != width) continue;
    ++proper;
    if (places.tag == kNoColumn || width < 2) continue;
    const auto tag = columns[static_cast<std::size_t>(places.tag)];
    tagged += is_span_tag(tag) ? 1 : 0;
    spans += is_span_tag(tag) && tag != "O" ? 1 : 0;
    known += choice.knows(tag) ? 1 : 0;
  }
  const auto most = [&](int part) { return count > 0 && 100 * part >= 99 * count; };
  if (!most(proper)) return 0;
  if (form.comments) return 97;
  const bool named = source.extension == "conll" || source.extension == "bio";
  if (places.word == kNoColumn) return 0;
  if (width < 2 || places.tag == kNoColumn) {
    const bool trained = source.expected != nullptr && source.expected->columns.format == "conll";
    return choice.predicts && (named || (trained && breaks > 0)) ? 97 : 0;
  }
  if (most(tagged) && (spans > 0 || named)) return 97;
  // Lines of text to predict may have as many words by chance.
  const bool columns =
      !choice.predicts || !spec.tag_column.empty() || most(known) || count >= kHardlyChance;
  return named || (breaks > 0 && !choice.tag.empty() && columns) ? 97 : 0;
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
  SentenceReader(const Source& source, const ReadSpec& spec, Collector& collector)
      : source_(source),
        form_(form_of_columns(source)),
        choice_(source, spec),
        numbered_(!form_.comments && are_numbered(source.text)),
        collector_(collector) {}

  void take(const Line& line) {
    const bool mark = form_.parts_documents(line.text);
    if (trim(line.text).empty() || mark) finish();
    if (mark && sentences_ > 0) ++document_, sentences_ = 0;
    if (trim(line.text).empty() || mark || form_.is_comment(line.text)) return;
    const auto columns = columns_of(line.text);
    if (form_.is_extra(columns)) return;
    if (width_ == 0) settle_columns(columns.size(), line.number);
    if (const std::string wrong = check(columns); !wrong.empty()) {
      collector_.problems().add(line.number, 0, wrong);
      return;
    }
    if (sample_.line == 0) sample_.line = line.number;
    const auto word = columns[static_cast<std::size_t>(places_.word)];
    const auto character = numbered_ ? numbered_character(word) : std::string_view();
    if (!text_.empty()) text_ += ' ';
    if (!character.empty()) sample_.taken_off += word.substr(character.size());
    blanks_ += add_word(character.empty() ? word : character, text_) ? 1 : 0;
    lines_.push_back(line.number);
    if (places_.tag == kNoColumn) return;
    sample_.tags.emplace_back(columns[static_cast<std::size_t>(places_.tag)]);
  }

  void finish() {
    if (text_.empty()) return;
    sample_.in_words = true;
    if (sentences_++ == 0) name_document();
    sample_.group = group_;
    collector_.add(std::move(sample_), std::move(text_));
    collector_.place_tags(std::move(lines_));
    sample_ = {};
    text_ = {};
    lines_ = {};
  }

  // Names a document by its number and first words, so that documents of two files stay apart.
  void name_document() {
    constexpr int kWords = 6;
    std::string_view rest = text_;
    std::string first;
    for (int i = 0; i < kWords && !rest.empty(); ++i) {
      first += (first.empty() ? "" : " ") + std::string(take_until(rest, ' '));
    }
    group_ = fmt::format("document {} ({})", document_, first);
  }

  // Describes the columns and the tagging scheme that were recognised.
  void describe(Dataset& out) const {
    if (document_ == 1 || (document_ == 2 && sentences_ == 0)) {
      for (auto& sample : out.samples) sample.group.clear();
    }
    if (numbered_) {
      out.remarks.push_back(source_.path + ": the numbers behind the characters were left out");
    }
    remark_on_blanks(blanks_, out);
    out.columns.names = form_.names;
    out.columns.text = choice_.word;
    out.columns.tag = choice_.tag;
    if (out.columns.tag.empty() && places_.tag != kNoColumn) {
      out.columns.tag =
          form_.names.empty() ? "-1" : form_.names[static_cast<std::size_t>(places_.tag)];
    }
  }

 private:
  void settle_columns(std::size_t width, std::int64_t line) {
    width_ = width;
    first_ = line;
    if (!form_.names.empty() && form_.names.size() != width) {
      throw Error(Code::kData,
                  fmt::format("{}:{}: {} columns, and {} names of columns", source_.path, line,
                              width, form_.names.size()),
                  "mend the line '# global.columns = ...'");
    }
    places_ = choice_.of(form_, width);
    for (const bool tag : {false, true}) {
      if ((tag ? places_.tag : places_.word) != kNoColumn) continue;
      const std::string& wanted = tag ? choice_.tag : choice_.word;
      if (tag && (choice_.predicts || wanted.empty())) continue;
      const char* option = tag ? "--tag-column" : "--text-column";
      throw Error(
          Code::kData,
          fmt::format("{}:{}: no column {} ({}); {}", source_.path, line, shown(wanted), option,
                      form_.names.empty() ? fmt::format("there are {}", width)
                                          : "the columns are " + list_columns(form_.names)),
          form_.names.empty()
              ? fmt::format("give its number: {} 1 is the first, -1 the last", option)
              : fmt::format("name one of them with {}", option));
    }
  }

  // Returns the error in a line, or "".
  std::string check(const std::vector<std::string_view>& columns) const {
    if (width_ < 2 && !choice_.predicts) return "one column: where is the tag?";
    if (columns.size() != width_) {
      return fmt::format("{} column{}; line {} has {}", columns.size(),
                         columns.size() == 1 ? "" : "s", first_, width_);
    }
    const auto word = columns[static_cast<std::size_t>(places_.word)];
    const bool tagged = places_.tag != kNoColumn;
    if (word.empty() || (tagged && columns[static_cast<std::size_t>(places_.tag)].empty())) {
      return "a word or tag is missing";
    }
    if (!form_.comments && word.find(' ') != std::string_view::npos) {
      return fmt::format("the word {} holds a blank", shown(word));
    }
    return {};
  }

  const Source& source_;
  ConllForm form_;
  ColumnChoice choice_;
  bool numbered_;
  Collector& collector_;
  std::size_t width_ = 0;   // columns
  std::int64_t first_ = 0;  // the line that tells them
  WordColumns places_;
  int document_ = 1, sentences_ = 0;  // of this document
  std::string group_;
  Sample sample_;
  std::string text_;
  std::vector<std::int64_t> lines_;
  std::int64_t blanks_ = 0;  // words that hold some
};

Dataset read_conll(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kText);
  collector.set_scheme(spec.scheme);
  SentenceReader reader(source, spec, collector);
  Lines lines(source.text);
  Line line;
  while (lines.next(line)) reader.take(line);
  reader.finish();
  Dataset out = collector.finish(
      "each line is a word, blank or tab, and its tag in the last column; a blank line ends a "
      "sentence; --text-column and --tag-column name other columns");
  reader.describe(out);
  return out;
}

}  // namespace

Reader conll_reader() { return {recognise_conll, read_conll}; }

}  // namespace refrain::data
