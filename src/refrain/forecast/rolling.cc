#include "refrain/forecast/rolling.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"

namespace refrain::forecast {
namespace {

using base::at;
using data::History;

constexpr std::size_t kRolledTogether = 32;  // copies of histories that are held at a time

// Returns the values before the origin and the known covariates of the `steps` after it; the rest
// is missing.
History before_origin(const data::Histories& all, const Origin& o, int steps) {
  const History& h = all.series[at(o.series)];
  const std::size_t end = at(o.at + steps);
  History out;
  out.id = h.id;
  out.start = h.start;
  out.value.assign(h.value.begin(), h.value.begin() + o.at);
  out.known = h.known;
  out.known.resize(end * all.known.size(), std::nan(""));
  const auto past = static_cast<std::ptrdiff_t>(at(o.at) * all.past.size());
  out.past.assign(h.past.begin(), h.past.begin() + past);
  out.past.resize(end * all.past.size(), std::nan(""));
  out.fixed = h.fixed;
  return out;
}

}  // namespace

std::vector<std::vector<double>> predict_rolling(const ForecastNetwork& network,
                                                 const Windows& windows,
                                                 const std::vector<Origin>& origins, int threads) {
  const NetworkForm& form = network.form();
  const data::Histories& all = windows.histories();
  const std::size_t Q = form.quantiles.size(), wanted = at(form.steps());
  std::vector<std::vector<double>> out(origins.size());
  const auto work = [&](int part) {
    const std::size_t first = at(part) * kRolledTogether;
    const std::size_t end = std::min(origins.size(), first + kRolledTogether);
    data::Histories own;
    own.calendar = all.calendar;
    own.known = all.known;
    own.past = all.past;
    own.fixed = all.fixed;
    std::vector<Origin> at_end;
    for (std::size_t i = first; i < end; ++i) {
      own.series.push_back(before_origin(all, origins[i], form.steps()));
      at_end.push_back({static_cast<int>(i - first), origins[i].at});
    }
    for (std::size_t done = 0; done < wanted; done += at(form.window.horizon)) {
      const Windows so_far(own, form.window, windows.covariates());
      const auto said = say(network, so_far, at_end);
      const std::size_t taken = std::min(wanted - done, at(form.window.horizon));
      for (std::size_t i = 0; i < said.size(); ++i) {
        const auto& q = said[i].quantiles;
        const auto& middle = said[i].middle;
        auto& value = own.series[i].value;
        out[first + i].insert(out[first + i].end(), q.begin(),
                              q.begin() + static_cast<std::ptrdiff_t>(taken * Q));
        value.insert(value.end(), middle.begin(),
                     middle.begin() + static_cast<std::ptrdiff_t>(taken));
        at_end[i].at += static_cast<int>(taken);
      }
    }
  };
  const std::size_t parts = (origins.size() + kRolledTogether - 1) / kRolledTogether;
  base::parallel_for(static_cast<int>(parts), threads, work);
  return out;
}

}  // namespace refrain::forecast
