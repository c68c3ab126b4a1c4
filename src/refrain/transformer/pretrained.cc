#include "refrain/transformer/pretrained.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "refrain/base/digest.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/tensor/safetensors_head.h"

namespace refrain::transformer {
namespace {

namespace fs = std::filesystem;

// Returns a stamp that changes when the weights do.
std::string stamp_of(const fs::path& path) {
  std::error_code none;
  const auto time = fs::last_write_time(path, none).time_since_epoch().count();
  return fmt::format("{} {} {}", fs::weakly_canonical(path, none).string(),
                     fs::file_size(path, none), time);
}

// The config with the layers below those that are tuned.
Config config_up_to(const std::string& folder, WantedLayers wanted) {
  Config config = read_config(folder);
  const auto [layer, tuned] = wanted;
  if (layer > config.layers) {
    throw Error(Code::kUsage,
                fmt::format("--encoder-layer {}: {} has {} layers", layer, folder, config.layers),
                "leave it out for the usual one");
  }
  const int usual = tuned > 0 ? config.layers : std::max(1, config.layers - 1);
  const int last = layer > 0 ? layer : usual;
  if (tuned > last) {
    throw Error(Code::kUsage,
                fmt::format("--encoder-tune {}: {} has {} layers up to the one that is read", tuned,
                            folder, last),
                "tune fewer, or read a later layer with --encoder-layer");
  }
  config.layers = last - tuned;
  return config;
}

std::string digest_of(const Config& c, const WordPiece& pieces, const std::string& weights) {
  base::Digest digest;
  for (const int size : {static_cast<int>(c.family), c.vocabulary, c.hidden, c.layers, c.heads,
                         c.inner, c.positions, static_cast<int>(c.activation)}) {
    digest.add_count(static_cast<std::uint64_t>(size));
  }
  digest.add_list(std::vector<double>{c.epsilon});
  pieces.add_to(digest);
  digest.add_text(weights);
  return digest.hex();
}

}  // namespace

void require_weights(const std::string& name) {
  const fs::path folder = name;
  std::error_code none;
  if (fs::exists(folder / "model.safetensors", none)) return;
  if (fs::exists(folder / "pytorch_model.bin", none)) {
    throw Error(
        Code::kUnsupported,
        fmt::format("{}: pytorch_model.bin is a pickle, which can run any code, and is not read",
                    name),
        fmt::format("convert it where you trust it: python -c \"from transformers import "
                    "AutoModel; AutoModel.from_pretrained('{0}').save_pretrained('{0}')\"",
                    name));
  }
  if (fs::exists(folder / "model.safetensors.index.json", none)) {
    throw Error(Code::kUnsupported, fmt::format("{}: the weights are cut into several files", name),
                "save them as one: save_pretrained(folder, max_shard_size='100GB')");
  }
  throw Error(Code::kIo, fmt::format("{}: there is no model.safetensors", name),
              "copy it from where the vocabulary came from");
}

std::shared_ptr<const Pretrained> Pretrained::open(const std::string& folder, WantedLayers wanted) {
  constexpr std::size_t kKept = 2;  // where layers are tuned: the encoder below them, and as it is
  static std::mutex mutex;
  static std::vector<std::pair<std::string, std::shared_ptr<const Pretrained>>> kept;
  config_up_to(folder, wanted);
  require_weights(folder);
  const std::string stamp = fmt::format("{} {} {} {}", folder, wanted.layer, wanted.tuned,
                                        stamp_of(fs::path(folder) / "model.safetensors"));
  const std::lock_guard lock(mutex);
  for (const auto& [known, encoder] : kept) {
    if (known == stamp) return encoder;
  }
  if (kept.size() == kKept) kept.erase(kept.begin());
  kept.emplace_back(stamp, std::make_shared<const Pretrained>(folder, wanted));
  return kept.back().second;
}

Pretrained::Pretrained(const std::string& folder, WantedLayers wanted)
    : folder_(folder),
      tuned_(wanted.tuned),
      config_(config_up_to(folder, wanted)),
      pieces_((require_weights(folder), WordPiece::from_folder(folder))) {
  if (pieces_.size() > config_.vocabulary) {
    throw Error(Code::kData,
                fmt::format("{}: the vocabulary has {} words, but config.json says {}", folder,
                            pieces_.size(), config_.vocabulary),
                "the vocabulary and config.json must belong together; copy both again");
  }
  digest_ = digest_of(config_, pieces_, base::read_file(weights_path()).bytes);
}

std::string Pretrained::weights_path() const {
  return (fs::path(folder_) / "model.safetensors").string();
}

const Encoder& Pretrained::encoder() const {
  const std::lock_guard lock(mutex_);
  if (!encoder_) {
    const std::string path = weights_path();
    encoder_.emplace(config_, base::read_file(path).bytes, path);
  }
  return *encoder_;
}

data::TunedLayers Pretrained::tuned() const {
  if (tuned_ == 0) return {};
  return {tuned_,         config_.layers, config_.heads, config_.inner, name_of(config_.activation),
          config_.epsilon};
}

const std::vector<LayerNumbers>& Pretrained::tuned_numbers() const {
  const std::lock_guard lock(mutex_);
  if (numbers_.empty() && tuned_ > 0) {
    const std::string path = weights_path();
    Config all = config_;
    all.layers += tuned_;
    numbers_ = read_layers(all, config_.layers, base::read_file(path).bytes, path);
  }
  return numbers_;
}

std::vector<std::vector<real>> Pretrained::states(std::span<const TokenIds> texts,
                                                  int threads) const {
  return encoder().states(texts, threads);
}

FolderOutline outline_of(const std::string& folder) {
  FolderOutline out;
  out.config = read_config(folder);
  require_weights(folder);
  out.words = WordPiece::from_folder(folder).size();
  out.numbers =
      tensor::read_safetensors_head((fs::path(folder) / "model.safetensors").string()).numbers;
  return out;
}

}  // namespace refrain::transformer
