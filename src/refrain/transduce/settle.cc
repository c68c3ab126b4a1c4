#include "refrain/transduce/settle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/transduce/order.h"

namespace refrain::transduce {
namespace {

// Sets a member unless the user named the option.
template <class T, class Value>
void choose(const Settings& s, const char* option, T& member, Value value) {
  if (!s.given.contains(option)) member = static_cast<T>(value);
}

// Masks of time and bands, and another speed of speech (Park et al. 2019; Ko et al. 2015).
constexpr const char* kSoundVariants = "spec_augment(p=1) | resample(most=1.15)";

int units_for(int samples) { return samples <= 300 ? 64 : 128; }

int batch_for(int samples) { return samples <= 2000 ? 16 : samples <= 10'000 ? 32 : 64; }

double batches_of(const Settings& s, int samples) {
  return std::ceil(samples / static_cast<double>(s.train.batch_size));
}

// Epochs of this many updates in all, but no fewer and no more than these; more only where a small
// set would hardly be learned from.
int epochs_for(const Settings& s, int samples, double updates, double fewest, double most) {
  constexpr double kLeastUpdates = 2500, kMostEpochs = 600;
  const double batches = batches_of(s, samples);
  const double longest = std::clamp(kLeastUpdates / batches, most, std::max(most, kMostEpochs));
  return static_cast<int>(std::clamp(updates / batches, fewest, longest));
}

// In the first tenths of a long training the replies may get worse before they get better.
int patience_for(int epochs) { return std::max(20, (epochs - 50) / 5); }

// The mean of the weights reaches back over a twentieth of the training.
double decay_for(const Settings& s, int samples) {
  return std::clamp(1 - 20 / (batches_of(s, samples) * s.train.epochs), 0.9, 0.999);
}

void settle_words(const Facts& facts, Settings& s) {
  const bool subwords = facts.reply_kind == Symbols::Kind::kSubwords;
  auto& e = s.encoder;
  choose(s, "hidden", e.hidden, units_for(facts.samples));
  // CTC has no decoder that reads the states once more.
  choose(s, "layers", e.layers, s.reply.decoder == "ctc" ? 2 : 1);
  choose(s, "embedding_dim", e.embedding_dim, subwords ? 128 : 64);
  choose(s, "dropout", e.dropout, 0.3);
  choose(s, "lr", s.optim.lr, 0.003);
  choose(s, "epochs", s.train.epochs, epochs_for(s, facts.samples, 14'000, 12, 100));
}

void settle_series(const Facts& facts, Settings& s) {
  auto& e = s.encoder;
  choose(s, "hidden", e.hidden, units_for(facts.samples));
  choose(s, "layers", e.layers, 2);
  choose(s, "embedding_dim", e.embedding_dim, 64);
  choose(s, "dropout", e.dropout, 0.3);
  choose(s, "views", s.features.views, "raw,difference");
  choose(s, "stem", e.stem.stem, "full");
  choose(s, "stem_channels", e.stem.stem_channels, 96);
  choose(s, "stem_pool", e.stem.stem_pool, facts.mean_steps >= 90 ? 2 : 1);
  if (facts.sound) {
    choose(s, "normalise", s.features.normalise, "series");
    choose(s, "augment", s.augment, kSoundVariants);
  }
  choose(s, "lr", s.optim.lr, 0.003);
  choose(s, "epochs", s.train.epochs, epochs_for(s, facts.samples, 6'000, 20, 150));
}

const char* usual_decoder(const Facts& facts, const Settings& s) {
  if (!s.translates()) return "ctc";
  return facts.in_order ? "both" : "attention";
}

void settle_decoder(const Facts& facts, Settings& s) {
  auto& r = s.reply;
  if (r.decoder == "auto") r.decoder = usual_decoder(facts, s);
  if (r.ctc_weight < 0) r.ctc_weight = 0.3;
  if (r.decoder_hidden == kAuto) r.decoder_hidden = std::min(2 * s.encoder.hidden, 4096);
  refuse_idle(s.reply, s.given);
}

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// Whether CTC can write these replies, and their order is one that it learns.
bool are_in_order(const Facts& facts, const Settings& s,
                  const std::vector<std::string_view>& sources,
                  const std::vector<std::string_view>& replies) {
  constexpr double kLeastOrder = 0.85;
  constexpr std::size_t kMostPerLetter = 5;  // as --repeat allows where each stands twice
  const bool spelled = facts.text && facts.source_kind == Symbols::Kind::kCharacters &&
                       facts.reply_kind != Symbols::Kind::kSubwords;
  if (!spelled || s.given.contains("stem") || s.given.contains("segment")) return false;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const bool tokens = facts.reply_kind == Symbols::Kind::kTokens;
    const std::size_t written = tokens ? tokens_of(replies[i]).size() : letters_in(replies[i]);
    if (written > kMostPerLetter * letters_in(sources[i])) return false;
  }
  return order_share(sources, facts.source_kind, replies, facts.reply_kind) >= kLeastOrder;
}

double words_in(const std::vector<std::string_view>& texts) {
  double out = 0;
  for (const auto text : texts) out += static_cast<double>(tokens_of(text).size());
  return out;
}

int usual_ensemble(const Settings& s, int samples) {
  if (s.preset == "none" || s.preset == "fast") return 1;
  const int few = samples <= 2000 ? 5 : samples <= 12'000 ? 3 : 1;
  return s.preset == "best" ? std::max(3, 2 * few) : few;
}

}  // namespace

void refuse_idle(const ReplySpec& r, const std::set<std::string>& given) {
  struct Need {
    const char* option;
    std::set<std::string> decoders;
    const char* why;
  };
  static const std::set<std::string> attending = {"attention", "both"};
  static const std::vector<Need> needs = {
      {"language_model", {"ctc"}, "helps the search of CTC"},
      {"language_model_weight", {"ctc"}, "is for the search of CTC"},
      {"symbol_bonus", {"ctc"}, "is for the search of CTC"},
      {"skip_impossible", {"ctc", "both"}, "is for CTC"},
      {"ctc_weight", {"both"}, "divides the loss between attention and CTC"},
      {"length_penalty", attending, "is for attention"},
      {"coverage_penalty", attending, "is for attention"},
      {"sampling", attending, "is for attention"},
      {"decoder_attention", attending, "is for attention"},
      {"decoder_hidden", attending, "is for attention"},
      {"input_feeding", attending, "is for attention"}};
  const bool off = r.language_model == "none";
  for (const Need& need : needs) {
    if (!given.contains(need.option) || need.decoders.contains(r.decoder)) continue;
    const std::string option = need.option;
    const bool unset =
        (option == "language_model" && off) || (option == "skip_impossible" && !r.skip_impossible);
    if (unset) continue;
    throw Error(Code::kUsage,
                fmt::format("--{} {}, and this model writes by {}", base::option_name(option),
                            need.why, r.decoder == "ctc" ? "CTC" : "attention"),
                fmt::format("leave it out, or train with --decoder {}", *need.decoders.begin()));
  }
  if (r.decoder != "both" || r.ctc_weight < 1) return;
  for (const char* option : {"length_penalty", "coverage_penalty", "sampling"}) {
    if (!given.contains(option)) continue;
    throw Error(Code::kUsage,
                fmt::format("--{} is for attention, and with --ctc-weight 1 CTC writes alone",
                            base::option_name(option)),
                "leave it out, or choose a smaller --ctc-weight");
  }
}

int usual_vocabulary(double words) {
  return static_cast<int>(std::clamp(7 * std::sqrt(words), 200.0, 8000.0));
}

Facts facts_of(const data::Subset& training, const Settings& settings) {
  Facts out;
  out.samples = training.size();
  std::vector<std::string_view> sources, replies;
  double steps = 0;
  for (int i = 0; i < training.size(); ++i) {
    const auto& value = training[i].streams.front();
    replies.push_back(training[i].label);
    if (const auto* text = std::get_if<std::string>(&value)) {
      sources.push_back(*text);
      steps += static_cast<double>(text->size());
    } else if (const auto* series = std::get_if<data::Series>(&value)) {
      steps += series->steps;
    }
  }
  out.text = !sources.empty();
  out.sound = training.dataset.streams.front().from_sound;
  out.mean_steps = steps / std::max(1, training.size());
  if (out.text) out.source_kind = kind_of(settings.reply.source_units, sources);
  // What is heard or drawn has the order of its letters, which small sets tell more of than words.
  const bool letters = !settings.translates() && settings.reply.reply_units == "auto";
  out.reply_kind =
      letters ? Symbols::Kind::kCharacters : kind_of(settings.reply.reply_units, replies);
  const bool read = out.text && out.source_kind == Symbols::Kind::kSubwords;
  out.words = words_in(read ? sources : replies);
  out.in_order = settings.reply.decoder == "auto" && are_in_order(out, settings, sources, replies);
  return out;
}

void settle(const Facts& facts, Settings& s) {
  if (s.train.batch_size == 0) s.train.batch_size = batch_for(facts.samples);
  if (s.augment == "auto") s.augment = facts.sound ? kSoundVariants : "";
  facts.text ? settle_words(facts, s) : settle_series(facts, s);
  choose(s, "patience", s.train.patience, patience_for(s.train.epochs));
  choose(s, "average", s.train.average, "ema");
  choose(s, "ema_decay", s.train.ema_decay, decay_for(s, facts.samples));
  choose(s, "clip_norm", s.optim.clip_norm, 1);
  if (s.reply.vocabulary_size == kAuto) {
    s.reply.vocabulary_size = usual_vocabulary(facts.words);
  }
  settle_decoder(facts, s);
  if (s.ensemble == kAuto) s.ensemble = usual_ensemble(s, facts.samples);
}

}  // namespace refrain::transduce
