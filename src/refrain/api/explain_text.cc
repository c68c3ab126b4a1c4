// Explanations as JSON, CSV and for people.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/api/explain.h"
#include "refrain/api/output.h"
#include "refrain/base/json.h"

namespace refrain::api {
namespace {

using base::Json;

constexpr std::size_t kShownSamples = 5, kShownParts = 6;

Json interval_json(const Score& s) {
  return {{"value", s.value}, {"low", s.low}, {"high", s.high}};
}

Json part_json(const ExplainedPart& p) {
  Json out = {{"stream", p.stream}, {"begin", p.begin}, {"end", p.end}, {"score", p.score}};
  if (p.channel >= 0) out["channel"] = p.channel;
  if (!p.text.empty()) out["text"] = p.text;
  return out;
}

Json related_json(const std::vector<RelatedSample>& list, const char* what) {
  Json out = Json::array();
  for (const auto& r : list) {
    Json one = {{"id", r.id}, {"label", r.label}, {what, r.value}};
    if (!r.text.empty()) one["text"] = r.text;
    out.push_back(std::move(one));
  }
  return out;
}

Json sample_json(const Explanation& e) {
  Json out = {{"id", e.id}, {"value", e.value}, {"parts", Json::array()}};
  if (!e.label.empty()) out["label"] = e.label;
  if (!e.target.empty()) {
    out["answer"] = e.answer;
    out["target"] = e.target;
  }
  if (e.promised != 0) {
    out["promised"] = e.promised;
    out["sum"] = e.sum;
  }
  for (const auto& p : e.parts) out["parts"].push_back(part_json(p));
  if (!e.nearest.empty()) {
    out["nearest"] = related_json(e.nearest, "distance");
    out["supporting"] = related_json(e.supporting, "influence");
    out["opposing"] = related_json(e.opposing, "influence");
  }
  return out;
}

Json checks_json(const Explanations::Checks& c) {
  return {{"deletion_gain", interval_json(c.deletion)},
          {"insertion_gain", interval_json(c.insertion)},
          {"stability", c.stability},
          {"randomised", c.randomised ? Json(*c.randomised) : Json()},
          {"curves",
           {{"share", c.share},
            {"deletion", c.deletion_curve},
            {"insertion", c.insertion_curve},
            {"random_deletion", c.random_deletion},
            {"random_insertion", c.random_insertion}}},
          {"against", c.against}};
}

std::string name_of(const Explanations& all, const ExplainedPart& p) {
  if (!p.text.empty()) return p.text;
  std::string out = p.end - p.begin == 1 ? fmt::format("step {}", p.begin + 1)
                                         : fmt::format("steps {}-{}", p.begin + 1, p.end);
  if (p.channel < 0) return out;
  const auto c = static_cast<std::size_t>(p.channel);
  if (c < all.channels.size()) return out + " of " + all.channels[c];
  return p.channel > 0 || all.channels.size() > 1 ? out + fmt::format(" of channel {}", c + 1)
                                                  : out;
}

std::string sample_text(const Explanations& all, const Explanation& e) {
  std::string out = e.target.empty() ? fmt::format("{}: {:.4g}\n", e.id, e.value)
                                     : fmt::format("{}: {} ({:+.2f})\n", e.id, e.target, e.value);
  std::vector<std::size_t> order(e.parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(e.parts[a].score) > std::abs(e.parts[b].score);
  });
  for (std::size_t i = 0; i < std::min(kShownParts, order.size()); ++i) {
    const auto& p = e.parts[order[i]];
    out += fmt::format("  {:+9.3f}  {}\n", p.score, name_of(all, p));
  }
  const auto add = [&](const char* what, const std::vector<RelatedSample>& list) {
    if (list.empty()) return;
    out += fmt::format("  {}:", what);
    for (const auto& r : list) out += fmt::format(" {} ({})", r.id, r.label);
    out += "\n";
  };
  add("nearest training samples", e.nearest);
  add("that speak for it", e.supporting);
  add("against it", e.opposing);
  return out;
}

std::string checks_text(const Explanations::Checks& c) {
  std::string out = fmt::format(
      "checks: without the highest parts the answer falls by {:.2f} [{:.2f}, {:.2f}] more than "
      "without parts at random",
      c.deletion.value, c.deletion.low, c.deletion.high);
  if (c.stability < 1) out += fmt::format("; another seed: rank correlation {:.2f}", c.stability);
  if (c.randomised) out += fmt::format("; random weights: {:.2f}", *c.randomised);
  return out + "\n";
}

}  // namespace

std::string Explanations::json() const {
  Json out = {{"task", task},
              {"method", method},
              {"unit", unit},
              {"channels", channels},
              {"faithful", faithful()},
              {"remarks", remarks},
              {"samples", Json::array()},
              {"completeness_error", completeness_error}};
  if (checks) out["checks"] = checks_json(*checks);
  for (const auto& e : samples) out["samples"].push_back(sample_json(e));
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Explanations::csv() const {
  std::string out = "id,target,stream,channel,begin,end,text,score\n";
  for (const auto& e : samples) {
    for (const auto& p : e.parts) {
      out += fmt::format("{},{},{},{},{},{},{},{}\n", csv_field(e.id), csv_field(e.target),
                         p.stream, p.channel < 0 ? "" : std::to_string(p.channel), p.begin, p.end,
                         csv_field(p.text), p.score);
    }
  }
  return out;
}

std::string Explanations::text() const {
  std::string out = fmt::format("{} of {} samples, scores in {}\n", method, samples.size(), unit);
  if (checks) out += checks_text(*checks);
  for (const auto& sentence : remarks) out += sentence + "\n";
  if (!faithful()) {
    out += "these scores are not to be trusted:\n";
    for (const auto& sentence : checks->against) out += "  " + sentence + "\n";
    return out;
  }
  for (std::size_t i = 0; i < std::min(kShownSamples, samples.size()); ++i) {
    out += sample_text(*this, samples[i]);
  }
  if (samples.size() > kShownSamples) {
    out += fmt::format("and {} more: --out FILE.json or FILE.csv has all\n",
                       samples.size() - kShownSamples);
  }
  return out;
}

}  // namespace refrain::api
