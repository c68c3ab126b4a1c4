// Subwords by SentencePiece (Kudo and Richardson 2018): a unigram model or byte pairs (Sennrich et
// al. 2016) trained on the text, or a model that is given. The only user of that library.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::language {

// Unigram pieces read compatibility forms of characters alike; byte pairs give each text back as it
// was, but for white space.
enum class SubwordKind { kUnigram, kBytePairs };

class Subwords {
 public:
  // `lines` of text. The same lines give the same model on any machine. Throws data where the text
  // is too short for one.
  static Subwords train(const std::vector<std::string_view>& lines, int vocabulary_size,
                        SubwordKind kind = SubwordKind::kUnigram);
  // `model`: a serialised SentencePiece model. Throws data, naming `path`, where it is none.
  static Subwords load(const std::string& model, const std::string& path);

  const std::string& model() const { return model_; }
  // The model for a JSON text, and back; throws data, naming `path`.
  std::string to_text() const;
  static Subwords from_text(const std::string& text, const std::string& path);
  int size() const;
  int line_end() const;  // the number that ends a line
  std::string piece(int number) const;
  std::vector<int> encode(std::string_view line) const;
  std::string decode(const std::vector<int>& pieces) const;

 private:
  struct Library;
  std::shared_ptr<const Library> library_;
  std::string model_;
};

}  // namespace refrain::language
