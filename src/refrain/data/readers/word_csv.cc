// CSV/TSV with a header and one word a row, with its tag and the sentence that it belongs to. The
// sentence stands in each row, or in the first row of each sentence alone (as Kaggle's NER corpus
// has it); the rows of a sentence stand together. A file to predict needs no tags. Other columns
// are not read, and said.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

struct WordLayout {
  int word = kNoColumn, tag = kNoColumn, sentence = kNoColumn, group = kNoColumn;
  int label = kNoColumn;  // of the sentence

  bool uses(int column) const {
    return column == word || column == tag || column == sentence || column == group ||
           column == label;
  }
};

bool needs_word_tags(const Source& source) {
  return source.expected == nullptr || source.expected->labelled;
}

WordLayout find_word_layout(const Source& source, const std::vector<std::string>& names,
                            const ReadSpec& spec) {
  const Header header{source.path, names, source.expected};
  WordLayout layout;
  layout.word = find_column(header, Role::kWord, spec.text_column);
  layout.sentence = find_column(header, Role::kSentence, spec.id);
  layout.group = find_column(header, Role::kGroup, spec.group);
  const bool trained = source.expected != nullptr && !source.expected->columns.label.empty();
  if (!spec.target.empty() || trained) {
    layout.label = find_column(header, Role::kLabel, spec.target);
  }
  layout.tag = find_column(header, Role::kTag, spec.tag_column);
  if (layout.tag == layout.label) layout.tag = kNoColumn;
  return layout;
}

// An id comes again in the next row, or stands in the first row of a sentence alone; a sentence
// itself has many words.
bool are_sentence_ids(const TableHead& head, int column) {
  std::size_t again = 0;
  const std::string* before = nullptr;
  for (const auto& cells : head.rows) {
    const std::string& cell = cells[static_cast<std::size_t>(column)];
    if (std::count(cell.begin(), cell.end(), ' ') > 1) return false;
    again += before != nullptr && (cell.empty() || cell == *before) ? 1 : 0;
    before = &cell;
  }
  return head.rows.size() < 2 || 3 * again >= head.rows.size();
}

// Few of them hold blanks.
bool are_words(const TableHead& head, int column) {
  const auto has_blank = [&](const std::vector<std::string>& cells) {
    return cells[static_cast<std::size_t>(column)].find(' ') != std::string::npos;
  };
  const auto blanks = std::count_if(head.rows.begin(), head.rows.end(), has_blank);
  return 4 * blanks <= static_cast<std::ptrdiff_t>(head.rows.size());
}

int recognise_word_csv(const Source& source, const ReadSpec& spec) {
  const TableHead head = table_head(source, spec);
  const auto is_named = [&](const std::string& option) {
    return option.empty() || std::any_of(head.names.begin(), head.names.end(),
                                         [&](const auto& n) { return lower(n) == lower(option); });
  };
  for (const auto* option :
       {&spec.text_column, &spec.id, &spec.group, &spec.target, &spec.tag_column}) {
    if (!is_named(*option)) return 0;
  }
  const WordLayout layout = find_word_layout(source, head.names, spec);
  const bool tags = layout.tag != kNoColumn || !needs_word_tags(source);
  if (layout.word == kNoColumn || layout.sentence == kNoColumn || !tags) return 0;
  if (layout.word == layout.sentence || head.rows.empty()) return 0;
  return are_sentence_ids(head, layout.sentence) && are_words(head, layout.word) ? 99 : 0;
}

class WordReader {
 public:
  WordReader(const WordLayout& layout, Collector& collector)
      : layout_(layout), collector_(collector) {}

