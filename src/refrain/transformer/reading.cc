#include "refrain/transformer/reading.h"

#include <algorithm>
#include <unordered_set>

#include "refrain/base/at.h"
#include "refrain/base/digest.h"
#include "refrain/data/words.h"

namespace refrain::transformer {
namespace {

using base::at;

// Keeps what is read for the first time.
class Reader {
 public:
  explicit Reader(std::size_t samples) { reading_.of_sample.reserve(samples); }

  void begin_sample() { reading_.of_sample.emplace_back(); }

  template <class Tokens>
  void add(ReadPart part, const Tokens& tokens_of) {
    if (seen_.insert(part.digest).second) {
      reading_.digests.push_back(part.digest);
      reading_.tokens.push_back(tokens_of());
    }
    reading_.of_sample.back().push_back(std::move(part));
  }

  Reading take() { return std::move(reading_); }

 private:
  Reading reading_;
  std::unordered_set<std::string> seen_;
};

// Words of one text on their way into parts.
class WordParts {
 public:
  WordParts(Reader& reader, const WordPiece& pieces, int longest)
      : reader_(reader), pieces_(pieces), longest_(longest) {}

  void add(const std::string& word) {
    const auto own = pieces_.tokens(word, longest_).ids;
    const int count = static_cast<int>(own.size()) - 2;  // without [CLS] and [SEP]
    if (ids_.empty()) ids_.push_back(own.front());
    if (static_cast<int>(ids_.size()) + count + 1 > longest_) {
      finish();
      ids_.push_back(own.front());
    }
    ids_.insert(ids_.end(), own.begin() + 1, own.end() - 1);
    end_ = own.back();
    text_ += word + ' ';
    part_.pieces.push_back(count);
  }

  void finish() {
    if (part_.pieces.empty()) return;
    ids_.push_back(end_);
    part_.digest = base::sha256("words " + text_);
    reader_.add(std::move(part_), [&] { return WordPiece::Tokens{ids_, false}; });
    part_ = {};
    ids_.clear();
    text_.clear();
  }

 private:
  Reader& reader_;
  const WordPiece& pieces_;
  int longest_, end_ = 0;
  std::vector<int> ids_;
  std::string text_;
  ReadPart part_;
};

}  // namespace

Reading read_texts(const data::Dataset& dataset, const WordPiece& pieces, int longest) {
  Reader reader(dataset.samples.size());
  for (const auto& sample : dataset.samples) {
    const auto& text = std::get<std::string>(sample.streams[0]);
    reader.begin_sample();
    reader.add({base::sha256(text), {}}, [&] { return pieces.tokens(text, longest); });
  }
  return reader.take();
}

Reading read_words(const data::Dataset& dataset, const WordPiece& pieces, int longest) {
  Reader reader(dataset.samples.size());
  for (const auto& sample : dataset.samples) {
    reader.begin_sample();
    WordParts parts(reader, pieces, longest);
    for (const auto& word : data::words_at_blanks(sample)) parts.add(word);
    parts.finish();
  }
  return reader.take();
}

void add_word_states(const ReadPart& part, const TextStates& states, int width, TextStates& out) {
  const float* row = states.data() + width;  // behind [CLS]
  for (const int count : part.pieces) {
    const std::size_t begin = out.size();
    out.resize(begin + at(width), 0.0F);
    for (int t = 0; t < count; ++t, row += width) {
      for (int k = 0; k < width; ++k) out[begin + at(k)] += row[k] / static_cast<float>(count);
    }
  }
}

}  // namespace refrain::transformer
