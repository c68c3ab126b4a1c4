// Keyed random numbers. A generator is a key and a counter; its n-th number is a hash of both, so
// that what is drawn depends on what it is for (seed, epoch, sample, operation) and never on the
// order in which threads ask. Forking by name or number gives an independent generator. No global
// state. The hash is SplitMix64's finaliser (Steele, Lea and Flood 2014).
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace refrain::base {

class Rng {
 public:
  explicit Rng(std::uint64_t seed) : key_(mix(seed + kStep)) {}

  Rng fork(std::string_view purpose) const;
  Rng fork(std::uint64_t number) const { return Rng(Key{mix(key_ ^ mix(number + kStep))}); }

  std::uint64_t next() { return mix(key_ + kStep * ++counter_); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  double normal();                           // mean 0, variance 1 (Box and Muller 1958)
  std::pair<double, double> normals();       // two of them, for little more than one
  std::uint64_t below(std::uint64_t bound);  // [0, bound), bound > 0, without bias

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

  std::uint64_t key() const { return key_; }

 private:
  struct Key {
    std::uint64_t value;
  };
  explicit Rng(Key key) : key_(key.value) {}

  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  static std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

}  // namespace refrain::base
