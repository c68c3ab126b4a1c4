#include "refrain/forecast/simple/nelder_mead.h"

#include <algorithm>

namespace refrain::forecast {
namespace {

class Simplex {
 public:
  Simplex(const std::function<double(const std::vector<double>&)>& function,
          const BoxSearch& search)
      : function_(function), search_(search) {}

  FoundMinimum minimum(std::vector<double> start) {
    corners_.push_back(corner(std::move(start)));
    const std::vector<double> first = corners_[0].at;
    for (size_t i = 0; i < first.size(); ++i) {
      auto at = first;
      const bool fits = at[i] + search_.step[i] <= search_.high[i];
      at[i] += fits ? search_.step[i] : -search_.step[i];
      corners_.push_back(corner(std::move(at)));
    }
    sort();
    while (used_ < search_.evaluations && worst() - best() > search_.tolerance) advance();
    return corners_[0];
  }

 private:
  FoundMinimum corner(std::vector<double> at) {
    for (size_t i = 0; i < at.size(); ++i)
      at[i] = std::clamp(at[i], search_.low[i], search_.high[i]);
    ++used_;
    const double value = function_(at);
    return {std::move(at), value};
  }

  double best() const { return corners_.front().value; }
  double worst() const { return corners_.back().value; }

  // Stable, so that equal values keep their order on every machine.
  void sort() {
    std::stable_sort(
        corners_.begin(), corners_.end(),
        [](const FoundMinimum& a, const FoundMinimum& b) { return a.value < b.value; });
  }

  // The point on the line from the worst corner through the middle of the others: 1 is its mirror.
  FoundMinimum beyond(double factor) {
    const size_t n = corners_.size() - 1;
    std::vector<double> at(n, 0.0);
    for (size_t c = 0; c < n; ++c) {
      for (size_t i = 0; i < n; ++i) at[i] += corners_[c].at[i] / double(n);
    }
    for (size_t i = 0; i < n; ++i) at[i] += factor * (at[i] - corners_[n].at[i]);
    return corner(std::move(at));
  }

  void advance() {
    FoundMinimum mirror = beyond(1);
    if (mirror.value < best()) {
      FoundMinimum further = beyond(2);
      corners_.back() = further.value < mirror.value ? std::move(further) : std::move(mirror);
    } else if (mirror.value < corners_[corners_.size() - 2].value) {
      corners_.back() = std::move(mirror);
    } else {
      FoundMinimum inner = beyond(mirror.value < worst() ? 0.5 : -0.5);
      if (inner.value < std::min(mirror.value, worst())) {
        corners_.back() = std::move(inner);
      } else {
        shrink();
      }
    }
    sort();
  }

  void shrink() {
    for (size_t c = 1; c < corners_.size(); ++c) {
      auto at = corners_[c].at;
      for (size_t i = 0; i < at.size(); ++i) at[i] = (at[i] + corners_[0].at[i]) / 2;
      corners_[c] = corner(std::move(at));
    }
  }

  const std::function<double(const std::vector<double>&)>& function_;
  const BoxSearch& search_;
  std::vector<FoundMinimum> corners_;
  int used_ = 0;
};

}  // namespace

FoundMinimum nelder_mead(const std::function<double(const std::vector<double>&)>& function,
                         std::vector<double> start, const BoxSearch& search) {
  return Simplex(function, search).minimum(std::move(start));
}

}  // namespace refrain::forecast
