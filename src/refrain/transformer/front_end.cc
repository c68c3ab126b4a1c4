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
#include "refrain/transformer/reading.h"
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

  Reading read(const data::Dataset& dataset, bool by_word) const {
    return (by_word ? read_words : read_texts)(dataset, encoder_.pieces(), longest_);
  }

  StatesOf run(const Reading& reading) {
    StatesOf out = cache_.find(reading.digests);
    std::vector<std::string> fresh;
    std::vector<TokenIds> ids;
    int cut = 0;
    for (std::size_t i = 0; i < reading.digests.size(); ++i) {
      cut += reading.tokens[i].cut ? 1 : 0;
      if (out.contains(reading.digests[i])) continue;
      fresh.push_back(reading.digests[i]);
      ids.push_back(reading.tokens[i].ids);
    }
    say(reading.digests.size(), fresh.size(), cut);
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

// A row a token of a text, or a row a word; at least one.
TextStates rows_of_sample(const std::vector<ReadPart>& parts, const StatesOf& states, int hidden) {
  TextStates out;
  for (const ReadPart& part : parts) {
    const TextStates& own = states.at(part.digest);
    if (part.pieces.empty()) return own;
    add_word_states(part, own, hidden, out);
  }
  if (out.empty()) out.resize(at(hidden), 0.0F);
  return out;
}

void put_in(data::Dataset& dataset, const Reading& reading, const StatesOf& states, int hidden) {
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    data::Sample& sample = dataset.samples[i];
    sample.text =
        std::make_shared<const std::string>(std::move(std::get<std::string>(sample.streams[0])));
    TextStates values = rows_of_sample(reading.of_sample[i], states, hidden);
    const int rows = static_cast<int>(values.size() / at(hidden));
    sample.streams[0] = data::Series{rows, hidden, std::move(values)};
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
             "folder with a pretrained text encoder (BERT, DistilBERT, MiniLM) in the layout of "
             "Hugging Face Transformers: config.json, model.safetensors, and vocab.txt or "
             "tokenizer.json. Texts are read through it; its weights stay fixed without "
             "--encoder-tune")
      .field("encoder_layer", &S::encoder_layer, 1, 256, {"auto", 0},
             "layer of the encoder whose states are read; auto = the last but one, which suits "
             "most tasks better than the last; with --encoder-tune the last")
      .field("encoder_tune", &S::encoder_tune, 0, 256,
             "number of encoder layers, up to the one that is read, to train together with the "
             "network; the model file keeps them, and training takes minutes; 0 = none")
      .field("encoder_lr", &S::encoder_lr, 1e-8, 1,
             "learning rate of the tuned encoder layers, which follows the same schedule; applies "
             "if --lr is a number")
      .field("encoder_dropout", &S::encoder_dropout, 0, 0.95,
             "dropout after the attention and after the wide layer of each tuned encoder layer")
      .field("encoder_cache", &S::encoder_cache,
             "folder that keeps the states of encoded texts, at most 4 GiB; auto = refrain in the "
             "user's cache folder, none = encode again each time");
}

namespace {

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
  TextEncoding encoding(*encoder, how, log);
  const Reading reading = encoding.read(dataset, how.by_word);
  const auto states = encoding.run(reading);
  const int hidden = encoder->config().hidden;
  if (spec.encoder_tune > 0) {
    const auto whole = Pretrained::open(spec.encoder, {spec.encoder_layer, 0});
    const auto above = TextEncoding(*whole, how, {}).run(reading);
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      dataset.samples[i].mean_state =
          mean_of(above.at(reading.of_sample[i].front().digest), hidden);
    }
  }
  put_in(dataset, reading, states, hidden);
  dataset.streams[0].tuned = encoder->tuned();
  dataset.encoder = encoder->digest();
}

}  // namespace refrain::transformer
