#include "refrain/explain/forecast_question.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::explain {
namespace {

constexpr std::size_t kHistoriesAtOnce = 64;
constexpr int kSeasonsRead = 2, kHorizonsRead = 2, kLeastRead = 12;

data::Histories like(const data::Histories& h) {
  data::Histories out;
  out.path = h.path;
  out.calendar = h.calendar;
  out.known = h.known;
  out.past = h.past;
  out.fixed = h.fixed;
  return out;
}

}  // namespace

int window_read(const forecast::Forecaster& model, std::size_t steps) {
  int window = std::max({kLeastRead, kSeasonsRead * model.plan.season(),
                         kHorizonsRead * model.plan.horizon, model.plan.window});
  for (const auto& network : model.networks) {
    window = std::max(window, network->form().window.window);
  }
  return std::min(window, static_cast<int>(steps));
}

ForecastQuestion::ForecastQuestion(const forecast::Forecaster& model,
                                   const data::Histories& histories, int series, int window,
                                   int threads)
    : model_(model), histories_(histories), series_(series), window_(window), threads_(threads) {}

const data::History& ForecastQuestion::history() const {
  return histories_.series[static_cast<std::size_t>(series_)];
}

int ForecastQuestion::ahead() const {
  if (histories_.known.empty()) return 0;
  const auto rows = history().known.size() / histories_.known.size();
  return std::min(model_.plan.horizon, static_cast<int>(rows - history().steps()));
}

data::Sample ForecastQuestion::sample() const {
  const std::size_t K = histories_.known.size(), P = histories_.past.size();
  const std::size_t T = history().steps();
  data::Series series{window_ + ahead(), static_cast<int>(1 + K + P), {}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(series.steps); ++i) {
    const std::size_t t = T - static_cast<std::size_t>(window_) + i;
    series.values.push_back(t < T ? static_cast<float>(history().value[t]) : NAN);
    for (std::size_t k = 0; k < K; ++k) {
      series.values.push_back(static_cast<float>(history().known[t * K + k]));
    }
    for (std::size_t k = 0; k < P; ++k) {
      series.values.push_back(t < T ? static_cast<float>(history().past[t * P + k]) : NAN);
    }
  }
  data::Sample out;
  out.id = history().id;
  out.streams.emplace_back(std::move(series));
  return out;
}

std::vector<std::string> ForecastQuestion::channels() const {
  std::vector<std::string> out = {"value"};
  out.insert(out.end(), histories_.known.begin(), histories_.known.end());
  out.insert(out.end(), histories_.past.begin(), histories_.past.end());
  return out;
}

std::vector<std::string> ForecastQuestion::times() const {
  std::vector<std::string> out;
  const auto first = static_cast<std::int64_t>(history().steps()) - window_;
  for (int i = 0; i < window_ + ahead(); ++i) {
    out.push_back(histories_.calendar.stamp(history().start, first + i));
  }
  return out;
}

// The history with the values of a changed sample; those that did not change keep all their digits.
data::History ForecastQuestion::changed(const data::Sample& sample) const {
  const auto& series = std::get<data::Series>(sample.streams.front());
  const std::size_t K = histories_.known.size(), P = histories_.past.size(), C = 1 + K + P;
  data::History out = history();
  const std::size_t T = out.steps(), first = T - static_cast<std::size_t>(window_);
  const auto put = [](double& to, float value) {
    if (static_cast<float>(to) != value && std::isfinite(value)) to = static_cast<double>(value);
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(series.steps); ++i) {
    const float* row = series.values.data() + i * C;
    const std::size_t t = first + i;
    for (std::size_t k = 0; k < K; ++k) put(out.known[t * K + k], row[1 + k]);
    if (t >= T) continue;
    put(out.value[t], row[0]);
    for (std::size_t k = 0; k < P; ++k) put(out.past[t * P + k], row[1 + K + k]);
  }
  return out;
}

std::vector<double> ForecastQuestion::values(std::vector<data::Sample> samples, int column) const {
  std::vector<double> out;
  for (std::size_t from = 0; from < samples.size(); from += kHistoriesAtOnce) {
    data::Histories some = like(histories_);
    std::vector<forecast::Origin> origins;
    for (std::size_t i = from; i < std::min(samples.size(), from + kHistoriesAtOnce); ++i) {
      some.series.push_back(changed(samples[i]));
      origins.push_back(
          {static_cast<int>(origins.size()), static_cast<int>(some.series.back().steps())});
    }
    const auto voices = forecast::listen(model_, some, origins, threads_);
    for (const auto& steps : forecast::mean_of(model_, voices)) {
      const double sum = std::accumulate(steps.begin(), steps.end(), 0.0);
      out.push_back(column > 0 ? steps[static_cast<std::size_t>(column - 1)]
                               : sum / static_cast<double>(steps.size()));
    }
  }
  return out;
}

std::vector<double> ForecastQuestion::forecast() const {
  const std::vector<forecast::Origin> end = {{series_, static_cast<int>(history().steps())}};
  return forecast::mean_of(model_, forecast::listen(model_, histories_, end, threads_)).front();
}

}  // namespace refrain::explain
