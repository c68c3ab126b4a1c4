#include "refrain/method/neighbours.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "refrain/kernels/warping.h"

namespace refrain::method {
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

// Keeps the `most` nearest in order; of equals the earlier series first.
void insert_nearest(const Neighbour& one, std::size_t most, std::vector<Neighbour>& found) {
  const auto nearer = [](const Neighbour& a, const Neighbour& b) {
    return a.distance < b.distance || (a.distance == b.distance && a.index < b.index);
  };
  found.insert(std::upper_bound(found.begin(), found.end(), one, nearer), one);
  if (found.size() > most) found.pop_back();
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

void Neighbours::take_least(std::vector<Bound>& heap, std::vector<Bound>& chosen) {
  chosen.clear();
  while (!heap.empty() && chosen.size() < kLanes) {
    std::pop_heap(heap.begin(), heap.end(), later);
    chosen.push_back(heap.back());
    heap.pop_back();
  }
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
    take_least(heap, chosen);
    distances(query, chosen, best.distance, distance);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      const bool tie =
          distance[k] == best.distance && (best.index < 0 || chosen[k].index < best.index);
      if (distance[k] < best.distance || tie) best = {chosen[k].index, distance[k]};
    }
  }
  return best;
}

std::vector<Neighbour> Neighbours::nearest_of(const Channels& series, int count,
                                              const std::vector<int>& except, float limit) const {
  Query query{step_major(series), {}, {}};
  query.scratch.resize(2 * static_cast<std::size_t>(steps_ + 1) * kLanes);
  auto heap = bounds(query.values, -1);
  std::erase_if(heap, [&](const Bound& bound) {
    return std::find(except.begin(), except.end(), bound.index) != except.end();
  });
  std::make_heap(heap.begin(), heap.end(), later);
  const auto most = static_cast<std::size_t>(count);
  std::vector<Neighbour> found;
  const auto cutoff = [&] {
    return found.size() < most ? limit : std::min(limit, found.back().distance);
  };
  std::vector<Bound> chosen;
  float distance[kLanes];
  while (!heap.empty() && heap.front().low <= cutoff()) {
    take_least(heap, chosen);
    distances(query, chosen, cutoff(), distance);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      insert_nearest({chosen[k].index, distance[k]}, most, found);
    }
  }
  return found;
}

double Neighbours::cells(int window) const {
  const double steps = steps_;
  return static_cast<double>(size_) * steps * channels_ * std::min(2.0 * window + 1, steps);
}

void Neighbours::archive(Archive& file, std::unique_ptr<Neighbours>& neighbours) {
  Channels all;  // the series one behind the other
  int window = 0;
  if (!file.reading()) {
    window = neighbours->window();
    all.steps = neighbours->steps();
    all.channels = neighbours->channels();
    for (int i = 0; i < neighbours->size(); ++i) {
      const auto one = neighbours->at(i);
      all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    }
  }
  file.number("steps", all.steps, 1, 1 << 30);
  file.number("channels", all.channels, 1, 1 << 20);
  file.number("window", window, 0, std::max(0, all.steps - 1));
  file.list("values", all.values);
  if (!file.reading()) return;
  const auto one = static_cast<std::size_t>(all.steps) * static_cast<std::size_t>(all.channels);
  file.require(!all.values.empty() && all.values.size() % one == 0);
  std::vector<Channels> series;
  for (auto v = all.values.begin(); v != all.values.end();) {
    const auto end = v + static_cast<std::ptrdiff_t>(one);
    series.push_back({all.channels, all.steps, {v, end}});
    v = end;
  }
  neighbours = std::make_unique<Neighbours>(series);
  neighbours->set_window(window);
}

void check_cells(double cells) {
  if (cells <= kMostCells) return;
  throw Error(Code::kUnsupported, "too many and too long series to warp in seconds");
}

std::vector<int> left_out_series(int count, double cells_each, base::Rng rng) {
  constexpr double kMostLeftOut = 1000, kFewest = 50;
  std::vector<int> left_out(static_cast<std::size_t>(count));
  std::iota(left_out.begin(), left_out.end(), 0);
  const double affordable = std::min(kMostLeftOut, kMostCells / cells_each);
  if (affordable < count) {
    check_cells(cells_each * kFewest);
    rng.shuffle(left_out);
    left_out.resize(static_cast<std::size_t>(affordable));
  }
  return left_out;
}

}  // namespace refrain::method
