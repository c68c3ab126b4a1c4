// Stochastic gradient descent: velocity = momentum * velocity + gradient; x -= lr * velocity
// (Nesterov: gradient + momentum * velocity instead).
#include "refrain/kernels/elementwise.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Sgd : public Optimiser {
 public:
  Sgd(const OptimSpec& spec, std::size_t count) : Optimiser(count, 1), spec_(spec) {}

  void update(const std::vector<Range>& ranges, std::int64_t, double lr, const real* d,
              real* x) override {
    const real momentum = static_cast<real>(spec_.momentum), rate = static_cast<real>(lr);
    for (const Range& r : ranges) {
      const std::size_t n = r.end - r.begin;
      real* velocity = slots_[0].data() + r.begin;
      kernels::scale(momentum, n, velocity);
      kernels::add(d + r.begin, n, velocity);
      if (spec_.nesterov) {
        kernels::add_scaled(d + r.begin, -rate, n, x + r.begin);
        kernels::add_scaled(velocity, -rate * momentum, n, x + r.begin);
      } else {
        kernels::add_scaled(velocity, -rate, n, x + r.begin);
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
