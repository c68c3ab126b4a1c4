// Baselines: simple, well-known methods that stand beside the network on the same split, so that a
// score says something. Some predict classes, some numbers. Each is fitted on the training part
// only and chooses its settings by cross-validation inside it. One more baseline is one file and
// one line in baseline_list.cc. Deterministic given the seed; the same for any number of threads. A
// baseline that does not fit the data, or would take too long, throws Error(unsupported).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "refrain/augment/text/meanings.h"
#include "refrain/base/registry.h"
#include "refrain/task/archive.h"
#include "refrain/task/view.h"

namespace refrain::task {

struct TrainingView {
  View samples;
  std::vector<int> targets;  // [n] class indices in [0, classes); empty: numbers are learnt
  int classes = 0;
  std::uint64_t seed = 0;
  int threads = 1;
  std::vector<int> source = {};  // [n] the place that each was made from; empty: none was made
  const augment::Meanings* meanings = nullptr;  // of words, for methods that read them
  std::vector<double> values = {};              // [n,width] the numbers to learn, row by row
  int width = 0;                                // 0 = classes are learnt
};

class Baseline {
 public:
  virtual ~Baseline() = default;
  // Throws data where there are no samples, unsupported where the method does not apply.
  virtual void fit(const TrainingView& training) = 0;
  // Probabilities [n,classes] or numbers [n,width], row by row, after fit or after it was read from
  // an archive.
  virtual std::vector<double> predict(const View& view, int threads) const = 0;
  // All that predict() needs, by name.
  virtual void archive(Archive& file) = 0;
  // Whether another seed gives another method.
  virtual bool is_random() const { return false; }
  // Whether it learns from augmented samples too, and chooses its settings so that no sample is
  // judged by what was made from it.
  virtual bool takes_variants() const { return false; }
  // Whether it reads what words mean beside them.
  virtual bool reads_meanings() const { return false; }
};

// kText: texts, also where an encoder has read them; kStates: an encoder's states of texts.
enum class BaselineKind { kAny, kSeries, kText, kStates };

enum class Predicts { kClasses, kNumbers };

struct BaselineEntry {
  BaselineKind kind;
  std::unique_ptr<Baseline> (*make)();
  Predicts predicts = Predicts::kClasses;
};
// Those that predict classes, or those that predict numbers. No name is in both.
const base::Registry<BaselineEntry>& baselines(Predicts predicts = Predicts::kClasses);
// All of them: classes first.
const base::Registry<BaselineEntry>& all_baselines();

// Whether it can read samples such as these: any, or all streams of its kind.
bool applies(BaselineKind kind, const data::Dataset& dataset);

// The methods that a comma list names, each once. Throws usage for one that is not there or
// predicts something else.
std::vector<std::string> methods_of(const std::string& list,
                                    Predicts predicts = Predicts::kClasses);

}  // namespace refrain::task
