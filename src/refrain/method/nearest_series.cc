// 1-nearest-neighbour classifiers of series: nn_euclidean, and nn_dtw with the window that is best
// by leave-one-out on the training part (the smallest of equals). Series of unequal length are
// resampled to the median length. No scaling beyond what the data have. The probabilities are 1 for
// the neighbour's class and 0 for the rest.
#include <algorithm>

#include "refrain/base/threads.h"
#include "refrain/method/list.h"
#include "refrain/method/neighbours.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

class NearestSeries : public Method {
 public:
  explicit NearestSeries(std::vector<int> percents) : percents_(std::move(percents)) {}

  void fit(const Training& training) override {
    classes_ = training.classes;
    targets_ = training.targets;
    auto series = channels_of(training.samples, training.threads);
    const int steps = median_steps(series);
    for (auto& s : series) s = resampled(s, steps);
    neighbours_ = std::make_unique<Neighbours>(series);
    neighbours_->set_window(percents_.size() == 1 ? neighbours_->window_of(percents_[0])
                                                  : learn_window(series, training));
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    auto series = channels_of(view, threads);
    if (series.front().channels != neighbours_->channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_cells(neighbours_->cells(neighbours_->window()) * view.size());
    const auto classes = static_cast<std::size_t>(classes_);
    std::vector<double> probability(series.size() * classes);
    base::parallel_for(view.size(), threads, [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      const auto found =
          neighbours_->nearest(resampled(series[at], neighbours_->steps()), -1, Neighbour());
      probability[at * classes + class_of(found)] = 1;
    });
    return probability;
  }

  void archive(Archive& file) override {
    Neighbours::archive(file, neighbours_);
    file.list("targets", targets_, 0, file.width() - 1);
    file.require(targets_.size() == static_cast<Size>(neighbours_->size()));
    classes_ = file.width();
  }

 private:
  std::size_t class_of(const Neighbour& neighbour) const {
    const auto index = static_cast<std::size_t>(std::max(0, neighbour.index));
    return static_cast<std::size_t>(targets_[index]);
  }

  std::vector<int> windows() const {
    std::vector<int> list;
    for (const int percent : percents_) list.push_back(neighbours_->window_of(percent));
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
  }

  // Leave-one-out on all training series, or on some where that costs too much.
  int learn_window(const std::vector<Channels>& series, const Training& training) {
    const auto list = windows();
    double each = 0;
    for (const int window : list) each += neighbours_->cells(window);
    const base::Rng rng = base::Rng(training.seed).fork("nearest_series");
    const auto left_out = left_out_series(neighbours_->size(), each, rng);
    return best_window({series, left_out, list}, training.threads);
  }

  struct LeaveOneOut {
    const std::vector<Channels>& series;
    const std::vector<int>& left_out;
    const std::vector<int>& windows;
  };

  int best_window(const LeaveOneOut& trial, int threads) {
    const auto& left_out = trial.left_out;
    std::vector<Neighbour> found(left_out.size());  // with the window before: an upper bound
    int best = trial.windows.front(), most = -1;
    for (const int window : trial.windows) {
      neighbours_->set_window(window);
      base::parallel_for(static_cast<int>(left_out.size()), threads, [&](int i) {
        auto& known = found[static_cast<std::size_t>(i)];
        const int query = left_out[static_cast<std::size_t>(i)];
        known = neighbours_->nearest(trial.series[static_cast<std::size_t>(query)], query, known);
      });
      int right = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const auto truth =
            static_cast<std::size_t>(targets_[static_cast<std::size_t>(left_out[i])]);
        right += found[i].index >= 0 && class_of(found[i]) == truth ? 1 : 0;
      }
      if (right > most) best = window;
      most = std::max(most, right);
    }
    return best;
  }

  std::vector<int> percents_;
  std::unique_ptr<Neighbours> neighbours_;
  std::vector<int> targets_;
  int classes_ = 0;
};

}  // namespace

std::unique_ptr<Method> make_nn_euclidean() {
  return std::make_unique<NearestSeries>(std::vector<int>{0});
}

std::unique_ptr<Method> make_nn_dtw() {
  return std::make_unique<NearestSeries>(
      std::vector<int>(kWindowPercents.begin(), kWindowPercents.end()));
}

std::unique_ptr<Method> make_nn_dtw(int percent) {
  return std::make_unique<NearestSeries>(std::vector<int>{percent});
}

}  // namespace refrain::method
