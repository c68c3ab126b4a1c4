#include "refrain/transformer/front_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "refrain/base/at.h"
#include "refrain/base/digest.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/kernels/isa.h"
#include "refrain/transformer/pretrained.h"
#include "refrain/transformer/state_cache.h"

namespace refrain::transformer {
namespace {

using base::at;
using StatesOf = std::unordered_map<std::string, TextStates>;  // by the SHA-256 of the text

constexpr int kAtOnce = 512;  // texts between two looks at memory

void require_texts(const data::Dataset& dataset) {
  if (dataset.streams.size() == 1 && dataset.streams[0].kind == data::StreamKind::kText) return;
  throw Error(Code::kUsage, fmt::format("--encoder reads texts, and '{}' holds none", dataset.path),
              "leave --encoder out, or give texts");
}

void require_digest(const Pretrained& encoder, const std::string& digest) {
  if (digest.empty() || encoder.digest() == digest) return;
  throw Error(Code::kData,
              fmt::format("{}: not the encoder that the model was trained with", encoder.folder()),
              fmt::format("name the folder with the weights of {}... by --encoder, or train again",
                          digest.substr(0, 12)));
}

// Encodes the texts that the cache does not have.
class TextEncoding {
 public:
  TextEncoding(const Pretrained& encoder, const EncodingOf& how, const base::Log& log)
      : encoder_(encoder),
        threads_(how.threads == 0 ? base::core_count() : how.threads),
        longest_(how.max_length == 0 ? encoder.config().positions
                                     : std::clamp(how.max_length, 2, encoder.config().positions)),
        cache_(StateCache::folder_of(how.spec.encoder_cache),
               fmt::format("{} {} {}", encoder.digest(), longest_, kernels::current_isa()),
               encoder.config().hidden),
        log_(log) {}

  // `texts` by their digests, in order of the digests' first use.
  StatesOf run(const std::vector<std::string>& digests,
               const std::vector<std::string_view>& texts) {
    StatesOf out = cache_.find(digests);
    std::vector<std::string> fresh;
    std::vector<TokenIds> ids;
    int cut = 0;
    for (std::size_t i = 0; i < digests.size(); ++i) {
      auto tokens = encoder_.pieces().tokens(texts[i], longest_);
      cut += tokens.cut ? 1 : 0;
      if (out.contains(digests[i])) continue;
      fresh.push_back(digests[i]);
      ids.push_back(std::move(tokens.ids));
    }
    say(digests.size(), fresh.size(), cut);
    std::vector<TextStates> states = encode(ids);
    if (!cache_.keep(fresh, states)) {
      log_.info(
          "the states of the texts could not be kept in --encoder-cache: they are computed "
          "anew next time");
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) out.emplace(fresh[i], std::move(states[i]));
    return out;
  }

 private:
  void say(std::size_t all, std::size_t fresh, int cut) const {
    if (cut > 0) {
      log_.info(fmt::format("{} of {} texts are longer than {} tokens and are cut there", cut, all,
                            longest_));
    }
    if (fresh > 0) {
      log_.info(fmt::format("encoding {} texts with {}{}", fresh, encoder_.folder(),
                            all > fresh ? fmt::format(", {} are known already", all - fresh) : ""));
    }
  }

  std::vector<TextStates> encode(const std::vector<TokenIds>& ids) const {
    std::vector<TextStates> out;
    for (std::size_t begin = 0; begin < ids.size(); begin += kAtOnce) {
      const auto part =
          std::span(ids).subspan(begin, std::min<std::size_t>(kAtOnce, ids.size() - begin));
      for (const auto& states : encoder_.states(part, threads_)) {
        out.emplace_back(states.begin(), states.end());
      }
    }
    return out;
  }

  const Pretrained& encoder_;
  int threads_, longest_;
  StateCache cache_;
  const base::Log& log_;
};

void put_in(data::Dataset& dataset, const std::vector<std::string>& digest_of_sample,
            const StatesOf& states, int hidden) {
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    data::Sample& sample = dataset.samples[i];
    sample.text =
        std::make_shared<const std::string>(std::move(std::get<std::string>(sample.streams[0])));
    const TextStates& values = states.at(digest_of_sample[i]);
    sample.streams[0] = data::Series{static_cast<int>(values.size() / at(hidden)), hidden, values};
  }
  data::StreamInfo& info = dataset.streams[0];
  info.kind = data::StreamKind::kSeries;
  info.channels = hidden;
  info.from_text = true;
}

}  // namespace

