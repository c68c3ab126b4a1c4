// Adam and AdamW. m, v: running means of the gradient and of its square; both corrected for their
// start at zero. AdamW shrinks the weights by lr * weight_decay apart from the gradient.
#include <cmath>

#include "refrain/kernels/elementwise.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Adam : public Optimiser {
 public:
  Adam(const OptimSpec& spec, std::size_t count, double decay)
      : Optimiser(count, 2), spec_(spec), decay_(decay) {}

  void update(const std::vector<Range>& ranges, std::int64_t step, double lr, const real* d,
              real* x) override {
    const double n = static_cast<double>(step);
    const double first = 1 - std::pow(spec_.beta1, n);
    const double second = std::sqrt(1 - std::pow(spec_.beta2, n));
    for (const Range& r : ranges) {
      kernels::AdamStep s{};
      s.beta1 = static_cast<real>(spec_.beta1);
      s.beta2 = static_cast<real>(spec_.beta2);
      s.rate = static_cast<real>(lr * second / first);
      s.epsilon = static_cast<real>(spec_.epsilon * second);
      s.decay = static_cast<real>(r.decay ? lr * decay_ : 0);
      kernels::adam(s, d + r.begin, r.end - r.begin, slots_[0].data() + r.begin,
                    slots_[1].data() + r.begin, x + r.begin);
    }
  }

 private:
  OptimSpec spec_;
  double decay_;
};

}  // namespace

std::unique_ptr<Optimiser> make_adam(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Adam>(spec, count, 0);
}
std::unique_ptr<Optimiser> make_adamw(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Adam>(spec, count, spec.weight_decay);
}

}  // namespace refrain::optim
