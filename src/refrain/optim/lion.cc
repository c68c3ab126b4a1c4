// Lion (Chen et al. 2023): every weight moves by lr, towards the sign of a momentum:
//   x -= lr (sign(beta1 m + (1 - beta1) d) + decay x);  m = beta2 m + (1 - beta2) d
// Its authors take beta2 = 0.99 and a learning rate 3 to 10 times smaller than Adam's.
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Lion : public Optimiser {
 public:
  Lion(const OptimSpec& spec, std::size_t count) : Optimiser(count, 1), spec_(spec) {}

  bool decays() const override { return true; }

  void update(const Update& u) override {
    const real beta1 = static_cast<real>(spec_.beta1), beta2 = static_cast<real>(spec_.beta2);
    const real rate = static_cast<real>(u.lr);
    for (const Range& r : u.ranges) {
      const real keep = static_cast<real>(1 - u.lr * r.decay);
      const real* d = u.d + r.begin;
      real *x = u.x + r.begin, *m = slot(0, r);
      for (std::size_t i = 0; i < r.size(); ++i) {
        const real way = beta1 * m[i] + (1 - beta1) * d[i];
        x[i] = keep * x[i] - (way > 0 ? rate : way < 0 ? -rate : real{0});
        m[i] = beta2 * m[i] + (1 - beta2) * d[i];
      }
    }
  }

 private:
  OptimSpec spec_;
};

}  // namespace

std::unique_ptr<Optimiser> make_lion(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Lion>(spec, count);
}

}  // namespace refrain::optim
