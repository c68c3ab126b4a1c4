#include "refrain/transduce/made_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "refrain/augment/pipeline.h"
#include "refrain/augment/text/likeness.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/pairs.h"
#include "refrain/transduce/model_file.h"

namespace refrain::transduce {

void MadePairs::add(std::string source, std::string reply) {
  data::Sample sample;
  sample.id = fmt::format("made {}", samples.size() + 1);
  sample.label = std::move(reply);
  sample.streams.emplace_back(std::move(source));
  samples.push_back(std::move(sample));
}

std::string MadePairs::summary() const {
  std::string out = fmt::format("{}: {} of {} texts make pairs", by, samples.size(), asked);
  if (known > 0) {
    out += fmt::format("; {} stand in the validation or test part and were left out", known);
  }
  if (unlike > 0)
    out += fmt::format("; for {} nothing was written, or something too unlike", unlike);
  return out;
}

std::optional<augment::Step> take_step(std::string& augment,
                                       const std::function<bool(const augment::Step&)>& wanted) {
  if (augment.empty() || augment == "auto") return std::nullopt;
  augment::Step spec = augment::parse_any(augment);
  augment::Pipeline::make(spec);  // names, types and limits of all options
  const auto found = std::find_if(spec.parts.begin(), spec.parts.end(), wanted);
  if (found == spec.parts.end()) return std::nullopt;
  for (const auto& [name, value, at] : found->options) {
    if (!value.is_array()) continue;
    throw Error(Code::kUsage, fmt::format("{}: {} is no range here{}", found->name, name, at),
                "give it one value");
  }
  augment::Step out = *found;
  spec.parts.erase(found);
  augment = spec.parts.empty() ? "" : augment::to_text(spec);
  return out;
}

Transducer model_of_texts(const std::string& path) {
  Transducer out = transducer_from(base::read_file(path).bytes, path);
  if (out.reads_text()) return out;
  throw Error(Code::kUsage, path + " reads no texts", "name a model of --task translate");
}

std::vector<std::string> answers_of(const Transducer& model, const std::vector<std::string>& lines,
                                    const MakingPairs& parts) {
  std::vector<data::EncodedSample> samples;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    data::Sample sample;
    sample.streams.emplace_back(lines[i]);
    samples.push_back(encode(model, sample, static_cast<std::int64_t>(i)));
  }
  Writing how;
  how.threads = parts.threads;
  how.stop = parts.stop;
  std::vector<std::string> out;
  for (const auto& reply : write(model, samples, how)) {
    out.push_back(reply.options.empty() ? "" : reply.options.front().text);
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& path, const base::Log& log) {
  std::vector<std::string> out;
  for (const auto& s : data::read_pairs(path, {}, false, log).samples) {
    out.push_back(std::get<std::string>(s.streams.front()));
  }
  return out;
}

std::vector<std::string> texts_to_use(std::vector<std::string> texts, const MakingPairs& parts,
                                      MadePairs& out) {
  std::unordered_set<std::string> seen, judged;
  for (const auto& text : parts.judged) judged.insert(augment::normalised(text));
  std::vector<std::string> kept;
  for (auto& text : texts) {
    if (!seen.insert(text).second) continue;
    ++out.asked;
    if (judged.contains(augment::normalised(text))) {
      ++out.known;
    } else {
      kept.push_back(std::move(text));
    }
  }
  return kept;
}

}  // namespace refrain::transduce
