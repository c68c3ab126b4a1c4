// RMSprop: square = alpha * square + (1 - alpha) * gradient^2; x -= lr * gradient / (sqrt(square) +
// eps).
#include <cmath>

#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class RmsProp : public Optimiser {
 public:
  RmsProp(const OptimSpec& spec, std::size_t count) : Optimiser(count, 1), spec_(spec) {}

  void update(const Update& u) override {
    const real alpha = static_cast<real>(spec_.alpha), rate = static_cast<real>(u.lr);
    const real epsilon = static_cast<real>(spec_.epsilon);
    for (const Range& r : u.ranges) {
      const real* d = u.d + r.begin;
      real *x = u.x + r.begin, *square = slot(0, r);
      for (std::size_t i = 0; i < r.size(); ++i) {
        square[i] = alpha * square[i] + (1 - alpha) * d[i] * d[i];
        x[i] -= rate * d[i] / (std::sqrt(square[i]) + epsilon);
      }
    }
  }

 private:
  OptimSpec spec_;
};

}  // namespace

std::unique_ptr<Optimiser> make_rmsprop(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<RmsProp>(spec, count);
}

}  // namespace refrain::optim
