// The mean of the k nearest training series under dynamic time warping. k, the window and whether
// the series are compared as they are or each brought to mean 0 and deviation 1 are those of the
// least square error by leave-one-out on the training part, of equals the smaller ones; samples
// that belong together (data/units.h) are left out together. Each channel is first brought to mean
// 0 and deviation 1 over the training part, so that all count; series of unequal length are
// resampled to the median length.
#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/base/rng.h"
#include "refrain/base/threads.h"
#include "refrain/data/units.h"
#include "refrain/method/channel_scale.h"
#include "refrain/method/list.h"
#include "refrain/method/neighbours.h"
#include "refrain/method/number_scale.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

constexpr std::array<int, 10> kCounts = {1, 2, 3, 4, 5, 7, 10, 14, 20, 30};

// The samples that are left out in turn, with their relatives.
struct LeftOut {
  std::vector<int> queries;
  std::vector<std::vector<int>> kin;  // of each query, itself included
};

class NeighbourMean : public Method {
 public:
  void fit(const Training& training) override {
    numbers_ = scale_.fit(training);
    const auto series = channels_of(training.samples, training.threads);
    channel_scale_.fit(series);
    steps_ = median_steps(series);
    auto best = tried(series, training, false);
    const auto other = tried(series, training, true);
    if (other.error < best.error) best = other;
    own_scale_ = best.own_scale ? 1 : 0;
    count_ = best.count;
    neighbours_ = std::make_unique<Neighbours>(prepared(series, best.own_scale, training.threads));
    neighbours_->set_window(best.window);
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series.front().channels != neighbours_->channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_cells(neighbours_->cells(neighbours_->window()) * view.size());
    const auto ready = prepared(series, own_scale_ == 1, threads);
    const auto width = static_cast<Size>(scale_.width());
    std::vector<double> out(series.size() * width);
    base::parallel_for(view.size(), threads, [&](int i) {
      const auto found = neighbours_->nearest_of(ready[static_cast<Size>(i)], count_, {});
      mean_of(found, found.size(), &out[static_cast<Size>(i) * width]);
    });
    scale_.restore(out);
    return out;
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    channel_scale_.archive(file);
    file.number("own_scale", own_scale_, 0, 1);
    file.number("count", count_, 1, 1 << 20);
    file.list("numbers", numbers_);
    Neighbours::archive(file, neighbours_);
    steps_ = neighbours_->steps();
    file.require(channel_scale_.channels() == neighbours_->channels() &&
                 numbers_.size() ==
                     static_cast<Size>(neighbours_->size()) * static_cast<Size>(scale_.width()));
  }

 private:
  struct Trial {
    double error = std::numeric_limits<double>::infinity();
    int window = 0, count = 1;
    bool own_scale = false;
  };

  std::vector<Channels> prepared(const std::vector<Channels>& series, bool own_scale,
                                 int threads) const {
    std::vector<Channels> out(series.size());
    base::parallel_for(static_cast<int>(series.size()), threads, [&](int i) {
      auto one = resampled(channel_scale_.of(series[static_cast<Size>(i)]), steps_);
      out[static_cast<Size>(i)] = own_scale ? standardised(std::move(one)) : std::move(one);
    });
    return out;
  }

  // Writes the mean target of the first `count` of these neighbours; 0, the overall mean, if there
  // are none.
  void mean_of(const std::vector<Neighbour>& found, Size count, double* out) const {
    const auto width = static_cast<Size>(scale_.width());
    count = std::min(count, found.size());
    for (Size k = 0; k < count; ++k) {
      const double* from = &numbers_[static_cast<Size>(found[k].index) * width];
      for (Size c = 0; c < width; ++c) out[c] += from[c] / static_cast<double>(count);
    }
  }

  static LeftOut left_out(const Training& training, const Neighbours& neighbours,
                          const std::vector<int>& windows) {
    double each = 0;
    for (const int window : windows) each += 2 * neighbours.cells(window);  // two scales
    const base::Rng rng = base::Rng(training.seed).fork("neighbour_mean");
    LeftOut out{left_out_series(neighbours.size(), each, rng), {}};
    const auto units = data::find_units(training.samples.dataset, training.samples.chosen);
    std::vector<std::vector<int>> members(static_cast<Size>(units.count));
    for (Size i = 0; i < units.of.size(); ++i) {
      members[static_cast<Size>(units.of[i])].push_back(static_cast<int>(i));
    }
    for (const int query : out.queries) {
      const auto& kin = members[static_cast<Size>(units.of[static_cast<Size>(query)])];
      out.kin.push_back(units.count > 1 ? kin : std::vector<int>{query});
    }
    return out;
  }

  static std::vector<int> windows_of(const Neighbours& neighbours) {
    std::vector<int> list;
    for (const int percent : kWindowPercents) list.push_back(neighbours.window_of(percent));
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
  }

  // The window and the count of the least error.
  Trial tried(const std::vector<Channels>& series, const Training& training, bool own_scale) const {
    const auto ready = prepared(series, own_scale, training.threads);
    Neighbours neighbours(ready);
    const auto windows = windows_of(neighbours);
    const auto trial = left_out(training, neighbours, windows);
    std::vector<std::vector<Neighbour>> found(trial.queries.size());
    Trial best;
    for (const int window : windows) {
      neighbours.set_window(window);
      search(neighbours, ready, trial, training.threads, found);
      for (const int count : kCounts) {
        const double error = error_of(found, trial.queries, static_cast<Size>(count));
        if (error < best.error) best = {error, window, count, own_scale};
      }
    }
    return best;
  }

  // The nearest of each query; those found with a smaller window bound the distances.
  static void search(const Neighbours& neighbours, const std::vector<Channels>& series,
                     const LeftOut& trial, int threads,
                     std::vector<std::vector<Neighbour>>& found) {
    constexpr Size kMostNeighbours = kCounts.back();
    base::parallel_for(static_cast<int>(found.size()), threads, [&](int i) {
      const auto at = static_cast<Size>(i);
      const float limit = found[at].size() == kMostNeighbours
                              ? found[at].back().distance
                              : std::numeric_limits<float>::infinity();
      const auto& query = series[static_cast<Size>(trial.queries[at])];
      found[at] = neighbours.nearest_of(query, kMostNeighbours, trial.kin[at], limit);
    });
  }

  // The square error of all columns where each query is what its first `count` neighbours say.
  double error_of(const std::vector<std::vector<Neighbour>>& found, const std::vector<int>& queries,
                  Size count) const {
    const auto width = static_cast<Size>(scale_.width());
    double error = 0;
    for (Size i = 0; i < found.size(); ++i) {
      std::vector<double> said(width);
      mean_of(found[i], count, said.data());
      const double* truth = &numbers_[static_cast<Size>(queries[i]) * width];
      for (Size c = 0; c < width; ++c) error += (said[c] - truth[c]) * (said[c] - truth[c]);
    }
    return error;
  }

  NumberScale scale_;
  ChannelScale channel_scale_;
  std::unique_ptr<Neighbours> neighbours_;
  std::vector<double> numbers_;  // [n,width], scaled
  int steps_ = 1, own_scale_ = 0, count_ = 1;
};

}  // namespace

std::unique_ptr<Method> make_neighbour_mean_dtw() { return std::make_unique<NeighbourMean>(); }

}  // namespace refrain::method
