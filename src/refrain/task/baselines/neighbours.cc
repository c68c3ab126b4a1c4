#include "refrain/task/baselines/neighbours.h"

#include <algorithm>
#include <limits>

#include "refrain/kernels/warping.h"

namespace refrain::task {
namespace {

constexpr int kLanes = kernels::kWarpingLanes;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// [T,C]
std::vector<float> step_major(const Channels& series) {
  std::vector<float> out;
  out.reserve(series.values.size());
  for (int t = 0; t < series.steps; ++t) {
    for (int c = 0; c < series.channels; ++c) out.push_back(series[c][t]);
  }
  return out;
}

// out[t] = the best of x within `window` steps of t, where values are `stride` apart.
template <class Better>
void extremes(const float* x, int steps, int stride, int window, Better better, float* out) {
  std::vector<int> queue;  // places whose values get worse; the front is the best of the window
  std::size_t front = 0;
  int next = 0;
  for (int t = 0; t < steps; ++t) {
    for (; next < steps && next <= t + window; ++next) {
      while (queue.size() > front && !better(x[queue.back() * stride], x[next * stride])) {
        queue.pop_back();
      }
      queue.push_back(next);
    }
    while (queue[front] < t - window) ++front;
    out[t * stride] = x[queue[front] * stride];
  }
}

}  // namespace

Neighbours::Neighbours(const std::vector<Channels>& series)
    : size_(static_cast<int>(series.size())),
      steps_(series.front().steps),
      channels_(series.front().channels) {
  const auto row = static_cast<std::size_t>(steps_) * static_cast<std::size_t>(channels_);
  const auto blocks = static_cast<std::size_t>((size_ + kLanes - 1) / kLanes);
  blocks_.resize(blocks * row * kLanes);
  for (int i = 0; i < size_; ++i) {
    const auto values = step_major(series[static_cast<std::size_t>(i)]);
    float* block = blocks_.data() + static_cast<std::size_t>(i / kLanes) * row * kLanes;
    for (std::size_t k = 0; k < row; ++k) {
      block[k * kLanes + static_cast<std::size_t>(i % kLanes)] = values[k];
    }
  }
  set_window(0);
}

Channels Neighbours::at(int i) const {
  const auto row = static_cast<std::size_t>(steps_) * static_cast<std::size_t>(channels_);
  const float* block = blocks_.data() + static_cast<std::size_t>(i / kLanes) * row * kLanes;
  Channels out{channels_, steps_, std::vector<float>(row)};
  for (int t = 0; t < steps_; ++t) {
    for (int c = 0; c < channels_; ++c) {
      out[c][t] = block[(static_cast<std::ptrdiff_t>(t) * channels_ + c) * kLanes + i % kLanes];
    }
  }
  return out;
}

void Neighbours::set_window(int window) {
  window_ = std::clamp(window, 0, steps_ - 1);
  low_ = high_ = blocks_;
  if (window_ == 0) return;
  const std::ptrdiff_t block =
      static_cast<std::ptrdiff_t>(steps_) * channels_ * static_cast<std::ptrdiff_t>(kLanes);
  const int stride = channels_ * kLanes;
  for (int i = 0; i < size_; ++i) {
    for (int c = 0; c < channels_; ++c) {
      const std::ptrdiff_t at = (i / kLanes) * block + c * kLanes + i % kLanes;
      const auto below = [](float a, float b) { return a < b; };
      const auto above = [](float a, float b) { return a > b; };
      extremes(blocks_.data() + at, steps_, stride, window_, below, low_.data() + at);
      extremes(blocks_.data() + at, steps_, stride, window_, above, high_.data() + at);
    }
  }
}

// The order of a heap whose front is the least bound; ties go to the earlier series.
bool Neighbours::later(const Bound& a, const Bound& b) {
  return a.low > b.low || (a.low == b.low && a.index > b.index);
}

std::vector<Neighbours::Bound> Neighbours::bounds(const std::vector<float>& query,
                                                  int except) const {
  std::vector<Bound> out;
  out.reserve(static_cast<std::size_t>(size_));
  float bound[kLanes];
  for (int begin = 0; begin < size_; begin += kLanes) {
    const std::size_t at = static_cast<std::size_t>(begin) * query.size();
    kernels::warping_lower_bounds(query.data(), {low_.data() + at, high_.data() + at}, query.size(),
                                  bound);
    for (int k = 0; k < std::min(kLanes, size_ - begin); ++k) {
      if (begin + k != except) out.push_back({bound[k], begin + k});
    }
  }
  std::make_heap(out.begin(), out.end(), later);
  return out;
}

// The chosen series, up to 16, side by side; the last one fills the lanes that are left.
void Neighbours::gather(const std::vector<Bound>& chosen, std::vector<float>& block) const {
  const auto row = static_cast<std::size_t>(steps_) * static_cast<std::size_t>(channels_);
  block.resize(row * kLanes);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const int i = chosen[std::min(lane, chosen.size() - 1)].index;
    const float* from = blocks_.data() + static_cast<std::size_t>(i / kLanes) * row * kLanes +
                        static_cast<std::size_t>(i % kLanes);
    float* to = block.data() + lane;
    for (std::size_t k = 0; k < row; ++k) to[k * kLanes] = from[k * kLanes];
  }
}

void Neighbours::distances(Query& query, const std::vector<Bound>& chosen, float cutoff,
                           float* distance) const {
  if (window_ == 0) {  // the bounds are the distances
    for (std::size_t k = 0; k < chosen.size(); ++k) distance[k] = chosen[k].low;
    return;
  }
  gather(chosen, query.block);
  kernels::warping_distances({query.values.data(), query.block.data(), steps_, channels_, window_,
                              cutoff, query.scratch.data()},
                             distance);
}

Neighbour Neighbours::nearest(const Channels& series, int except, const Neighbour& known) const {
  Query query{step_major(series), {}, {}};
  query.scratch.resize(2 * static_cast<std::size_t>(steps_ + 1) * kLanes);
  auto heap = bounds(query.values, except);
  Neighbour best = known;
  if (best.index < 0) best.distance = kInfinity;
  std::vector<Bound> chosen;
  float distance[kLanes];
  while (!heap.empty() && heap.front().low <= best.distance) {
    chosen.clear();
    while (!heap.empty() && chosen.size() < kLanes) {
      std::pop_heap(heap.begin(), heap.end(), later);
      chosen.push_back(heap.back());
      heap.pop_back();
    }
    distances(query, chosen, best.distance, distance);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      const bool tie =
          distance[k] == best.distance && (best.index < 0 || chosen[k].index < best.index);
      if (distance[k] < best.distance || tie) best = {chosen[k].index, distance[k]};
    }
  }
  return best;
}

}  // namespace refrain::task
