// Features of series, scaled, and the ridge classifier over them (ridge.h). The probabilities are a
// softmax over its decision values, as sharp as its leave-one-out decisions deserve.
#pragma once

#include <algorithm>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/method/channels.h"
#include "refrain/method/method.h"
#include "refrain/method/ridge.h"

namespace refrain::method {

template <class Features, class Scale>
class FeatureRidge {
 public:
  void fit(const std::vector<Channels>& series, const Training& training) {
    features_.fit(series, training.seed);
    auto x = features_.of(series, training.threads);
    scale_.fit(x, features_.size());
    scale_.apply(x);
    ridge_ = fit_ridge({std::move(x), training.targets, features_.size(), training.classes,
                        training.seed, training.threads, training.source});
  }

  std::vector<double> predict(const std::vector<Channels>& series, int threads) const {
    constexpr std::ptrdiff_t kBatch = 1024;  // series whose features are in memory at a time
    std::vector<double> out;
    for (auto first = series.begin(); first != series.end();) {
      const auto end = first + std::min(kBatch, series.end() - first);
      auto x = features_.of({first, end}, threads);
      first = end;
      scale_.apply(x);
      const auto p = ridge_.predict(x, threads);
      out.insert(out.end(), p.begin(), p.end());
    }
    return out;
  }

  void archive(Archive& file) {
    features_.archive(file);
    scale_.archive(file);
    ridge_.archive(file);
    file.require(scale_.size() == static_cast<std::size_t>(features_.size()) &&
                 ridge_.columns == features_.size());
  }

  int channels() const { return features_.channels(); }

 private:
  Features features_;
  Scale scale_;
  Ridge ridge_;
};

// Throws unsupported where features would take too long. Features::work(series) is about the number
// of operations that a series takes, Features::kMostWork that of ten seconds of one core.
template <class Features>
void check_work(const std::vector<Channels>& series) {
  double work = 0;
  for (const auto& s : series) work += Features::work(s);
  if (work <= Features::kMostWork) return;
  throw Error(Code::kUnsupported, "too many and too long series to convolve in seconds");
}

// Throws unsupported where the features of all training series do not fit into memory.
inline void check_count(const std::vector<Channels>& series) {
  constexpr std::size_t kMostSeries = 10'000;  // whose features are 400 MB
  if (series.size() <= kMostSeries) return;
  throw Error(Code::kUnsupported, "more than 10,000 training series need too much memory");
}

// The simple method of such a classifier.
template <class Features, class Scale>
class FeatureMethod : public Method {
 public:
  void fit(const Training& training) override {
    const auto series = channels_of(training.samples, training.threads);
    check_work<Features>(series);
    check_count(series);
    classifier_.fit(series, training);
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series.front().channels != classifier_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_work<Features>(series);
    return classifier_.predict(series, threads);
  }

  void archive(Archive& file) override { classifier_.archive(file); }
  bool takes_variants() const override { return true; }
  bool is_random() const override { return true; }

 private:
  FeatureRidge<Features, Scale> classifier_;
};

}  // namespace refrain::method
