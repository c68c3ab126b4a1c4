// A linear-chain conditional random field (crf.h) on hand-made features of words (word_features.h).
// Its penalties (L2, and L1 beside it) are chosen by the main score of the best sequences of tags:
// on small sets in 3-fold cross-validation, on larger ones on a third of the training part. On the
// largest and with more than a hundred tags, where it matters little, L2 is 0.3; on the largest
// features that occur once are left out.
#include <array>
#include <numeric>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/list.h"
#include "refrain/method/tagged.h"
#include "refrain/method/word_features.h"
#include "refrain/score/tagging.h"

namespace refrain::method {
namespace {

using base::at;

// The first wins ties. The last is an elastic net: it keeps few features, which tagged characters
// like (Weibo NER, development part: F1 56.2, with L2 alone 50.2) and words do not (1,000 sentences
// of CoNLL-2003: 72.0, 73.3).
constexpr std::array<CrfPenalty, 4> kCrfPenalties = {{{0.3, 0}, {1.0, 0}, {0.1, 0}, {0.1, 0.1}}};
constexpr std::size_t kFewSteps = 20'000;          // the penalty is chosen by all folds
constexpr std::size_t kManySteps = 100'000;        // it is not chosen; what occurs once is left out
constexpr std::size_t kFewNames = 100;             // of tags; with more the penalty is not chosen
constexpr std::size_t kMostNumbers = 200'000'000;  // steps times tags
constexpr double kLeastWeight = 0.003;
constexpr int kCrfFolds = 3;

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
    const bool few = count < kManySteps && training.tag_names.size() <= kFewNames;
    const CrfPenalty penalty = few ? choose(training, texts) : kCrfPenalties[0];
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
  using Scores = std::array<double, kCrfPenalties.size()>;

  static CrfPenalty choose(const Training& training, const std::vector<Words>& texts) {
    auto folds = inner_folds(training, kCrfFolds, training.samples.size());
    std::size_t count = 0;
    for (const auto& text : texts) count += text.size();
    if (count > kFewSteps) folds.resize(1);
    std::vector<Scores> scores(folds.size());
    base::parallel_for(static_cast<int>(folds.size()), training.threads, [&](int f) {
      const int threads = folds.size() == 1 ? training.threads : 1;
      scores[at(f)] = try_fold(training, texts, folds[at(f)], threads);
    });
    Scores total{};
    for (const auto& fold : scores) {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += fold[k];
    }
    const auto best = std::max_element(total.begin(), total.end()) - total.begin();
    return kCrfPenalties[static_cast<std::size_t>(best)];
  }

  static Scores try_fold(const Training& training, const std::vector<Words>& texts,
                         const InnerFold& fold, int threads) {
    const auto texts_at = [&](const std::vector<int>& places) {
      std::vector<Words> out;
      for (const int i : places) out.push_back(texts[at(i)]);
      return out;
    };
    WordFeatures features;
    const auto steps = features.fit(texts_at(fold.train), 1, threads);
    const auto held_out = features.of(texts_at(fold.held_out), threads);
    const auto tags = joined_tags(training.tags, fold.train);
    const CrfProblem problem{steps, tags, features.features(), allowed_chain(training.tag_names),
                             threads};
    Scores scores{};
    Crf crf;
    for (std::size_t k = 0; k < scores.size(); ++k) {
      crf = fit_crf(problem, kCrfPenalties[k], k == 0 ? nullptr : &crf);
      scores[k] = score_of(crf, held_out, training, fold.held_out);
    }
    return scores;
  }

  // The main metric of the best sequences of tags: F1 of spans, or the share of right steps.
  static double score_of(const Crf& crf, const FeatureSteps& steps, const Training& training,
                         const std::vector<int>& places) {
    const auto& names = training.tag_names;
    const auto named = [&](const std::vector<int>& tags) {
      score::Tags out;
      for (const int tag : tags) out.push_back(names[at(tag)]);
      return out;
    };
    score::Tagging answers;
    answers.spans = std::all_of(names.begin(), names.end(),
                                [](const auto& name) { return data::is_span_tag(name); });
    const auto rows = crf.rows(steps, 1);
    for (int i = 0; i < steps.size(); ++i) {
      const double* first = rows.data() + steps.sequence[at(i)] * names.size();
      answers.truth.push_back(named(training.tags[at(places[at(i)])]));
      answers.predicted.push_back(named(best_path(crf.chain, first, steps.steps_of(i))));
    }
    return answers.metrics().front().value(answers);
  }

  WordFeatures features_;
  Crf crf_;
};

}  // namespace

std::unique_ptr<Method> make_feature_crf() { return std::make_unique<FeatureCrf>(); }

}  // namespace refrain::method
