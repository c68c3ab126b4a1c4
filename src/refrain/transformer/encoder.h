// The forward pass of an encoder of the BERT family (Devlin et al. 2019; DistilBERT: Sanh et al.
// 2019) with weights that others trained: token numbers -> the states [tokens, H] of the last
// layer. Each layer, with LN layer normalisation:
//   y = LN(x + attention(x)),  x' = LN(y + W2 gelu(W1 y))
// Texts are not padded: all tokens of a group of texts are the rows of one matrix, and attention
// goes text by text. A text's states have the same bits in any company and on any number of
// threads. Owns its weights; thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/transformer/config.h"

namespace refrain::transformer {

using TokenIds = std::vector<int>;

class Encoder {
 public:
  // `weights`: the bytes of a safetensors file with the names of Hugging Face Transformers;
  // `path` is for messages. Throws data where the file is damaged or does not fit the config.
  Encoder(const Config& config, std::string_view weights, const std::string& path);
  ~Encoder();
  Encoder(Encoder&&) noexcept;

  // States [tokens, H] of each text, row by row. A text has from 1 to config().positions tokens,
  // each below config().vocabulary; throws shape for others.
  std::vector<std::vector<real>> states(std::span<const TokenIds> texts, int threads) const;

  const Config& config() const { return config_; }

 private:
  struct Weights;
  struct Group;
  class Pass;
  void run(const Group& group, int threads) const;

  Config config_;
  std::unique_ptr<const Weights> weights_;
};

}  // namespace refrain::transformer
