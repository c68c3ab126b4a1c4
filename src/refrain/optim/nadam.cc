// NAdam (Dozat 2016), as PyTorch has it: Adam whose step takes the momentum that the next one will
// have. m, v as in Adam;  mu(t) = beta1 (1 - 0.96^(0.004 t) / 2);  M(t) = mu(1) ... mu(t);
//   x -= lr / (sqrt(v / (1 - beta2^t)) + eps)
//        ((1 - mu(t)) / (1 - M(t)) d + mu(t + 1) / (1 - M(t + 1)) m)
#include <cmath>

#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Nadam : public Optimiser {
 public:
  Nadam(const OptimSpec& spec, std::size_t count) : Optimiser(count, 2), spec_(spec) {}

  void update(const Update& u) override {
    const double product = mu_product(u.step), next = mu(u.step + 1);
    const double correction = 1 - std::pow(spec_.beta2, static_cast<double>(u.step));
    const real beta1 = static_cast<real>(spec_.beta1), beta2 = static_cast<real>(spec_.beta2);
    const real of_d = static_cast<real>(u.lr * (1 - mu(u.step)) / (1 - product));
    const real of_m = static_cast<real>(u.lr * next / (1 - product * next));
    const real root = static_cast<real>(1 / std::sqrt(correction));
    const real epsilon = static_cast<real>(spec_.epsilon);
    for (const Range& r : u.ranges) {
      const real* d = u.d + r.begin;
      real *x = u.x + r.begin, *m = slot(0, r), *v = slot(1, r);
      for (std::size_t i = 0; i < r.size(); ++i) {
        m[i] = beta1 * m[i] + (1 - beta1) * d[i];
        v[i] = beta2 * v[i] + (1 - beta2) * d[i] * d[i];
        x[i] -= (of_d * d[i] + of_m * m[i]) / (std::sqrt(v[i]) * root + epsilon);
      }
    }
  }

 private:
  double mu(std::int64_t step) const {
    return spec_.beta1 * (1 - 0.5 * std::pow(0.96, 0.004 * static_cast<double>(step)));
  }

  // Multiplies the same factors in the same order, so that a resumed run gives the same bits.
  double mu_product(std::int64_t step) {
    if (step <= steps_) steps_ = 0, product_ = 1;
    while (steps_ < step) product_ *= mu(++steps_);
    return product_;
  }

  OptimSpec spec_;
  std::int64_t steps_ = 0;  // factors in the product
  double product_ = 1;
};

}  // namespace

std::unique_ptr<Optimiser> make_nadam(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Nadam>(spec, count);
}

}  // namespace refrain::optim
