// Adam and AdamW. m, v: running means of the gradient and of its square; both corrected for their
// start at zero. AdamW shrinks the weights by lr * weight_decay apart from the gradient.
#include <cmath>

#include "refrain/kernels/elementwise.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Adam : public Optimiser {
 public:
  Adam(const OptimSpec& spec, std::size_t count, bool decays)
      : Optimiser(count, 2), spec_(spec), decays_(decays) {}

  bool decays() const override { return decays_; }

  void update(const Update& u) override {
    const double n = static_cast<double>(u.step);
    const double first = 1 - std::pow(spec_.beta1, n);
    const double second = std::sqrt(1 - std::pow(spec_.beta2, n));
    for (const Range& r : u.ranges) {
      kernels::AdamStep s{};
      s.beta1 = static_cast<real>(spec_.beta1);
      s.beta2 = static_cast<real>(spec_.beta2);
      s.rate = static_cast<real>(u.lr * second / first);
      s.epsilon = static_cast<real>(spec_.epsilon * second);
      s.decay = static_cast<real>(decays_ ? u.lr * r.decay : 0);
      kernels::adam(s, u.d + r.begin, r.size(), slot(0, r), slot(1, r), u.x + r.begin);
    }
  }

 private:
  OptimSpec spec_;
  bool decays_;
};

}  // namespace

std::unique_ptr<Optimiser> make_adam(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Adam>(spec, count, false);
}
std::unique_ptr<Optimiser> make_adamw(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Adam>(spec, count, true);
}

}  // namespace refrain::optim
