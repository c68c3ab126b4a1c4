#include "refrain/train/tuning.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "refrain/base/error.h"
#include "refrain/base/glob.h"
#include "refrain/base/nearest.h"

namespace refrain::train {
namespace {

constexpr int kNever = std::numeric_limits<int>::max();

std::string without_end(const std::string& name, const std::string& end) {
  return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : name;
}

// "encoder.0.forward.w_x" -> "encoder.0", "encoder.words" -> "encoder.words", "head.w" -> "head".
std::string layer_of(const std::string& name) {
  if (name.ends_with(".words")) return name;
  const std::string owner = name.substr(0, name.rfind('.'));
  return without_end(without_end(owner, ".forward"), ".reverse");
}

// "encoder.words" is also called "embedding", that of a further encoder "embedding_<its name>".
std::string other_name(const std::string& name) {
  constexpr std::string_view kEncoder = "encoder";
  if (!name.ends_with(".words") || !name.starts_with(kEncoder)) return name;
  return "embedding" + without_end(name.substr(kEncoder.size()), ".words");
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

[[noreturn]] void refuse_pattern(const std::string& pattern, const nn::ParamSet& params) {
  std::vector<std::string> names;
  for (const auto& p : params.params()) names.push_back(p.name);
  const std::string near = base::nearest(pattern, names);
  constexpr std::size_t kShown = 12;
  const bool more = names.size() > kShown;
  if (more) names.resize(kShown);
  throw Error(
      Code::kUsage, fmt::format("--freeze: no parameter is called '{}'", pattern),
      fmt::format("{}there are {}{}", near.empty() ? "" : fmt::format("did you mean '{}'? ", near),
                  fmt::join(names, ", "), more ? ", ..." : ""));
}

}  // namespace

std::vector<Depth> depths_of(const nn::ParamSet& params) {
  std::map<std::string, std::vector<std::string>> layers;  // of each encoder, from its input on
  for (const auto& p : params.params()) {
    auto& known = layers[p.name.substr(0, p.name.find('.'))];
    const std::string layer = layer_of(p.name);
    if (std::find(known.begin(), known.end(), layer) == known.end()) known.push_back(layer);
  }
  std::vector<Depth> out;
  for (const auto& p : params.params()) {
    const std::string owner = p.name.substr(0, p.name.find('.'));
    if (owner == "head") {
      out.push_back({-1, 0});
      continue;
    }
    const auto& known = layers[owner];
    const auto place = std::find(known.begin(), known.end(), layer_of(p.name)) - known.begin();
    out.push_back(
        {static_cast<int>(place), static_cast<int>(known.size()) - static_cast<int>(place)});
  }
  return out;
}

void freeze(const std::string& patterns, nn::ParamSet& params) {
  const auto depths = depths_of(params);
  for (std::size_t from = 0; from < patterns.size();) {
    const std::size_t to = std::min(patterns.find(',', from), patterns.size());
    std::string item = patterns.substr(from, to - from);
    std::erase(item, ' ');
    from = to + 1;
    if (item.empty()) continue;
    bool any = item == "0";
    for (std::size_t i = 0; i < depths.size(); ++i) {
      nn::Param& p = params.at(static_cast<int>(i));
      const bool wanted =
          is_number(item)
              ? depths[i].from_input >= 0 && depths[i].from_input < std::stoi(item)
              : base::matches_glob(item, p.name) || base::matches_glob(item, other_name(p.name));
      any = any || wanted;
      p.frozen = p.frozen || wanted;
    }
    if (!any) refuse_pattern(item, params);
  }
  const auto& all = params.params();
  if (std::any_of(all.begin(), all.end(), [](const auto& p) { return !p.frozen; })) return;
  throw Error(Code::kUsage, fmt::format("--freeze '{}' leaves nothing to learn", patterns),
              "freeze less: the head, head.*, must learn the new labels");
}

int epoch_of(const State& state) {
  return state.batch > 0 ? state.epoch : std::max(0, state.epoch - 1);
}

Tuning::Tuning(const TrainSpec& spec, const nn::ParamSet& params) {
  const auto depths = depths_of(params);
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const nn::Param& p = params.params()[i];
    const int words = p.name.ends_with(".words") ? spec.unfreeze_words : 0;
    begins_.push_back(p.frozen ? kNever
                               : std::max(words, spec.unfreeze_every * depths[i].from_head));
    const double rate = p.rate * std::pow(spec.layer_lr_decay, depths[i].from_head);
    if (!p.frozen && rate != 1) {
      slowed_.push_back({p.offset, p.shape.count(), static_cast<real>(rate)});
    }
  }
}

int Tuning::last_thaw(int epoch) const {
  int last = 0;
  for (const int begin : begins_) {
    if (begin <= epoch) last = std::max(last, begin);
  }
  return last;
}

void Tuning::apply(int epoch, nn::ParamSet& params) const {
  for (std::size_t i = 0; i < begins_.size(); ++i) {
    params.at(static_cast<int>(i)).frozen = begins_[i] > epoch;
  }
}

void Tuning::keep(const std::vector<real>& values) {
  if (!slowed_.empty()) kept_ = values;
}

void Tuning::slow(std::vector<real>& values) const {
  for (const Slowed& s : slowed_) {
    for (std::size_t i = s.begin; i < s.begin + s.count; ++i) {
      values[i] = kept_[i] + s.rate * (values[i] - kept_[i]);
    }
  }
}

}  // namespace refrain::train
