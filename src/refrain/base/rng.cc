#include "refrain/base/rng.h"

#include <cmath>
#include <numbers>

namespace refrain::base {

Rng Rng::fork(std::string_view purpose) const {
  std::uint64_t h = 0xcbf29ce484222325ULL;  // FNV-1a over the name
  for (const char c : purpose) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return fork(h);
}

double Rng::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::pair<double, double> Rng::normals() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

std::uint64_t Rng::below(std::uint64_t bound) {
  const std::uint64_t limit = bound * (~std::uint64_t{0} / bound);
  std::uint64_t x = next();
  while (x >= limit) x = next();
  return x % bound;
}

}  // namespace refrain::base
