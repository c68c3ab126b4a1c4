// L-BFGS (Liu and Nocedal 1989): the direction -H d from the last ten pairs of moves s and changes
// of the gradient y, then a line search for the weak Wolfe conditions by doubling and bisection
// (Lewis and Overton 2013). Both gradients of a pair are taken within one step, with the same
// dropout masks. A pair without curvature is kept as zeros and has no influence; so the ring of
// pairs needs no count of its own, and a resumed run goes on with the same bits.
#include <algorithm>
#include <array>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

constexpr int kPairs = 10, kTrials = 25;
constexpr double kDecrease = 1e-4, kCurvature = 0.9;
constexpr double kRounding = sizeof(real) == 8 ? 1e-13 : 1e-6;  // of a loss, relative

class Lbfgs : public Optimiser {
 public:
  explicit Lbfgs(std::size_t count)
      : Optimiser(count, 2 * kPairs), way_(count), start_(count), start_d_(count) {}

  bool takes_all() const override { return true; }

  void update(const Update& u) override {
    if (u.evaluate == nullptr) throw Error(Code::kInternal, "lbfgs needs a line search");
    forget(u);
    double slope = find_way(u);
    if (slope == 0) return;  // a minimum
    for_all(u, [&](std::size_t i, std::size_t s) { start_[s] = u.x[i], start_d_[s] = u.d[i]; });
    if (search(u, slope)) remember(u);
  }

 private:
  // Calls f(place in the block of parameters, place in a slot) for all numbers that learn.
  template <class F>
  static void for_all(const Update& u, const F& f) {
    for (const Range& r : u.ranges) {
      for (std::size_t i = 0; i < r.size(); ++i) f(r.begin + i, r.slot() + i);
    }
  }
  static double dot(const Update& u, const real* a, const real* b) {
    double sum = 0;
    for_all(u, [&](std::size_t, std::size_t s) {
      sum += static_cast<double>(a[s]) * static_cast<double>(b[s]);
    });
    return sum;
  }
  static double along_gradient(const Update& u, const real* a) {
    double sum = 0;
    for_all(u, [&](std::size_t i, std::size_t s) {
      sum += static_cast<double>(a[s]) * static_cast<double>(u.d[i]);
    });
    return sum;
  }
  static void add(const Update& u, const real* a, double factor, real* to) {
    const real by = static_cast<real>(factor);
    for_all(u, [&](std::size_t, std::size_t s) { to[s] += by * a[s]; });
  }

  std::size_t place(std::int64_t step) const {
    return static_cast<std::size_t>((step - 1) % kPairs);
  }
  real* move(std::size_t pair) { return slots_[2 * pair].data(); }
  real* change(std::size_t pair) { return slots_[2 * pair + 1].data(); }

  // This step's pair replaces the oldest.
  void forget(const Update& u) {
    real *s = move(place(u.step)), *y = change(place(u.step));
    for_all(u, [&](std::size_t, std::size_t at) { s[at] = y[at] = 0; });
  }

  void remember(const Update& u) {
    real *s = move(place(u.step)), *y = change(place(u.step));
    for_all(u, [&](std::size_t i, std::size_t at) {
      s[at] = u.x[i] - start_[at], y[at] = u.d[i] - start_d_[at];
    });
    if (!(dot(u, s, y) > 1e-10 * dot(u, y, y))) forget(u);
  }

  // way = -H d by the two-loop recursion; returns its slope (0 where d is zero).
  double find_way(const Update& u) {
    double square = 0;
    for_all(u, [&](std::size_t i, std::size_t s) {
      way_[s] = -u.d[i];
      square += static_cast<double>(u.d[i]) * static_cast<double>(u.d[i]);
    });
    if (square == 0) return 0;
    std::array<double, kPairs> share{};
    double scale = 0;
    const auto pairs = std::min<std::int64_t>(u.step - 1, kPairs - 1);
    for (std::int64_t k = 1; k <= pairs; ++k) {  // newest first
      const std::size_t p = place(u.step - k);
      const double curve = dot(u, move(p), change(p));
      if (curve <= 0) continue;
      if (scale == 0) scale = curve / dot(u, change(p), change(p));
      share[p] = dot(u, move(p), way_.data()) / curve;
      add(u, change(p), -share[p], way_.data());
    }
    const real by = static_cast<real>(scale > 0 ? scale : std::min(1.0, 1 / std::sqrt(square)));
    for_all(u, [&](std::size_t, std::size_t s) { way_[s] *= by; });
    for (std::int64_t k = pairs; k >= 1; --k) {
      const std::size_t p = place(u.step - k);
      const double curve = dot(u, move(p), change(p));
      if (curve <= 0) continue;
      add(u, move(p), share[p] - dot(u, change(p), way_.data()) / curve, way_.data());
    }
    const double slope = along_gradient(u, way_.data());
    if (slope < 0) return slope;
    for_all(u, [&](std::size_t i, std::size_t s) {
      way_[s] = -u.d[i];
    });  // rounding has the upper hand
    return -square;
  }

  double loss_at(const Update& u, double length) {
    const real by = static_cast<real>(length);
    for_all(u, [&](std::size_t i, std::size_t s) { u.x[i] = start_[s] + by * way_[s]; });
    return length > 0 ? (*u.evaluate)() : u.loss;
  }

  // Leaves x and d at the end of the step; false where no step lowers the loss: x is then where it
  // was.
  bool search(const Update& u, double slope) {
    const double slack = kRounding * std::abs(u.loss);
    double low = 0, high = 0, length = 1;
    for (int trial = 0; trial < kTrials; ++trial) {
      const double loss = loss_at(u, length);
      if (!(loss <= u.loss + kDecrease * length * slope + slack)) {
        high = length;
      } else if (along_gradient(u, way_.data()) < kCurvature * slope) {
        low = length;
      } else {
        return true;
      }
      length = high > 0 ? (low + high) / 2 : 2 * length;
    }
    loss_at(u, low);
    return low > 0;
  }

  std::vector<real> way_, start_, start_d_;
};

}  // namespace

std::unique_ptr<Optimiser> make_lbfgs(const OptimSpec&, std::size_t count) {
  return std::make_unique<Lbfgs>(count);
}

}  // namespace refrain::optim
