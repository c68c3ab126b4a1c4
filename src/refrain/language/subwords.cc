#include "refrain/language/subwords.h"

#include <fmt/format.h>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <unordered_map>

#include "refrain/base/error.h"

namespace refrain::language {

struct Subwords::Library {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

class Lines : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(const std::vector<std::string_view>& lines) : lines_(lines) { take(); }
  bool done() const override { return next_ >= lines_.size(); }
  void Next() override {
    ++next_;
    take();
  }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void take() {
    if (!done()) value_ = std::string(lines_[next_]);
  }
  const std::vector<std::string_view>& lines_;
  std::size_t next_ = 0;
  std::string value_;
};

std::string base64(const std::string& bytes) {
  static const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool beyond = i + k > bytes.size();
      out += beyond ? '=' : digits[group >> (18 - 6 * k) & 63U];
    }
  }
  return out;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::string from_base64(const std::string& text) {
  std::string out;
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    const int digit = base64_digit(c);
    if (digit < 0) throw Error(Code::kData, "its subwords are damaged");
    group = group << 6 | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 255U);
  }
  return out;
}

}  // namespace

Subwords Subwords::train(const std::vector<std::string_view>& lines, int vocabulary_size,
                         SubwordKind kind) {
  const bool pairs = kind == SubwordKind::kBytePairs;
  const std::unordered_map<std::string, std::string> options = {
      {"model_type", pairs ? "bpe" : "unigram"},
      {"normalization_rule_name", pairs ? "identity" : "nmt_nfkc"},
      {"vocab_size", std::to_string(vocabulary_size)},
      {"hard_vocab_limit", "false"},
      {"character_coverage", "1.0"},
      {"num_threads", "1"},  // sums in one order
      {"max_sentence_length", "1000000"},
      {"minloglevel", "2"}};
  std::string model;
  Lines iterator(lines);
  const auto status = sentencepiece::SentencePieceTrainer::Train(options, &iterator, &model);
  if (!status.ok()) {
    throw Error(Code::kData,
                fmt::format("SentencePiece cannot learn {} subwords from this text: {}",
                            vocabulary_size, status.error_message()),
                pairs ? "give a smaller --vocabulary-size, or characters as units"
                      : "give a smaller --vocabulary-size, or --unit word");
  }
  return load(model, "the trained SentencePiece model");
}

Subwords Subwords::load(const std::string& model, const std::string& path) {
  auto library = std::make_shared<Library>();
  const auto status = library->processor.LoadFromSerializedProto(model);
  if (!status.ok() || library->processor.eos_id() < 0) {
    throw Error(Code::kData, fmt::format("{} is no SentencePiece model with an end mark", path),
                "name a file that spm_train wrote, or leave --sentencepiece out");
  }
  Subwords out;
  out.library_ = std::move(library);
  out.model_ = model;
  return out;
}

std::string Subwords::to_text() const { return base64(model_); }

Subwords Subwords::from_text(const std::string& text, const std::string& path) {
  return load(from_base64(text), path);
}

std::string Subwords::piece(int number) const { return library_->processor.IdToPiece(number); }

int Subwords::size() const { return library_->processor.GetPieceSize(); }
int Subwords::line_end() const { return library_->processor.eos_id(); }

std::vector<int> Subwords::encode(std::string_view line) const {
  std::vector<int> pieces;
  library_->processor.Encode({line.data(), line.size()}, &pieces).IgnoreError();
  return pieces;
}

std::string Subwords::decode(const std::vector<int>& pieces) const {
  std::string text;
  library_->processor.Decode(pieces, &text).IgnoreError();
  return text;
}

}  // namespace refrain::language
