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

}  // namespace

Subwords Subwords::train(const std::vector<std::string_view>& lines, int vocabulary_size) {
  const std::unordered_map<std::string, std::string> options = {
      {"model_type", "unigram"},
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
                "give a smaller --vocabulary-size, or --unit word");
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
