// Always the mean of the training numbers, column by column.
#include "refrain/task/baselines/list.h"
#include "refrain/task/baselines/number_scale.h"

namespace refrain::task {
namespace {

class MeanMethod : public Baseline {
 public:
  void fit(const TrainingView& training) override { scale_.fit(training); }

  std::vector<double> predict(const View& view, int /*threads*/) const override {
    std::vector<double> numbers(view.chosen.size() * static_cast<std::size_t>(scale_.width()));
    scale_.restore(numbers);
    return numbers;
  }

  void archive(Archive& file) override { scale_.archive(file); }

 private:
  NumberScale scale_;
};

}  // namespace

std::unique_ptr<Baseline> make_mean() { return std::make_unique<MeanMethod>(); }

}  // namespace refrain::task
