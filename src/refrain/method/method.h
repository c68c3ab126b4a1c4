// Simple methods: well-known ones that stand beside the networks on the same split, so that a score
// says something, or are members of a model with them. They predict classes, numbers or tags. Each
// is fitted on the training part only and chooses its settings by cross-validation inside it. One
// more method is one file and one line in method_list.cc. Deterministic given the seed, and the
// same for any number of threads. A method that does not fit the data, or would take too long,
// throws Error(unsupported).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "refrain/augment/text/meanings.h"
#include "refrain/base/registry.h"
#include "refrain/data/subset.h"
#include "refrain/method/archive.h"

namespace refrain::method {

struct Training {
  data::Subset samples;
  std::vector<int> targets;  // [n] class indices in [0, classes); empty: numbers are learnt
  int classes = 0;
  std::uint64_t seed = 0;
  int threads = 1;
  std::vector<int> source = {};  // [n] the place that each was made from; empty: none was made
  const augment::Meanings* meanings = nullptr;  // of words, for methods that read them
  std::vector<double> values = {};              // [n,width] the numbers to learn, row by row
  int width = 0;                                // 0 = classes are learnt
  std::vector<std::vector<int>> tags = {};      // [n] of each step, the numbers of tags to learn
  std::vector<std::string> tag_names = {};      // empty: no tags are learnt
};

class Method {
 public:
  virtual ~Method() = default;
  // Throws data where there are no samples, unsupported where the method does not apply.
  virtual void fit(const Training& training) = 0;
  // Probabilities [n,classes], numbers [n,width], or probabilities of tags [all steps,tags], the
  // steps of one sample after those of another (tagged.h); after fit or after it was read from an
  // archive.
  virtual std::vector<double> predict(const data::Subset& view, int threads) const = 0;
  // All that predict() needs, by name.
  virtual void archive(Archive& file) = 0;
  // True if another seed gives another method.
  virtual bool is_random() const { return false; }
  // True if it learns from augmented samples too, and chooses its settings so that no sample is
  // judged by what was made from it.
  virtual bool takes_variants() const { return false; }
  // True if it reads what words mean beside them.
  virtual bool reads_meanings() const { return false; }
};

// kText: texts, also where an encoder has read them; kStates: an encoder's states of texts.
enum class Reads { kAny, kSeries, kText, kStates };

enum class Predicts { kClasses, kNumbers, kTags };

struct MethodEntry {
  Reads kind;
  std::unique_ptr<Method> (*make)();
  Predicts predicts = Predicts::kClasses;
};
// Those that predict classes, numbers or tags. No name is in two of these lists.
const base::Registry<MethodEntry>& methods(Predicts predicts = Predicts::kClasses);
// All of them: classes, numbers, tags.
const base::Registry<MethodEntry>& all_methods();

// True if it can read samples such as these: one of their streams is of its kind. It reads all
// streams of its kind, and no others.
bool applies(Reads kind, const data::Dataset& dataset);

// The methods that a comma list names, each once. Throws usage for one that is not there or
// predicts something else.
std::vector<std::string> methods_of(const std::string& list,
                                    Predicts predicts = Predicts::kClasses);

}  // namespace refrain::method
