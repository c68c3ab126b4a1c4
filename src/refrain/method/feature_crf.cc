// A linear-chain conditional random field (crf.h) on hand-made features of words (word_features.h).
// Its penalty is chosen by 3-fold cross-validation on small sets, by the steps that the best
// sequence of tags has right; on large ones, where it matters little, it is 0.3, and features that
// occur once are left out.
#include <array>
#include <numeric>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/list.h"
#include "refrain/method/tagged.h"
#include "refrain/method/word_features.h"

namespace refrain::method {
namespace {

using base::at;

constexpr std::array<double, 3> kPenalties = {0.3, 1.0, 0.1};  // the first wins ties
constexpr std::size_t kFewSteps = 20'000;                      // the penalty is chosen
constexpr std::size_t kManySteps = 100'000;                    // what occurs once is left out
constexpr std::size_t kMostNumbers = 200'000'000;              // steps times tags
constexpr double kLeastWeight = 0.003;
constexpr int kCrfFolds = 3;
constexpr int kMostSequences = 2000;

std::vector<int> joined_tags(const std::vector<std::vector<int>>& tags,
                             const std::vector<int>& places) {
  std::vector<int> out;
  for (const int i : places) out.insert(out.end(), tags[at(i)].begin(), tags[at(i)].end());
  return out;
}

class FeatureCrf : public Method {
 public:
  void fit(const Training& training) override {
    check_tags(training);
    const auto texts = words_of(training.samples, training.threads);
    std::size_t count = 0;
    for (const auto& text : texts) count += text.size();
    if (count * training.tag_names.size() > kMostNumbers) {
      throw Error(Code::kUnsupported, "there are too many words for so many tags");
    }
    const double penalty = count <= kFewSteps ? choose(training, texts) : kPenalties[0];
    std::vector<int> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    const auto steps = features_.fit(texts, count >= kManySteps ? 2 : 1, training.threads);
    const auto tags = joined_tags(training.tags, all);
    crf_ = fit_crf(
        {steps, tags, features_.features(), allowed_chain(training.tag_names), training.threads},
        penalty);
    features_.keep(crf_.prune(kLeastWeight));
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    return crf_.marginals(features_.of(words_of(view, threads), threads), threads);
  }

  void archive(Archive& file) override {
    features_.archive(file);
    crf_.archive(file);
    file.require(crf_.features() == features_.features());
  }

 private:
  using Counts = std::array<int, kPenalties.size()>;

  static double choose(const Training& training, const std::vector<Words>& texts) {
    const auto folds = inner_folds(training, kCrfFolds, kMostSequences);
    std::vector<Counts> right(folds.size());
    base::parallel_for(static_cast<int>(folds.size()), training.threads,
                       [&](int f) { right[at(f)] = try_fold(training, texts, folds[at(f)]); });
    Counts total{};
    for (const auto& fold : right) {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += fold[k];
    }
    const auto best = std::max_element(total.begin(), total.end()) - total.begin();
    return kPenalties[static_cast<std::size_t>(best)];
  }

  static Counts try_fold(const Training& training, const std::vector<Words>& texts,
                         const InnerFold& fold) {
    const auto texts_at = [&](const std::vector<int>& places) {
      std::vector<Words> out;
      for (const int i : places) out.push_back(texts[at(i)]);
      return out;
    };
    WordFeatures features;
    const auto steps = features.fit(texts_at(fold.train), 1, 1);
    const auto held_out = features.of(texts_at(fold.held_out), 1);
    const auto tags = joined_tags(training.tags, fold.train);
    const auto truth = joined_tags(training.tags, fold.held_out);
    const CrfProblem problem{steps, tags, features.features(), allowed_chain(training.tag_names)};
    Counts right{};
    Crf crf;
    for (std::size_t k = 0; k < right.size(); ++k) {
      crf = fit_crf(problem, kPenalties[k], k == 0 ? nullptr : &crf);
      right[k] = steps_right(crf, held_out, truth);
    }
    return right;
  }

  static int steps_right(const Crf& crf, const FeatureSteps& steps, const std::vector<int>& truth) {
    const auto rows = crf.rows(steps, 1);
    int right = 0;
    for (int i = 0; i < steps.size(); ++i) {
      const std::size_t first = steps.sequence[at(i)];
      const auto path =
          best_path(crf.chain, rows.data() + first * at(crf.chain.tags), steps.steps_of(i));
      for (std::size_t t = 0; t < path.size(); ++t) right += path[t] == truth[first + t] ? 1 : 0;
    }
    return right;
  }

  WordFeatures features_;
  Crf crf_;
};

}  // namespace

std::unique_ptr<Method> make_feature_crf() { return std::make_unique<FeatureCrf>(); }

}  // namespace refrain::method
