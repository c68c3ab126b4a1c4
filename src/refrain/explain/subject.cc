#include "refrain/explain/subject.h"

#include <algorithm>
#include <cmath>

#include "refrain/data/tokenise.h"

namespace refrain::explain {
namespace {

// The mean of the values of each channel that are there.
std::vector<float> own_means(const data::Series& series) {
  std::vector<float> out;
  for (int c = 0; c < series.channels; ++c) {
    double sum = 0;
    int count = 0;
    for (int t = 0; t < series.steps; ++t) {
      const float value = series.values[static_cast<std::size_t>(t * series.channels + c)];
      if (!std::isfinite(value)) continue;
      sum += value;
      ++count;
    }
    out.push_back(static_cast<float>(count > 0 ? sum / count : 0));
  }
  return out;
}

void hide(data::Series& series, const Part& part, const std::vector<float>& blank) {
  for (int t = part.begin; t < part.end; ++t) {
    for (int c = 0; c < series.channels; ++c) {
      if (part.channel >= 0 && part.channel != c) continue;
      series.values[static_cast<std::size_t>(t * series.channels + c)] =
          blank[static_cast<std::size_t>(c)];
    }
  }
}

}  // namespace

Subject::Subject(const data::Features& features, const data::Sample& sample, const Cut& cut)
    : sample_(sample) {
  for (int s = 0; s < static_cast<int>(sample.streams.size()); ++s) {
    const data::Value& value = sample.streams[static_cast<std::size_t>(s)];
    if (const auto* text = std::get_if<std::string>(&value)) {
      add_text(*text, s);
    } else if (const auto* series = std::get_if<data::Series>(&value)) {
      add_series(*series, features, s, cut);
    }
  }
}

void Subject::add_text(const std::string& text, int stream) {
  Stream own;
  for (const data::TokenSpan& span : data::token_spans(text)) {
    parts_.push_back({stream, -1, own.steps, own.steps + 1});
    own.begin.push_back(span.begin);
    own.end.push_back(span.end);
    own.words.push_back(text.substr(span.begin, span.end - span.begin));
    ++own.steps;
  }
  streams_.push_back(std::move(own));
}

void Subject::add_series(const data::Series& series, const data::Features& features, int stream,
                         const Cut& cut) {
  Stream own;
  own.steps = series.steps;
  own.channels = series.channels;
  own.blank = own_means(series);
  const data::Normaliser& normaliser = features.normaliser(stream);
  if (normaliser.mode() != "series" && normaliser.channels() == series.channels) {
    const auto& mean = normaliser.fitted().mean;
    own.blank.assign(mean.begin(), mean.end());
  }
  const int runs = cut.segments > 0 ? std::min(cut.segments, series.steps) : series.steps;
  for (int r = 0; r < runs; ++r) {
    const auto edge = [&](int i) {
      return static_cast<int>(std::int64_t{series.steps} * i / runs);
    };
    const int channels = cut.by_channel ? series.channels : 1;
    for (int c = 0; c < channels; ++c) {
      parts_.push_back({stream, cut.by_channel ? c : -1, edge(r), edge(r + 1)});
    }
  }
  streams_.push_back(std::move(own));
}

data::Sample Subject::without(const std::vector<bool>& hidden) const {
  data::Sample out = sample_;
  out.raw.reset();
  std::vector<std::size_t> erased;  // parts of texts, in order
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    if (!hidden[p]) continue;
    const Part& part = parts_[p];
    const auto s = static_cast<std::size_t>(part.stream);
    if (auto* series = std::get_if<data::Series>(&out.streams[s])) {
      hide(*series, part, streams_[s].blank);
    } else {
      erased.push_back(p);
    }
  }
  for (auto p = erased.rbegin(); p != erased.rend(); ++p) {
    const Part& part = parts_[*p];
    const auto s = static_cast<std::size_t>(part.stream);
    const auto w = static_cast<std::size_t>(part.begin);
    std::get<std::string>(out.streams[s])
        .erase(streams_[s].begin[w], streams_[s].end[w] - streams_[s].begin[w]);
  }
  return out;
}

}  // namespace refrain::explain
