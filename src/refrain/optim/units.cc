#include "refrain/optim/units.h"

#include <algorithm>
#include <cmath>

namespace refrain::optim {
namespace {

constexpr double kLeastNorm = 1e-3;  // values that start at zero must be able to leave it

// How a parameter's numbers belong to its units.
struct Layout {
  std::size_t rows, columns;
  bool by_row;
  std::size_t units() const { return by_row ? rows : columns; }
};

Layout layout_of(const nn::Param& p) {
  const std::size_t count = p.shape.count();
  if (!p.weight) return {1, count, true};
  const auto columns = static_cast<std::size_t>(p.shape[p.shape.rank() - 1]);
  return {count / columns, columns, p.start == nn::Start::kSmallNormal};
}

// f(number, its place in the parameter, its unit)
template <class F>
void for_numbers(const Layout& at, const F& f) {
  for (std::size_t r = 0; r < at.rows; ++r) {
    for (std::size_t c = 0; c < at.columns; ++c) f(r * at.columns + c, at.by_row ? r : c);
  }
}

void norms_of(const Layout& at, const real* x, std::vector<double>& norms) {
  std::fill_n(norms.begin(), at.units(), 0.0);
  for_numbers(at, [&](std::size_t i, std::size_t unit) {
    norms[unit] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  });
  for (std::size_t u = 0; u < at.units(); ++u) norms[u] = std::sqrt(norms[u]);
}

// Scales the units whose norm is above its limit; limits become factors. True where there was one.
bool scale_down(const Layout& at, const std::vector<double>& norms, std::vector<double>& limits,
                real* x) {
  bool any = false;
  for (std::size_t u = 0; u < at.units(); ++u) {
    const bool above = norms[u] > limits[u];
    limits[u] = above ? limits[u] / norms[u] : 1;
    any = any || above;
  }
  if (!any) return false;
  for_numbers(at,
              [&](std::size_t i, std::size_t unit) { x[i] *= static_cast<real>(limits[unit]); });
  return true;
}

}  // namespace

Units::Units(const nn::ParamSet& params) {
  std::size_t most = 1;
  for (const auto& p : params.params()) most = std::max(most, layout_of(p).units());
  norms_.resize(most);
  others_.resize(most);
}

bool Units::clip_adaptive(double ratio, const nn::ParamSet& params, real* d) {
  if (ratio <= 0) return false;
  bool any = false;
  for (const auto& p : params.params()) {
    if (p.frozen) continue;
    const Layout at = layout_of(p);
    norms_of(at, params.values().data() + p.offset, others_);
    norms_of(at, d + p.offset, norms_);
    for (std::size_t u = 0; u < at.units(); ++u)
      others_[u] = ratio * std::max(others_[u], kLeastNorm);
    any = scale_down(at, norms_, others_, d + p.offset) || any;
  }
  return any;
}

void Units::limit_norms(double most, nn::ParamSet& params) {
  if (most <= 0) return;
  for (const auto& p : params.params()) {
    if (p.frozen || !p.weight) continue;
    const Layout at = layout_of(p);
    real* x = params.values().data() + p.offset;
    norms_of(at, x, norms_);
    std::fill_n(others_.begin(), at.units(), most);
    scale_down(at, norms_, others_, x);
  }
}

}  // namespace refrain::optim
