// Always the most frequent class of the training part; the probabilities are the class shares.
#include <algorithm>

#include "refrain/method/list.h"

namespace refrain::method {
namespace {

class Majority : public Method {
 public:
  void fit(const Training& training) override {
    if (training.targets.empty()) throw Error(Code::kData, "no training samples");
    share_.assign(static_cast<std::size_t>(training.classes), 0.0);
    const double one = 1.0 / static_cast<double>(training.targets.size());
    for (const int target : training.targets) share_[static_cast<std::size_t>(target)] += one;
  }

  std::vector<double> predict(const data::Subset& view, int /*threads*/) const override {
    std::vector<double> probability;
    probability.reserve(share_.size() * view.chosen.size());
    for (int i = 0; i < view.size(); ++i) {
      probability.insert(probability.end(), share_.begin(), share_.end());
    }
    return probability;
  }

  void archive(Archive& file) override {
    file.list("share", share_);
    file.require(share_.size() == static_cast<std::size_t>(file.width()));
  }

 private:
  std::vector<double> share_;
};

}  // namespace

std::unique_ptr<Method> make_majority() { return std::make_unique<Majority>(); }

}  // namespace refrain::method
