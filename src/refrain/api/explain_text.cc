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
    if (!r.suggested.empty()) one["suggested"] = r.suggested;
    out.push_back(std::move(one));
  }
  return out;
}

Json suspect_json(const SuspectSample& s) {
  Json out = {{"id", s.id},
              {"label", s.label},
              {"suggested", s.suggested},
              {"confidence", s.confidence},
              {"supports", s.supports},
              {"opposes", s.opposes},
              {"near", s.near}};
  if (!s.text.empty()) out["text"] = s.text;
  return out;
}

Json reading_json(const AnswerPath& r, const std::vector<std::string>& columns) {
  Json out = {{"steps", r.steps}, {"answer", Json::object()}};
  for (std::size_t c = 0; c < std::min(columns.size(), r.answer.size()); ++c) {
    out["answer"][columns[c]] = r.answer[c];
  }
  if (!r.size.empty()) {
    out["states"] = {{"size", r.size},
                     {"speed", r.speed},
                     {"first_axis", r.first_axis},
                     {"second_axis", r.second_axis}};
  }
  return out;
}

Json sample_json(const Explanation& e) {
  Json out = {{"id", e.id}, {"value", e.value}, {"parts", Json::array()}};
  if (!e.label.empty()) out["label"] = e.label;
  if (!e.target.empty()) {
    if (e.begin < 0) out["answer"] = e.answer;
    out["target"] = e.target;
  }
  if (e.begin >= 0) out["span"] = {{"begin", e.begin}, {"end", e.end}, {"text", e.words}};
  if (!e.times.empty()) out["times"] = e.times;
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

std::string steps_of(const Explanation& e, const ExplainedPart& p) {
  const bool one = p.end - p.begin == 1;
  if (e.times.empty()) {
    return one ? fmt::format("step {}", p.begin + 1)
               : fmt::format("steps {}-{}", p.begin + 1, p.end);
  }
  const auto& first = e.times[static_cast<std::size_t>(p.begin)];
  return one ? first : first + " to " + e.times[static_cast<std::size_t>(p.end) - 1];
}

std::string name_of(const Explanations& all, const Explanation& e, const ExplainedPart& p) {
  if (!p.text.empty()) return p.text;
  std::string out = steps_of(e, p);
  if (p.channel < 0) return out;
  const auto c = static_cast<std::size_t>(p.channel);
  if (c < all.channels.size()) return out + " of " + all.channels[c];
  return p.channel > 0 || all.channels.size() > 1 ? out + fmt::format(" of channel {}", c + 1)
                                                  : out;
}

std::string sample_text(const Explanations& all, const Explanation& e) {
  const std::string where = e.begin < 0       ? ""
                            : e.words.empty() ? fmt::format(", steps {}-{}", e.begin + 1, e.end)
                                              : fmt::format(", '{}'", e.words);
  std::string out = e.target.empty()
                        ? fmt::format("{}: {:.4g}\n", e.id, e.value)
                        : fmt::format("{}{}: {} ({:+.2f})\n", e.id, where, e.target, e.value);
  std::vector<std::size_t> order(e.parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(e.parts[a].score) > std::abs(e.parts[b].score);
  });
  for (std::size_t i = 0; i < std::min(kShownParts, order.size()); ++i) {
    const auto& p = e.parts[order[i]];
    out += fmt::format("  {:+9.3f}  {}\n", p.score, name_of(all, e, p));
  }
  const auto add = [&](const char* what, const std::vector<RelatedSample>& list) {
    if (list.empty()) return;
    out += fmt::format("  {}:", what);
    for (const auto& r : list) {
      out += fmt::format(" {} ({}{})", r.id, r.label,
                         r.suggested.empty() ? "" : ", perhaps " + r.suggested);
    }
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
  for (const auto& e : samples) {
    out["samples"].push_back(sample_json(e));
    if (e.reading) out["samples"].back()["reading"] = reading_json(*e.reading, columns);
  }
  for (const auto& s : suspects) out["suspects"].push_back(suspect_json(s));
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Explanations::csv() const {
  const bool spans = task == "tag";
  std::string out = "id,target,stream,channel,begin,end,text,score";
  out += spans ? ",span_begin,span_end\n" : "\n";
  for (const auto& e : samples) {
    for (const auto& p : e.parts) {
      const std::string text = e.times.empty() ? p.text : steps_of(e, p);
      out += fmt::format("{},{},{},{},{},{},{},{}", csv_field(e.id), csv_field(e.target), p.stream,
                         p.channel < 0 ? "" : std::to_string(p.channel), p.begin, p.end,
                         csv_field(text), p.score);
      out += spans ? fmt::format(",{},{}\n", e.begin, e.end) : "\n";
    }
  }
  return out;
}

std::string Explanations::text() const {
  const char* what = task == "tag" ? "spans" : task == "forecast" ? "series" : "samples";
  std::string out = fmt::format("{} of {} {}, scores in {}\n", method, samples.size(), what, unit);
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
  for (std::size_t i = 0; i < std::min(kShownParts, suspects.size()); ++i) {
    const auto& s = suspects[i];
    out += fmt::format(
        "training sample {} has the label {}, perhaps {} is right: it speaks for {} and against {} "
        "of these answers, and is near to {}\n",
        s.id, s.label, s.suggested, s.supports.size(), s.opposes.size(), s.near.size());
  }
  if (samples.size() > kShownSamples) {
    out += fmt::format("and {} more: --out FILE.json or FILE.csv has all\n",
                       samples.size() - kShownSamples);
  }
  return out;
}

}  // namespace refrain::api
