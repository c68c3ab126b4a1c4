// A sample of a stream of numbers in bounded memory: of all that were added, those `size` whose
// keyed hashes are smallest, so that the same numbers give the same sample in any order of pieces.
// As long as no more were added it holds all of them.
#pragma once

#include <cstdint>
#include <vector>

namespace refrain::inspect {

class Reservoir {
 public:
  struct Entry {
    std::uint64_t key = 0;
    double value = 0;
    std::int64_t number = 0;  // what the value is of, counted from 0
  };

  explicit Reservoir(std::size_t size = 20000) : size_(size) {}

  void add(double value, std::int64_t number);
  // Entries by their numbers.
  std::vector<Entry> entries() const;
  std::vector<double> sorted() const;  // values
  std::int64_t added() const { return added_; }
  bool holds_all() const { return added_ <= static_cast<std::int64_t>(size_); }

 private:
  void shrink();

  std::size_t size_;
  std::int64_t added_ = 0;
  std::uint64_t limit_ = ~std::uint64_t{0};
  std::vector<Entry> entries_;
};

// Of sorted values, linear between them; NaN where there are none.
double quantile(const std::vector<double>& sorted, double share);

// The middle, and 1.4826 times the median distance from it: what a normal's deviation would be.
struct Middle {
  double median = 0, deviation = 0;
};
Middle middle_of(std::vector<double> values);

}  // namespace refrain::inspect