  void add(const Row& row) {
    const std::string sentence(trim(cell_text(row.cells, layout_.sentence)));
    const std::string group(trim(cell_text(row.cells, layout_.group)));
    const std::string label(trim(cell_text(row.cells, layout_.label)));
    if (!sentence.empty() && (words_ == 0 || sentence != sample_.id)) {
      finish();
      sample_.id = sentence;
      sample_.line = row.line;
      sample_.group = group;
      sample_.label = label;
      const auto [found, fresh] = lines_of_.emplace(sentence, row.line);
      if (!fresh) {
        fail(row, layout_.sentence,
             fmt::format("sentence {} stands on line {} already, and its rows must stand together",
                         shown(sentence), found->second));
      }
    } else if (words_ == 0) {
      return fail(row, layout_.sentence, "no sentence");
    } else if (!group.empty() && group != sample_.group) {
      return fail(row, layout_.group, fmt::format("another group than on line {}", sample_.line));
    } else if (!label.empty() && label != sample_.label) {
      return fail(row, layout_.label, fmt::format("another label than on line {}", sample_.line));
    }
    add_cells(row);
  }

  void finish() {
    if (words_ == 0) return;
    sample_.in_words = true;
    const auto filled = [](const std::string& tag) { return !tag.empty(); };
    if (std::none_of(sample_.tags.begin(), sample_.tags.end(), filled)) sample_.tags.clear();
    collector_.add(std::move(sample_), std::move(text_));
    collector_.place_tags(std::move(lines_));
    sample_ = {};
    text_ = {};
    lines_ = {};
    words_ = 0;
  }

  std::int64_t blanks() const { return blanks_; }

 private:
  void add_cells(const Row& row) {
    const auto word = trim(row.cells[static_cast<std::size_t>(layout_.word)]);
    if (word.empty()) fail(row, layout_.word, "no word");
    if (words_++ > 0) text_ += ' ';
    blanks_ += add_word(word, text_) ? 1 : 0;
    lines_.push_back(row.line);
    if (layout_.tag == kNoColumn) return;
    sample_.tags.emplace_back(trim(row.cells[static_cast<std::size_t>(layout_.tag)]));
  }

  void fail(const Row& row, int column, const std::string& message) {
    collector_.problems().add(row.line, column + 1, message);
  }

  const WordLayout& layout_;
  Collector& collector_;
  Sample sample_;
  std::string text_;
  std::vector<std::int64_t> lines_;  // of the words
  std::size_t words_ = 0;
  std::int64_t blanks_ = 0;                                 // words that hold some
  std::unordered_map<std::string, std::int64_t> lines_of_;  // of the sentences
};

WordLayout required_words(const Source& source, const ReadSpec& spec, const Table& table) {
  const WordLayout layout = find_word_layout(source, table.names(), spec);
  const auto require = [&](int column, const char* what, const char* option) {
    if (column != kNoColumn) return;
    throw Error(Code::kData,
                fmt::format("{}:1: no column of {}; the columns are {}", source.path, what,
                            list_columns(table.names())),
                fmt::format("name it with {}", option));
  };
  require(layout.word, "words", "--text-column");
  require(layout.sentence, "sentences, which says where one ends", "--id");
  if (needs_word_tags(source)) require(layout.tag, "tags", "--tag-column");
  return layout;
}

Dataset read_word_csv(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kText);
  collector.set_scheme(spec.scheme);
  Table table(source, spec, collector.problems());
  const WordLayout layout = required_words(source, spec, table);
  WordReader reader(layout, collector);
  Row row;
  while (table.next(row)) reader.add(row);
  reader.finish();
  Dataset out = collector.finish(
      "each row is a word with its tag and its sentence; a word that holds quotes stands in "
      "\"quotes\" and has them doubled, or say --quotes none");
  remark_on_blanks(reader.blanks(), out);
  out.columns = remembered_columns(table.names(),
                                   {.label = layout.label,
                                    .text = layout.word,
                                    .id = layout.sentence,
                                    .group = layout.group,
                                    .tag = layout.tag},
                                   {});
  for (int c = 0; c < static_cast<int>(table.names().size()); ++c) {
    const auto& name = table.names()[static_cast<std::size_t>(c)];
    if (!layout.uses(c) && !name.empty()) out.not_read.push_back(name);
  }
  return out;
}

}  // namespace

Reader word_csv_reader() { return {recognise_word_csv, read_word_csv}; }

}  // namespace refrain::data
