// Words and pieces of words (ngrams.h), each weighed by how much more often it occurs in the texts
// of a class than in the others, log((1 + n_class) / sum / ((1 + n_others) / sum)), and logistic
// regression of each class against the rest over what occurs (Wang and Manning 2012). The weighed
// words of a text have length 1 together, and so have its pieces and its meanings. Two classes need
// one regression.
#include <cmath>
#include <numeric>

#include "refrain/base/threads.h"
#include "refrain/method/list.h"
#include "refrain/method/ngrams.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
using Ends = std::vector<int>;  // of the kinds of columns: TermRows::ends()
constexpr double kStrength = 5;

// One class against the rest.
class OneAgainstRest {
 public:
  // `target` is 1 where the text is of the class.
  void fit(const SparseRows& rows, const Ends& ends, const std::vector<int>& target) {
    ratio_ = log_ratios(rows, target);
    model_ = fit_logistic(weighed(rows, ends), {target, 2}, kStrength, nullptr);
  }

  // The probability of the class for each row.
  std::vector<double> predict(const SparseRows& rows, const Ends& ends) const {
    const auto both = model_.predict(weighed(rows, ends));
    std::vector<double> out;
    for (Size i = 1; i < both.size(); i += 2) out.push_back(both[i]);
    return out;
  }

  void archive(Archive& file) {
    file.list("ratio", ratio_);
    model_.archive(file, 2);
    file.require(ratio_.size() == static_cast<Size>(model_.columns));
  }

  int columns() const { return model_.columns; }

 private:
  static std::vector<double> log_ratios(const SparseRows& rows, const std::vector<int>& target) {
    std::vector<double> count[2];
    double sum[2] = {0, 0};
    for (auto& c : count) c.assign(static_cast<Size>(rows.columns), 1);
    for (Size i = 0; i < target.size(); ++i) {
      auto& own = count[target[i] == 1 ? 1 : 0];
      for (Size k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
        ++own[static_cast<Size>(rows.column[k])];
    }
    for (int side = 0; side < 2; ++side)
      sum[side] = std::accumulate(count[side].begin(), count[side].end(), 0.0);
    std::vector<double> out(count[0].size());
    for (Size k = 0; k < out.size(); ++k) {
      // Rounds to the precision of a model file.
      out[k] = static_cast<double>(
          static_cast<real>(std::log(count[1][k] / sum[1]) - std::log(count[0][k] / sum[0])));
    }
    return out;
  }

  // Columns are in order in a row, so that those of one kind are neighbours.
  SparseRows weighed(const SparseRows& rows, const Ends& ends) const {
    SparseRows out = rows;
    for (Size i = 0; i + 1 < rows.begin.size(); ++i) {
      Size k = rows.begin[i];
      for (const int end : ends) {
        const Size first = k;
        double squares = 0;
        for (; k < rows.begin[i + 1] && rows.column[k] < end; ++k) {
          out.value[k] = ratio_[static_cast<Size>(rows.column[k])];
          squares += out.value[k] * out.value[k];
        }
        if (squares <= 0) continue;
        for (Size j = first; j < k; ++j) out.value[j] /= std::sqrt(squares);
      }
    }
    return out;
  }

  std::vector<double> ratio_;
  Logistic model_;
};

std::vector<int> counted(Size n) {
  std::vector<int> all(n);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

class BayesLogistic : public Method {
 public:
  void fit(const Training& training) override {
    const auto texts = tokens_of(training.samples, training.threads);
    if (texts.empty()) throw Error(Code::kData, "no training samples");
    const auto all = counted(texts.size());
    rows_.fit(texts, all, training.classes, training.meanings);
    const auto rows = rows_.of(texts, all);
    set_classes(training.classes);
    base::parallel_for(static_cast<int>(models_.size()), training.threads, [&](int m) {
      const int wanted = training.classes == 2 ? 1 : m;
      std::vector<int> target;
      for (const int t : training.targets) target.push_back(t == wanted ? 1 : 0);
      models_[static_cast<Size>(m)].fit(rows, rows_.ends(), target);
    });
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto texts = tokens_of(view, threads);
    const auto rows = rows_.of(texts, counted(texts.size()));
    std::vector<std::vector<double>> of_class;
    const auto ends = rows_.ends();
    for (const auto& model : models_) of_class.push_back(model.predict(rows, ends));
    std::vector<double> out;
    for (Size i = 0; i < texts.size(); ++i) {
      if (classes_ == 2) {
        out.insert(out.end(), {1 - of_class[0][i], of_class[0][i]});
        continue;
      }
      double sum = 0;
      for (const auto& p : of_class) sum += p[i];
      for (const auto& p : of_class) {
        out.push_back(sum > 0 ? p[i] / sum : 1 / static_cast<double>(of_class.size()));
      }
    }
    return out;
  }

  void archive(Archive& file) override {
    rows_.archive(file);
    set_classes(file.width());
    for (Size m = 0; m < models_.size(); ++m) {
      file.part("class" + std::to_string(m));
      models_[m].archive(file);
      file.require(models_[m].columns() == rows_.columns());
    }
    file.part("");
  }

  bool takes_variants() const override { return true; }
  bool reads_meanings() const override { return true; }

 private:
  void set_classes(int classes) {
    classes_ = classes;
    models_.resize(classes == 2 ? 1 : static_cast<Size>(classes));
  }

  int classes_ = 0;
  TermRows rows_{true};
  std::vector<OneAgainstRest> models_;
};

}  // namespace

std::unique_ptr<Method> make_bayes_logistic() { return std::make_unique<BayesLogistic>(); }

}  // namespace refrain::method
