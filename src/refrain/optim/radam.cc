// RAdam (Liu et al. 2020): Adam whose division by sqrt(v) waits until v is an estimate of enough
// steps, and is then rectified by
//   r(t) = sqrt((p - 4)(p - 2) P / ((P - 4)(P - 2) p)),
//   P = 2 / (1 - beta2) - 1,  p = P - 2 t beta2^t / (1 - beta2^t);  plain momentum while p <= 5.
#include <cmath>

#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Radam : public Optimiser {
 public:
  Radam(const OptimSpec& spec, std::size_t count) : Optimiser(count, 2), spec_(spec) {}

  void update(const Update& u) override {
    const double n = static_cast<double>(u.step);
    const double first = 1 - std::pow(spec_.beta1, n), second = 1 - std::pow(spec_.beta2, n);
    const double trust = rectification(n, second);
    const real beta1 = static_cast<real>(spec_.beta1), beta2 = static_cast<real>(spec_.beta2);
    const real epsilon = static_cast<real>(spec_.epsilon);
    const real plain = static_cast<real>(u.lr / first);
    const real divided = static_cast<real>(u.lr / first * trust * std::sqrt(second));
    for (const Range& r : u.ranges) {
      const real* d = u.d + r.begin;
      real *x = u.x + r.begin, *m = slot(0, r), *v = slot(1, r);
      for (std::size_t i = 0; i < r.size(); ++i) {
        m[i] = beta1 * m[i] + (1 - beta1) * d[i];
        v[i] = beta2 * v[i] + (1 - beta2) * d[i] * d[i];
        x[i] -= trust > 0 ? divided * m[i] / (std::sqrt(v[i]) + epsilon) : plain * m[i];
      }
    }
  }

 private:
  // 0 where v is not to be trusted yet.
  double rectification(double n, double second) const {
    const double most = 2 / (1 - spec_.beta2) - 1;
    const double p = most - 2 * n * (1 - second) / second;
    if (p <= 5) return 0;
    return std::sqrt((p - 4) * (p - 2) * most / ((most - 4) * (most - 2) * p));
  }

  OptimSpec spec_;
};

}  // namespace

std::unique_ptr<Optimiser> make_radam(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Radam>(spec, count);
}

}  // namespace refrain::optim
