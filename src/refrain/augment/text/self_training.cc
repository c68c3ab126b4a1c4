// Replies of another model to sources that have none, as more samples to learn from. Only trainings
// of translations use it, and take it out of the specification (transduce/self_training.h); here it
// has its name, its options and their help.
#include "refrain/augment/list.h"
#include "refrain/augment/pool.h"
#include "refrain/base/error.h"

namespace refrain::augment {
namespace {

struct SelfTraining {
  std::string model, texts;
  int number = 0;
};

std::string prepare(SelfTraining&, const Pool&) {
  throw Error(Code::kUsage, "it belongs to --task translate, as a step of its own",
              "leave it out; 'refrain list augmentations' names other steps");
}

void apply_self_training(const SelfTraining&, std::string&, data::Sample&, Draw&) {}

}  // namespace

Kind self_training() {
  return make_kind(
      base::Fields<SelfTraining>()
          .field("model", &SelfTraining::model,
                 "a model of this direction: it writes replies to sources that have none (He et "
                 "al. 2020)")
          .field("texts", &SelfTraining::texts,
                 "file of sources, a line each; by default words that look like the training "
                 "sources are invented, where those are single words")
          .field("number", &SelfTraining::number, 0, 1'000'000,
                 "of invented words; 0 = ten for each training source, at most 20,000"),
      &apply_self_training, &prepare);
}

}  // namespace refrain::augment
