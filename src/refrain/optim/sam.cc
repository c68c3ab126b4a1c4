// Sharpness-aware minimisation (Foret et al. 2021): the gradient is taken at x + rho d / |d|, the
// worst place within rho to first order, and another optimiser steps with it from x. Its state is
// that optimiser's.
#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {
namespace {

class Sam : public Optimiser {
 public:
  Sam(const OptimSpec& spec, std::size_t count)
      : Optimiser(0, 0),
        rho_(spec.sam_rho),
        base_(optimisers().at(spec.sam_base)(spec, count)),
        start_(count) {}

  bool decays() const override { return base_->decays(); }
  std::vector<std::vector<real>>& slots() override { return base_->slots(); }

  void update(const Update& u) override {
    if (u.evaluate == nullptr) throw Error(Code::kInternal, "sam needs a second gradient");
    double square = 0;
    for (const Range& r : u.ranges) {
      square += kernels::sum_of_squares(u.d + r.begin, r.size());
    }
    if (square > 0) {
      const real by = static_cast<real>(rho_ / std::sqrt(square));
      for (const Range& r : u.ranges) {
        std::copy(u.x + r.begin, u.x + r.end,
                  start_.begin() + static_cast<std::ptrdiff_t>(r.slot()));
        kernels::add_scaled(u.d + r.begin, by, r.size(), u.x + r.begin);
      }
      (*u.evaluate)();
      for (const Range& r : u.ranges) {
        std::copy_n(start_.data() + r.slot(), r.size(), u.x + r.begin);
      }
    }
    base_->update(u);
  }

 private:
  double rho_;
  std::unique_ptr<Optimiser> base_;
  std::vector<real> start_;  // values, while x stands elsewhere
};

}  // namespace

std::unique_ptr<Optimiser> make_sam(const OptimSpec& spec, std::size_t count) {
  return std::make_unique<Sam>(spec, count);
}

}  // namespace refrain::optim
