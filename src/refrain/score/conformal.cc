#include "refrain/score/conformal.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>

namespace refrain::score {

double conformal_radius(const std::vector<double>& error, const std::vector<int>& unit,
                        double level) {
  std::map<int, int> size;
  for (const int u : unit) ++size[u];
  const double units = static_cast<double>(size.size());
  std::vector<std::size_t> order(error.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return error[a] < error[b]; });
  constexpr double kRounding = 1e-9;
  double mass = 0;
  for (const std::size_t i : order) {
    mass += 1 / (units + 1) / static_cast<double>(size.at(unit[i]));
    if (mass >= level - kRounding) return error[i];
  }
  return error[order.back()];
}

}  // namespace refrain::score
