// What a model that writes attended to, and when it wrote: its own replies to some samples again,
// with their alignments.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/transducer_impl.h"
#include "refrain/api/pages/parts.h"
#include "refrain/api/pages/reply_parts.h"
#include "refrain/base/at.h"
#include "refrain/base/digest.h"
#include "refrain/base/files.h"
#include "refrain/report/escape.h"
#include "refrain/report/heat_map.h"
#include "refrain/transduce/model_file.h"

namespace refrain::api {
namespace {

using base::at;
using report::paragraph;
using report::Words;

constexpr std::size_t kPictures = 4;
constexpr const char* kBlankName = "\u2423";
constexpr int kMostNamed = 40;  // source symbols of a picture
constexpr std::size_t kMostMapRows = 45;

struct FoundModel {
  std::shared_ptr<const transduce::Transducer> model;
  Words why_not;
};

std::string parameters_of(const transduce::Transducer& t) {
  base::Digest digest;
  for (const auto& n : t.networks) digest.add_list(n->params().values());
  return digest.hex();
}

FoundModel no_model(const std::string& en, const std::string& zh) {
  return {nullptr, {"Alignments are not drawn: " + en + ".", "未绘制对齐：" + zh + "。"}};
}

// The model of the run, if its file is there and still that model.
FoundModel writing_model_of(const Told& told) {
  if (told.writer != nullptr) return {told.writer, {}};
  const base::Json out = job_member(told.run, "out");
  const std::string path = out.is_string() ? out.get<std::string>() : "";
  if (path.empty()) return no_model("the run kept no model (--out)", "运行没有保存模型（--out）");
  if (!std::filesystem::is_regular_file(path)) {
    return no_model("the model file is not there any more", "模型文件已不存在");
  }
  try {
    auto t = std::make_shared<transduce::Transducer>(
        transduce::transducer_from(base::read_file(path).bytes, path));
    if (parameters_of(*t) == told.run.parameters_hash) return {std::move(t), {}};
  } catch (const Error&) {
    return no_model("the model file cannot be read", "无法读取模型文件");
  }
  return no_model("another model has been written into its file", "模型文件已被另一个模型覆盖");
}

// A name that can be seen.
std::string seen_name(const transduce::Symbols& symbols, int symbol) {
  const std::string name = symbols.name(symbol);
  return name == " " ? kBlankName : name;
}

// Symbols that are read, each once.
std::vector<std::string> source_names(const transduce::Transducer& t,
                                      const data::EncodedSample& sample) {
  const auto& ids = sample.streams.front().ids;
  const auto repeat = static_cast<std::size_t>(std::max(1, t.settings.reply.repeat));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ids.size(); i += repeat) out.push_back(seen_name(*t.source, ids[i]));
  return out;
}

// Shares [rows, steps of the encoder]: attention, or 1 where a symbol stands.
std::vector<double> shares_of(const transduce::Option& option, int steps) {
  if (!option.weights.empty()) return {option.weights.begin(), option.weights.end()};
  std::vector<double> out(option.first.size() * at(steps));
  for (std::size_t k = 0; k < option.first.size(); ++k) {
    for (int t = option.first[k]; t <= option.last[k]; ++t) out[k * at(steps) + at(t)] = 1;
  }
  return out;
}

// Characters of words as one row each.
void join_words(std::size_t width, report::HeatMap& map) {
  std::vector<std::string> rows = {""};
  std::vector<double> share(width);
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    if (map.rows[r] == kBlankName) {
      rows.emplace_back();
      share.resize(share.size() + width);
      continue;
    }
    rows.back() += map.rows[r];
    for (std::size_t c = 0; c < width; ++c) {
      double& to = share[(rows.size() - 1) * width + c];
      to = std::max(to, map.share[r * width + c]);
    }
  }
  map.rows = std::move(rows);
  map.share = std::move(share);
}

// Steps of one source symbol as one column.
void join_steps(std::size_t steps, std::size_t repeat, report::HeatMap& map) {
  const std::size_t columns = map.columns.size();
  std::vector<double> share(map.rows.size() * columns);
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    for (std::size_t s = 0; s < steps; ++s) {
      double& to = share[r * columns + std::min(s / repeat, columns - 1)];
      to = std::max(to, map.share[r * steps + s]);
    }
  }
  map.share = std::move(share);
}

