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

Subject::Subject(const data::Sample& sample, const Cut& cut) : sample_(sample), cut_(cut) {
  for (int s = 0; s < static_cast<int>(sample.streams.size()); ++s) {
    const data::Value& value = sample.streams[static_cast<std::size_t>(s)];
    if (const auto* text = std::get_if<std::string>(&value)) {
      add_text(*text, s);
    } else if (const auto* series = std::get_if<data::Series>(&value)) {
      add_series(*series, s);
    }
  }
}

Subject::Subject(const data::Features& features, const data::Sample& sample, const Cut& cut)
    : Subject(sample, cut) {
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    if (streams_[s].blank.empty()) continue;
    const data::Normaliser& normaliser = features.normaliser(static_cast<int>(s));
    if (normaliser.mode() == "series" || normaliser.channels() != streams_[s].channels) continue;
    const auto& mean = normaliser.fitted().mean;
    streams_[s].blank.assign(mean.begin(), mean.end());
  }
}

void Subject::add_word(const std::string& text, int stream, std::size_t begin, std::size_t end) {
  Stream& own = streams_.back();
  parts_.push_back({stream, -1, own.steps, own.steps + 1});
  own.begin.push_back(begin);
  own.end.push_back(end);
  own.words.push_back(text.substr(begin, end - begin));
  ++own.steps;
}

void Subject::add_text(const std::string& text, int stream) {
  streams_.emplace_back();
  if (cut_.no_word.empty()) {
    for (const data::TokenSpan& span : data::token_spans(text)) {
      add_word(text, stream, span.begin, span.end);
    }
    return;
  }
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    if (end > i) add_word(text, stream, i, end);
    i = end + 1;
  }
}

void Subject::cut_run(const data::Series& series, const Part& run) {
  const int channels = cut_.by_channel ? series.channels : 1;
  for (int c = 0; c < channels; ++c) {
    Part part = run;
    if (cut_.by_channel) part.channel = c;
    bool any = !cut_.skip_missing || !cut_.by_channel;
    for (int t = part.begin; t < part.end && !any; ++t) {
      any = std::isfinite(series.values[static_cast<std::size_t>(t * series.channels + c)]);
    }
    if (any) parts_.push_back(part);
  }
}

void Subject::add_series(const data::Series& series, int stream) {
  Stream own;
  own.steps = series.steps;
  own.channels = series.channels;
  own.blank = own_means(series);
  streams_.push_back(std::move(own));
  const int runs = cut_.segments > 0 ? std::min(cut_.segments, series.steps) : series.steps;
  const auto edge = [&](int i) { return static_cast<int>(std::int64_t{series.steps} * i / runs); };
  for (int r = 0; r < runs; ++r) cut_run(series, {stream, -1, edge(r), edge(r + 1)});
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
        .replace(streams_[s].begin[w], streams_[s].end[w] - streams_[s].begin[w], cut_.no_word);
  }
  return out;
}

}  // namespace refrain::explain
