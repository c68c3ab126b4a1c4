// Stochastic gradient descent: velocity = momentum * velocity + gradient; x -= lr * velocity
// (Nesterov: gradient + momentum * velocity instead).
#include "refrain/kernels/elementwise.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Sgd : public Optimiser {
 public:
  Sgd(const OptimSpec& spec, std::size_t count) : Optimiser(count, 1), spec_(spec) {}

  void update(const Update& u) override {
    const real momentum = static_cast<real>(spec_.momentum), rate = static_cast<real>(u.lr);
    for (const Range& r : u.ranges) {
      const std::size_t n = r.size();
      real* velocity = slot(0, r);
      kernels::scale(momentum, n, velocity);
      kernels::add(u.d + r.begin, n, velocity);
      if (spec_.nesterov) {
        kernels::add_scaled(u.d + r.begin, -rate, n, u.x + r.begin);
        kernels::add_scaled(velocity, -rate * momentum, n, u.x + r.begin);
      } else {
        kernels::add_scaled(velocity, -rate, n, u.x + r.begin);
      }
    }
  }

 private:
  OptimSpec spec_;
};

}  // namespace

std::unique_ptr<Optimiser> make_sgd(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Sgd>(spec, count);
}

}  // namespace refrain::optim
