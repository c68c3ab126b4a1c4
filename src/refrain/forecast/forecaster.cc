#include "refrain/forecast/forecaster.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/forecast/simple/season.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

using base::at;

constexpr double kLargest = 1e300;
constexpr std::size_t kSearches = 100;  // of a slow method for one series

// True if the networks' quantiles tell the spread. Networks that read their own forecasts know only
// the errors of single steps.
bool tells_spread(const Forecaster& f) {
  return std::all_of(f.networks.begin(), f.networks.end(), [](const auto& network) {
    const NetworkForm& form = network->form();
    return heads().at(form.head).tells_spread && !form.rolls();
  });
}

void add_networks(const Forecaster& f, const data::Histories& h, const std::vector<Origin>& origins,
                  int threads, Voices& out) {
  const std::size_t H = at(f.plan.horizon), Q = f.plan.quantiles.size();
  const auto median = static_cast<std::size_t>(
      std::find(f.plan.quantiles.begin(), f.plan.quantiles.end(), 0.5) - f.plan.quantiles.begin());
  out.network.assign(origins.size(), std::vector<double>(H));
  const bool spread = tells_spread(f);
  if (spread) out.distances.assign(origins.size(), std::vector<double>(H * Q));
  const auto share = 1 / static_cast<double>(f.networks.size());
  for (const auto& network : f.networks) {
    const Windows windows(h, network->form().window, f.covariates);
    const auto said = predict(*network, windows, origins, threads);
    for (std::size_t i = 0; i < origins.size(); ++i) {
      for (std::size_t s = 0; s < H; ++s) {
        const double* q = said[i].data() + s * Q;
        const double middle = std::clamp(q[median], -kLargest, kLargest);
        out.network[i][s] += share * middle;
        for (std::size_t k = 0; spread && k < Q; ++k) {
          const bool logs = f.quantiles.logs && q[k] > 0 && middle > 0;
          const double gap = logs ? std::log(q[k] / middle) : q[k] - middle;
          const double away = std::min(std::fabs(gap), kLargest);
          out.distances[i][s * Q + k] += share * away;
        }
      }
    }
  }
}

// Origins first <= i < end that one search of a slow method is for.
struct OriginBlock {
  std::size_t first = 0, end = 0;
};

// One each; of a series with very many, neighbours together, so that each series is searched about
// kSearches times.
std::vector<OriginBlock> blocks_of(const std::vector<Origin>& origins, bool together) {
  std::vector<OriginBlock> out;
  for (std::size_t first = 0; first < origins.size();) {
    std::size_t end = first + 1;
    while (together && end < origins.size() && origins[end].series == origins[first].series &&
           origins[end].at > origins[end - 1].at) {
      ++end;
    }
    const std::size_t count = end - first, size = count <= 2 * kSearches ? 1 : count / kSearches;
    for (; first < end; first += size) out.push_back({first, std::min(end, first + size)});
    first = end;
  }
  return out;
}

}  // namespace

std::size_t Forecaster::parameter_count() const {
  std::size_t sum = 0;
  for (const auto& network : networks) sum += network->params().parameter_count();
  return sum;
}

double error_unit(const data::History& h, int origin, int season) {
  const auto past = past_of(h, origin);
  const double error = seasonal_naive_error(past, season);
  if (error > 0) return error;
  double size = 0;
  for (const double x : past) size += std::fabs(x) / static_cast<double>(past.size());
  return size > 0 && std::isfinite(size) ? size : 1;
}

std::vector<std::vector<double>> simple_forecasts(const std::string& method, const Plan& plan,
                                                  const SharedFits& shared,
                                                  const data::Histories& h,
                                                  const std::vector<Origin>& origins, int threads) {
  const SimpleMethod& m = simple_methods().at(method);
  const auto learned = shared.find(method);
  const Wanted wanted{plan.horizon, plan.seasons};
  std::vector<std::vector<double>> out(origins.size());
  const auto alone = [&](std::size_t i) {
    const Origin& o = origins[i];
    const auto past = past_of(h.series[at(o.series)], o.at);
    out[i] = learned == shared.end() ? m.forecast(past, wanted)
                                     : m.forecast_learned(past, wanted, learned->second);
  };
  const auto blocks = blocks_of(origins, m.along != nullptr);
  const auto work = [&](int b) {
    const auto [first, end] = blocks[at(b)];
    if (end - first == 1) return alone(first);
    std::vector<std::size_t> places;
    for (std::size_t i = first; i < end; ++i) places.push_back(at(origins[i].at));
    const auto past = past_of(h.series[at(origins[first].series)], origins[end - 1].at);
    auto said = m.along(past, places, wanted);
    std::move(said.begin(), said.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
  };
  base::parallel_for(static_cast<int>(blocks.size()), threads, work);
  return out;
}

Voices listen(const Forecaster& f, const data::Histories& h, const std::vector<Origin>& origins,
              int threads) {
  Voices out;
  if (!f.networks.empty()) add_networks(f, h, origins, threads, out);
  for (const auto& name : f.simple) {
    out.simple.push_back(simple_forecasts(name, f.plan, f.shared, h, origins, threads));
  }
  return out;
}

std::vector<std::vector<double>> mean_of(const Forecaster& f, const Voices& v) {
  const std::size_t n = v.network.empty() ? v.simple.front().size() : v.network.size();
  std::vector<std::vector<double>> out(n, std::vector<double>(at(f.plan.horizon)));
  const auto add = [&](const std::vector<std::vector<double>>& said, double weight) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t s = 0; s < out[i].size(); ++s) out[i][s] += weight * said[i][s];
    }
  };
  std::size_t k = 0;
  if (!v.network.empty()) add(v.network, f.weights[k++]);
  for (const auto& said : v.simple) add(said, f.weights[k++]);
  return out;
}

Forecast forecast(const Forecaster& f, const data::Histories& h, const std::vector<Origin>& origins,
                  int threads) {
  const Voices voices = listen(f, h, origins, threads);
  Forecast out;
  out.point = mean_of(f, voices);
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const Origin& o = origins[i];
    const double unit = error_unit(h.series[at(o.series)], o.at, f.plan.season());
    const auto distances = voices.distances.empty() ? std::vector<double>() : voices.distances[i];
    out.quantiles.push_back(
        quantiles_of(f.quantiles, {out.point[i], distances, unit, {}, o.series}));
  }
  return out;
}

void require_alike(const Forecaster& f, const data::Histories& h) {
  if (h.calendar.unit != f.calendar.unit || h.calendar.every != f.calendar.every) {
    throw Error(Code::kData,
                fmt::format("{}: its steps are {}, the model learned {}", h.path, h.calendar.name(),
                            f.calendar.name()),
                "give histories with the steps of the training data");
  }
  const auto require = [&](const auto& have, const auto& need, const char* kind) {
    if (have == need) return;
    throw Error(Code::kData,
                fmt::format("{}: the covariates that are {} are not those of the training data",
                            h.path, kind),
                "give the columns of the training data, in their order");
  };
  require(h.known, f.known, "known for the future");
  require(h.past, f.past, "known up to now");
  require(h.fixed, f.fixed, "of whole series");
}

}  // namespace refrain::forecast
