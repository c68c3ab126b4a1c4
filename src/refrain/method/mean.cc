// Always the mean of the training numbers, column by column.
#include "refrain/method/list.h"
#include "refrain/method/number_scale.h"

namespace refrain::method {
namespace {

class MeanMethod : public Method {
 public:
  void fit(const Training& training) override { scale_.fit(training); }

  std::vector<double> predict(const data::Subset& view, int /*threads*/) const override {
    std::vector<double> numbers(view.chosen.size() * static_cast<std::size_t>(scale_.width()));
    scale_.restore(numbers);
    return numbers;
  }

  void archive(Archive& file) override { scale_.archive(file); }

 private:
  NumberScale scale_;
};

}  // namespace

std::unique_ptr<Method> make_mean() { return std::make_unique<MeanMethod>(); }

}  // namespace refrain::method
