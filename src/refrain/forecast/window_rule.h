// The batches of a forecast: windows that are drawn anew for each update from all origins of all
// series, so that memory grows with the batch and not with the number of windows. The draw depends
// on seed and number of the update alone; the same bits on any number of threads.
#pragma once

#include <memory>
#include <vector>

#include "refrain/forecast/network.h"
#include "refrain/train/trainer.h"

namespace refrain::forecast {

struct Drawing {
  const ForecastNetwork* network = nullptr;
  const Windows* windows = nullptr;
  std::vector<int> first, end;  // [series] origins [first, end) are drawn; targets end there too
  std::vector<double> error;    // [series] what an error of 1 weighs is divided by this; empty: 1
  int batch_size = 64;
  int threads = 1;
  std::uint64_t seed = 1;
};

class WindowRule : public train::GradientRule {
 public:
  explicit WindowRule(Drawing drawing);

  void take(std::span<const int> batch, const base::Rng& rng) override;
  double evaluate(const base::Rng& rng, std::int64_t step) override;
  std::vector<real>& gradient() override { return shards_.front()->gradient; }

 private:
  struct Shard {
    std::vector<Origin> origins;
    WindowBatch batch;
    tape::Tape tape;
    std::vector<real> gradient;
    double loss = 0;
  };
  void weigh(Shard& shard) const;
  void run(Shard& shard, const base::Rng& rng, std::int64_t step) const;
  Origin draw(base::Rng& rng) const;

  Drawing drawing_;
  std::vector<double> mass_;  // [series] running sum of what a series is drawn by
  std::vector<std::unique_ptr<Shard>> shards_;
  double total_weight_ = 0;
};

}  // namespace refrain::forecast