report::HeatMap map_of(const transduce::Transducer& t, const data::EncodedSample& sample,
                       const transduce::Reply& reply) {
  const auto& option = reply.options.front();
  report::HeatMap map;
  map.y = {"reply", "回答"};
  for (const int symbol : option.symbols) map.rows.push_back(seen_name(t.reply, symbol));
  if (!option.weights.empty()) map.rows.push_back(t.reply.name(transduce::Symbols::kMark));
  map.share = shares_of(option, reply.steps);
  const std::size_t steps = at(reply.steps);
  if (map.rows.empty() || map.share.size() != map.rows.size() * steps) return {};
  const auto stride = at(t.networks.front()->stride());
  const bool named = t.reads_text() && stride == 1;
  if (named) {
    map.columns = source_names(t, sample);
    join_steps(steps, at(std::max(1, t.settings.reply.repeat)), map);
    map.x = {"source", "源文"};
  } else {
    map.width = reply.steps;
    map.end = reply.steps * step_length(t);
    map.x = writes_in_seconds(t) ? Words{"seconds", "秒"} : Words{"steps", "步"};
  }
  const bool characters = t.reply.kind() == transduce::Symbols::Kind::kCharacters;
  if (characters && map.rows.size() > kMostMapRows) {
    join_words(named ? map.columns.size() : steps, map);
  }
  return map.rows.size() > kMostMapRows ? report::HeatMap() : map;
}

// Samples at even distances from the best to the worst that are short enough to be drawn.
std::vector<std::size_t> chosen_for_pictures(const Told& told, const transduce::Transducer& t,
                                             const std::vector<RankedReply>& ranked) {
  std::vector<std::size_t> fit, out;
  for (const auto& r : ranked) {
    const auto* sample = told.sample(told.repeats.front().which[r.number]);
    if (sample == nullptr) continue;
    if (t.reads_text()) {
      const auto repeat = std::max(1, t.settings.reply.repeat);
      if (transduce::encode_source(t, *sample).length / repeat > kMostNamed) continue;
    }
    fit.push_back(r.number);
  }
  const std::size_t n = std::min(kPictures, fit.size());
  for (std::size_t k = 0; k < n; ++k) out.push_back(fit[(2 * k + 1) * fit.size() / (2 * n)]);
  return out;
}

Words drawn_words(const transduce::Transducer& t) {
  if (!t.settings.attends()) {
    return {
        "When the model writes what: rows are written, columns are read, and a mark shows where "
        "a symbol stands. Marks from the upper left to the lower right follow the source.",
        "模型在何处写下什么：行为写出的内容，列为读到的内容，色块为该符号的位置。"};
  }
  return {
      "What the decoder looks at while it writes: rows are written, columns are read; the "
      "stronger the colour, the more attention. Attention that is spread over everything tells "
      "little about where a reply comes from.",
      "解码器书写时的注意力：行为写出的内容，列为读到的内容，颜色越浓注意力越大。"};
}

}  // namespace

std::string alignments_told(const Told& told, const std::vector<RankedReply>& ranked) {
  const bool none = std::all_of(told.samples.begin(), told.samples.end(),
                                [](const auto* s) { return s == nullptr; });
  if (none) {
    return paragraph(no_model("the samples are not there", "样本不可用").why_not, "quiet");
  }
  const FoundModel found = writing_model_of(told);
  if (found.model == nullptr) return paragraph(found.why_not, "quiet");
  const auto& t = *found.model;
  std::vector<data::EncodedSample> samples;
  std::vector<std::string> names;
  for (const std::size_t i : chosen_for_pictures(told, t, ranked)) {
    const auto* sample = told.sample(told.repeats.front().which[i]);
    samples.push_back(transduce::encode(t, *sample, 0));
    names.push_back(sample->id);
  }
  transduce::Writing how;
  how.beam = t.settings.reply.beam;
  how.aligned = true;
  const auto replies = transduce::write(t, samples, how);
  std::string out;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto map = map_of(t, samples[i], replies[i]);
    if (map.rows.empty()) continue;
    const Words caption =
        Words{"sample ", "样本 "} + report::same(report::harmless(names[i], 60)) +
        report::same(": " + report::harmless(replies[i].options.front().text, 120));
    out += report::figure(fmt::format("figure-alignment{}", i), caption, report::heat_map(map));
  }
  if (out.empty()) {
    return paragraph(no_model("no reply is short enough for a picture", "没有足够短的回答").why_not,
                     "quiet");
  }
  return paragraph(drawn_words(t)) + out;
}

}  // namespace refrain::api
