#include "refrain/api/inside/reply_training.h"

#include <fmt/format.h>

#include "refrain/base/at.h"
#include "refrain/base/duration.h"
#include "refrain/base/threads.h"
#include "refrain/transduce/back_translation.h"
#include "refrain/transduce/self_training.h"

namespace refrain::api {
namespace {

using base::at;

transduce::Settings reply_settings(const task::Spec& spec) {
  transduce::Settings s;
  s.task = spec.task;
  s.reply = spec.reply;
  s.features = spec.features;
  s.encoder = spec.encoder;
  s.label_smoothing = spec.classify.label_smoothing;
  s.train = spec.train;
  s.optim = spec.optim;
  s.augment = spec.augment.augment;
  s.preset = spec.preset == "auto" ? "good" : spec.preset;
  s.ensemble = spec.given.contains("ensemble") ? spec.model.ensemble : transduce::kAuto;
  if (!spec.time_limit.empty()) {
    const auto limit = base::parse_duration(spec.time_limit);
    if (!limit) {
      throw Error(Code::kUsage, fmt::format("--time-limit: '{}' is no time", spec.time_limit),
                  "write for example 90s, 10m or 1h30m");
    }
    s.seconds = 0.8 * *limit;
  }
  s.given = spec.given;
  return s;
}

// The samples that the network is judged by: the one side of their pairs or the other.
std::vector<std::string> judged(const RunData& data, bool replies) {
  std::vector<std::string> out;
  const auto add = [&](const data::Sample& sample) {
    const auto* source = std::get_if<std::string>(&sample.streams.front());
    out.push_back(replies || source == nullptr ? sample.label : *source);
  };
  for (const int i : data.test) add(data.test_data().samples[at(i)]);
  for (const int i : data.valid) add(data.valid_data().samples[at(i)]);
  return out;
}

// The training samples, and behind them the pairs that models make.
class EnlargedTraining {
 public:
  EnlargedTraining(const RunData& data, const RunState& run)
      : data_(data), run_(run), all_(data.data), chosen_(data.train) {}

  transduce::MakingPairs parts(bool replies) const {
    const int threads = run_.spec.train.threads;
    return {{data_.data, data_.train},
            judged(data_, replies),
            threads == 0 ? base::core_count() : threads,
            run_.job.hooks.stop,
            run_.log,
            static_cast<std::uint64_t>(run_.spec.train.seed)};
  }
  void add(transduce::MadePairs made) {
    run_.log.info(made.summary());
    for (auto& sample : made.samples) {
      chosen_.push_back(count());
      all_.samples.push_back(std::move(sample));
    }
  }
  int count() const { return static_cast<int>(all_.samples.size()); }
  data::Subset subset() const { return {all_, chosen_}; }

 private:
  const RunData& data_;
  const RunState& run_;
  data::Dataset all_;
  std::vector<int> chosen_;
};

}  // namespace

// Pairs of back-translation stand last: the network may be told which they are.
transduce::FittedTransducer fit_replies(const RunData& data, const RunState& run,
                                        const transduce::FitHooks& hooks) {
  transduce::Settings settings = reply_settings(run.spec);
  const data::Subset valid{data.valid_data(), data.valid};
  const auto self = transduce::take_self_training(settings.augment);
  const auto back = transduce::take_back_translation(settings.augment);
  if (!self && !back) {
    return transduce::fit_transducer({{data.data, data.train}, valid}, settings, hooks);
  }
  if (!settings.translates()) {
    throw Error(Code::kUsage,
                fmt::format("{}(model=...) is for --task translate",
                            self ? "self_training" : "back_translation"),
                "leave it out");
  }
  EnlargedTraining training(data, run);
  const int first = training.count();
  if (self) training.add(transduce::self_trained(*self, training.parts(false)));
  const int tagged = back && back->tagged ? training.count() : -1;
  if (back) training.add(transduce::back_translated(*back, training.parts(true)));
  return transduce::fit_transducer({training.subset(), valid, first, tagged}, settings, hooks);
}

}  // namespace refrain::api
