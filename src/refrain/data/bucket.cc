#include "refrain/data/bucket.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "refrain/base/at.h"
#include "refrain/base/error.h"

namespace refrain::data {
namespace {

constexpr std::size_t kWindow = 32;  // batches that are sorted by length together

using base::at;

std::vector<std::vector<int>> all_batches(Batcher& batcher) {
  std::vector<std::vector<int>> out;
  for (std::span<const int> batch; batcher.next(batch);)
    out.emplace_back(batch.begin(), batch.end());
  return out;
}

}  // namespace

Batcher::Batcher(std::vector<int> lengths, int batch_size)
    : lengths_(std::move(lengths)), batch_size_(at(std::max(batch_size, 1))) {
  if (batch_size < 1) {
    throw Error(Code::kUsage, fmt::format("--batch-size must be at least 1, got {}", batch_size));
  }
  ragged_ =
      std::adjacent_find(lengths_.begin(), lengths_.end(), std::not_equal_to<>()) != lengths_.end();
  order_.resize(lengths_.size());
  rank_.resize(lengths_.size());
  begin_.resize((lengths_.size() + batch_size_ - 1) / batch_size_);
  begin_ordered();
}

void Batcher::restart() {
  std::iota(order_.begin(), order_.end(), 0);
  for (std::size_t b = 0; b < begin_.size(); ++b) begin_[b] = static_cast<int>(b * batch_size_);
  next_ = 0;
}

void Batcher::begin_epoch(base::Rng rng) {
  restart();
  rng.shuffle(order_);
  if (ragged_) {
    for (std::size_t i = 0; i < order_.size(); ++i) rank_[at(order_[i])] = static_cast<int>(i);
    const std::size_t window = kWindow * batch_size_;
    for (std::size_t i = 0; i < order_.size(); i += window) {
      const auto first = order_.begin() + static_cast<std::ptrdiff_t>(i);
      const auto last = first + static_cast<std::ptrdiff_t>(std::min(window, order_.size() - i));
      std::sort(first, last, [this](int a, int b) {  // equal lengths stay shuffled
        const int x = lengths_[at(a)], y = lengths_[at(b)];
        return x != y ? x < y : rank_[at(a)] < rank_[at(b)];
      });
    }
  }
  rng.shuffle(begin_);
}

void Batcher::begin_ordered() {
  restart();
  if (!ragged_) return;
  std::sort(order_.begin(), order_.end(), [this](int a, int b) {
    const int x = lengths_[at(a)], y = lengths_[at(b)];
    return x != y ? x > y : a < b;
  });
}

bool Batcher::next(std::span<const int>& batch) {
  if (next_ == begin_.size()) return false;
  const std::size_t begin = at(begin_[next_++]);
  batch = std::span<const int>(order_).subspan(begin, std::min(batch_size_, order_.size() - begin));
  return true;
}

std::vector<std::vector<int>> bucket_batches(const std::vector<int>& lengths, int batch_size,
                                             base::Rng rng) {
  Batcher batcher(lengths, batch_size);
  batcher.begin_epoch(rng);
  return all_batches(batcher);
}

std::vector<std::vector<int>> ordered_batches(const std::vector<int>& lengths, int batch_size) {
  Batcher batcher(lengths, batch_size);
  return all_batches(batcher);
}

}  // namespace refrain::data