base::Fields<TextEncoderSpec> text_encoder_fields() {
  using S = TextEncoderSpec;
  return base::Fields<S>()
      .section("Encoder")
      .field("encoder", &S::encoder,
             "a folder with a text encoder that others trained (BERT, DistilBERT, MiniLM) as "
             "Hugging Face Transformers saves it: config.json, model.safetensors, and vocab.txt or "
             "tokenizer.json; texts are read through it, and it stays as it is unless "
             "--encoder-tune says otherwise")
      .field(
          "encoder_layer", &S::encoder_layer, 1, 256, {"auto", 0},
          "the layer of the encoder whose states are read; auto = the last but one, which tells "
          "more about most tasks than the last: that one suits what the encoder was trained for; "
          "with --encoder-tune the last")
      .field("encoder_tune", &S::encoder_tune, 0, 256,
             "so many layers of the encoder, up to the one that is read, are trained with the "
             "network and kept in the model file, which takes minutes; 0 = none")
      .field("encoder_lr", &S::encoder_lr, 1e-8, 1,
             "learning rate of tuned layers, where --lr is a number; it follows the same schedule")
      .field("encoder_dropout", &S::encoder_dropout, 0, 0.95,
             "dropout behind attention and behind the wide layer of each tuned layer")
      .field("encoder_cache", &S::encoder_cache,
             "folder for the states of texts that were encoded before, at most 4 GiB; auto = "
             "refrain in the user's folder for caches, none = encode anew each time");
}

namespace {

// The texts of a dataset, each once, in order of their first use.
struct DistinctTexts {
  std::vector<std::string> of_sample;  // SHA-256
  std::vector<std::string> digests;
  std::vector<std::string_view> texts;
};

DistinctTexts distinct_texts(const data::Dataset& dataset) {
  DistinctTexts out;
  std::unordered_map<std::string, bool> seen;
  for (const auto& sample : dataset.samples) {
    const auto& text = std::get<std::string>(sample.streams[0]);
    out.of_sample.push_back(base::sha256(text));
    if (!seen.emplace(out.of_sample.back(), true).second) continue;
    out.digests.push_back(out.of_sample.back());
    out.texts.push_back(text);
  }
  return out;
}

std::shared_ptr<const std::vector<float>> mean_of(const TextStates& states, int hidden) {
  const std::size_t H = at(hidden), steps = states.size() / H;
  std::vector<double> sum(H);
  for (std::size_t i = 0; i < states.size(); ++i) sum[i % H] += static_cast<double>(states[i]);
  auto out = std::make_shared<std::vector<float>>();
  for (const double x : sum) out->push_back(static_cast<float>(x / static_cast<double>(steps)));
  return out;
}

}  // namespace

void encode_texts(data::Dataset& dataset, const EncodingOf& how, const base::Log& log) {
  const TextEncoderSpec& spec = how.spec;
  if (spec.encoder.empty()) return;
  require_texts(dataset);
  const auto encoder = Pretrained::open(spec.encoder, {spec.encoder_layer, spec.encoder_tune});
  require_digest(*encoder, how.digest);
  const DistinctTexts all = distinct_texts(dataset);
  const auto states = TextEncoding(*encoder, how, log).run(all.digests, all.texts);
  const int hidden = encoder->config().hidden;
  if (spec.encoder_tune > 0) {
    const auto whole = Pretrained::open(spec.encoder, {spec.encoder_layer, 0});
    const auto above = TextEncoding(*whole, how, {}).run(all.digests, all.texts);
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      dataset.samples[i].mean_state = mean_of(above.at(all.of_sample[i]), hidden);
    }
  }
  put_in(dataset, all.of_sample, states, hidden);
  dataset.streams[0].tuned = encoder->tuned();
  dataset.encoder = encoder->digest();
}

}  // namespace refrain::transformer
