// A folder with an encoder that others trained, in the layout of Hugging Face Transformers:
// config.json, model.safetensors, and vocab.txt or tokenizer.json. Nothing in it is executed.
// The weights are read from the disk only when states are asked for. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "refrain/transformer/encoder.h"
#include "refrain/transformer/wordpiece.h"

namespace refrain::transformer {

class Pretrained {
 public:
  // The folder and the layer whose states are wanted (0 = the last but one), opened before in this
  // process or anew where its weights have changed. Throws io where a file is missing, data where
  // one is damaged, unsupported where the architecture is another or the weights are a pickle.
  static std::shared_ptr<const Pretrained> open(const std::string& folder, int layer);

  Pretrained(const std::string& folder, int layer);

  // SHA-256 of the weights, the sizes and the tokenizer: equal digests give equal states.
  const std::string& digest() const { return digest_; }
  const std::string& folder() const { return folder_; }
  const Config& config() const { return config_; }  // layers: up to the one that is wanted
  const WordPiece& pieces() const { return pieces_; }

  // As Encoder::states. Throws data where the weights are damaged.
  std::vector<std::vector<real>> states(std::span<const TokenIds> texts, int threads) const;

 private:
  std::string weights_path() const;
  const Encoder& encoder() const;

  std::string folder_;
  Config config_;
  WordPiece pieces_;
  std::string digest_;
  mutable std::mutex mutex_;
  mutable std::optional<Encoder> encoder_;
};

// Throws where a folder has no weights that can be read: io, or unsupported.
void require_weights(const std::string& folder);

// What a folder holds, without a look at the numbers of the weights. Throws as Pretrained does.
struct FolderOutline {
  Config config;  // with all layers
  int words = 0;
  std::uint64_t numbers = 0;
};
FolderOutline outline_of(const std::string& folder);

}  // namespace refrain::transformer
