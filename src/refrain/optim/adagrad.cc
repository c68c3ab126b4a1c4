// Adagrad (Duchi et al. 2011): sum += gradient^2;  x -= lr * gradient / (sqrt(sum) + eps).
#include <cmath>

#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Adagrad : public Optimiser {
 public:
  Adagrad(const OptimSpec& spec, std::size_t count) : Optimiser(count, 1), spec_(spec) {}

  void update(const Update& u) override {
    const real rate = static_cast<real>(u.lr), epsilon = static_cast<real>(spec_.epsilon);
    for (const Range& r : u.ranges) {
      const real* d = u.d + r.begin;
      real *x = u.x + r.begin, *sum = slot(0, r);
      for (std::size_t i = 0; i < r.size(); ++i) {
        sum[i] += d[i] * d[i];
        x[i] -= rate * d[i] / (std::sqrt(sum[i]) + epsilon);
      }
    }
  }

 private:
  OptimSpec spec_;
};

}  // namespace

std::unique_ptr<Optimiser> make_adagrad(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Adagrad>(spec, count);
}

}  // namespace refrain::optim
