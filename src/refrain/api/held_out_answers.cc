#include "refrain/api/inside/held_out_answers.h"

#include <algorithm>
#include <set>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/data/folds.h"
#include "refrain/data/split.h"
#include "refrain/method/beside.h"

namespace refrain::api {
namespace {

// Methods that take seconds and give probabilities that can be averaged.
std::vector<std::string> methods_for(const task::Goal& goal, const data::Dataset& data, bool one) {
  const bool text = data.streams.front().kind == data::StreamKind::kText;
  if (goal.of_steps()) {
    return {text ? "feature_crf" : "window_logistic"};
  }
  if (goal.classes().empty()) {
    if (text) return {"tfidf_ridge"};
    if (one) return {"summary_ridge"};
    return {"rocket_ridge", "summary_ridge"};
  }
  if (text && one) return {"tfidf_logistic"};
  if (text) return {"tfidf_logistic", "pieces_logistic"};
  if (one) return {"minirocket"};
  return {"minirocket", "hydra"};
}

struct HeldOutFold {
  std::vector<int> train, test;
  std::vector<method::MethodAnswers> said = {};
};

class HeldOutFitting {
 public:
  explicit HeldOutFitting(const HeldOutWork& work) : work_(work), all_(all_of(work.data)) {
    static const std::vector<std::string> kNoFurther;
    const data::Subset everything{work.data, all_};
    out_.goal = task::task_of(work.spec).fit({everything, everything, kNoFurther, true}, work.spec);
    out_.methods = methods_for(*out_.goal, work.data, work.one_method);
  }

  HeldOutAnswers run() {
    const double start = now();
    cut();
    const int threads =
        work_.spec.train.threads > 0 ? work_.spec.train.threads : base::core_count();
    base::parallel_for(static_cast<int>(folds_.size()), threads,
                       [&](int i) { fit(folds_[base::at(i)]); });
    gather();
    out_.seconds = now() - start;
    return std::move(out_);
  }

 private:
  void cut() {
    const base::Rng rng = split_rng(work_.spec).fork("held out");
    const std::set<int> left_out(work_.left_out.begin(), work_.left_out.end());
    for (int repeat = 0; repeat < work_.repeats; ++repeat) {
      const base::Rng own = rng.fork(std::to_string(repeat));
      const int units = data::unit_count(work_.data, all_);
      for (auto& fold : data::make_folds(work_.data, all_, {std::min(work_.folds, units)}, own)) {
        if (work_.share < 1) {
          fold.train =
              data::split_off(work_.data, fold.train, work_.share, own.fork("share")).held_out;
        }
        std::erase_if(fold.train, [&](int i) { return left_out.contains(i); });
        folds_.push_back({std::move(fold.train), std::move(fold.test)});
      }
    }
  }

  void fit(HeldOutFold& fold) const {
    if (work_.stop != nullptr && work_.stop->load()) return;
    method::Training training{.samples = {work_.data, fold.train}, .targets = {}};
    out_.goal->put_targets(training);
    training.seed = static_cast<std::uint64_t>(work_.spec.train.seed);
    fold.said = method::run_methods(training, {work_.data, fold.test},
                                    {work_.log, work_.stop, out_.methods});
  }

  // Methods that every fold has.
  std::vector<std::string> common() const {
    std::vector<std::string> out;
    for (const auto& name : out_.methods) {
      const bool everywhere = std::all_of(folds_.begin(), folds_.end(), [&](const auto& fold) {
        return std::any_of(fold.said.begin(), fold.said.end(),
                           [&](const auto& said) { return said.name == name; });
      });
      if (everywhere) out.push_back(name);
    }
    return out;
  }

  void gather() {
    out_.methods = common();
    if (out_.methods.empty()) return;
    const auto truths = out_.goal->truths({work_.data, all_});
    const auto width = base::at(out_.goal->width());
    std::size_t rows = 0;
    for (const auto& truth : truths) {
      out_.begin.push_back(rows);
      rows += task::rows_of(truth);
    }
    out_.numbers.assign(rows * width, 0);
    const double weight = 1.0 / (static_cast<double>(out_.methods.size()) * work_.repeats);
    for (const auto& fold : folds_) {
      for (const auto& said : fold.said) {
        if (std::count(out_.methods.begin(), out_.methods.end(), said.name) == 0) continue;
        add(fold, said.numbers, weight, truths);
      }
    }
  }

  void add(const HeldOutFold& fold, const std::vector<double>& said, double weight,
           const std::vector<data::EncodedTarget>& truths) {
    const auto width = base::at(out_.goal->width());
    std::size_t from = 0;
    for (const int i : fold.test) {
      const std::size_t count = width * task::rows_of(truths[base::at(i)]);
      const std::size_t to = out_.begin[base::at(i)] * width;
      for (std::size_t k = 0; k < count; ++k) out_.numbers[to + k] += weight * said[from + k];
      from += count;
    }
  }

  const HeldOutWork& work_;
  std::vector<int> all_;
  std::vector<HeldOutFold> folds_;
  HeldOutAnswers out_;
};

}  // namespace

HeldOutAnswers held_out_answers(const HeldOutWork& work) { return HeldOutFitting(work).run(); }

}  // namespace refrain::api
