#include "refrain/inspect/reservoir.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/base/rng.h"

namespace refrain::inspect {

void Reservoir::add(double value, std::int64_t number) {
  ++added_;
  const std::uint64_t key = base::Rng(7).fork(static_cast<std::uint64_t>(number)).key();
  if (key > limit_) return;
  entries_.push_back({key, value, number});
  if (entries_.size() >= 2 * size_) shrink();
}

void Reservoir::shrink() {
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(size_);
  std::nth_element(entries_.begin(), end - 1, entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.key < b.key; });
  limit_ = (end - 1)->key;
  entries_.erase(end, entries_.end());
}

std::vector<Reservoir::Entry> Reservoir::entries() const {
  Reservoir whole = *this;
  if (whole.entries_.size() > size_) whole.shrink();
  auto out = std::move(whole.entries_);
  std::sort(out.begin(), out.end(),
            [](const Entry& a, const Entry& b) { return a.number < b.number; });
  return out;
}

std::vector<double> Reservoir::sorted() const {
  std::vector<double> out;
  for (const auto& entry : entries()) out.push_back(entry.value);
  std::sort(out.begin(), out.end());
  return out;
}

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

Middle middle_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  Middle out{quantile(values, 0.5), 0};
  for (double& v : values) v = std::abs(v - out.median);
  std::sort(values.begin(), values.end());
  out.deviation = 1.4826 * quantile(values, 0.5);
  return out;
}

}  // namespace refrain::inspect
