// The objectives of self-supervised pretraining on series. An objective makes from each sample a
// view for the network (a look) and a target, adds its own layers to the encoder, and judges their
// output. A new objective is one file and one line in objective.cc.
// The loss of an update is computed from the outputs of all its shards together, and their
// gradients are handed back: a contrast needs every sample of the update.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"
#include "refrain/base/registry.h"
#include "refrain/nn/encoder.h"
#include "refrain/pretext/spec.h"

namespace refrain::pretext {

// The samples to learn from, or those held out; all of it must outlive the objective.
struct Samples {
  const data::Dataset& dataset;
  const data::Features& features;
  const augment::Pool& pool;         // place i is sample i of this part
  const augment::Pipeline* augment;  // null: series stay as they are
  const std::vector<int>* label;     // [n] class of each sample of this part; null: none
};

// A row of a batch, and its target.
struct Look {
  data::EncodedSample read;
  std::vector<real> wanted;  // numbers, where the objective tells numbers
  std::vector<real> counts;  // [like wanted] 0 where a number does not count
  std::vector<real> simple;  // [like wanted] what a simple method tells
  int label = -1;
};

// The outputs of one shard.
struct Told {
  std::span<const Look> looks;           // [B]
  tensor::Tensor value;                  // [rows, columns]
  real* gradient = nullptr;              // [rows, columns] to be filled; null: not wanted
  const tensor::Steps* steps = nullptr;  // of the rows; null: a row a look, in batch order
};

// Figures of held-out samples: the share that is answered correctly (hits / n), or the share that
// is explained (1 - errors / spread), from two numbers per sample.
struct Figures {
  struct Row {
    double part = 0, whole = 0;
  };
  std::string metric;  // "matched", "explained", "accuracy"
  bool explained = false;
  std::vector<Row> rows;                                         // [samples]
  std::vector<std::pair<std::string, std::vector<Row>>> simple;  // methods on the same samples
};

struct Output {
  tape::Var value;
  const tensor::Steps* steps = nullptr;  // as in Told
};

class Objective {
 public:
  virtual ~Objective() = default;
  virtual int looks() const { return 1; }  // of each sample
  // Adds looks() looks of the sample at this place.
  virtual void look(const Samples& samples, int place, const base::Rng& rng,
                    std::vector<Look>& out) const = 0;
  // The layers behind the encoder.
  virtual void declare(const nn::Encoder& encoder, nn::ParamSet& params) = 0;
  virtual Output output(nn::Context& context, const nn::Encoder& encoder) const = 0;
  // The mean loss of an update; fills the gradients that are wanted.
  virtual double loss(std::span<Told> told) const = 0;
  // Adds to the figures.
  virtual void judge(std::span<const Told> told, Figures& figures) const = 0;
};

// The data that an objective is made for.
struct Setting {
  const ObjectiveSpec& spec;
  int inputs = 1;   // columns of a step
  int length = 0;   // of the longest training series
  int classes = 0;  // labels
};

struct ObjectiveEntry {
  std::unique_ptr<Objective> (*make)(const Setting& setting);
  bool wants_labels = false;
};
const base::Registry<ObjectiveEntry>& objectives();

std::unique_ptr<Objective> make_contrast(const Setting& setting);
std::unique_ptr<Objective> make_mask(const Setting& setting);
std::unique_ptr<Objective> make_next(const Setting& setting);
std::unique_ptr<Objective> make_labels(const Setting& setting);

// The sample at a place as it is, or varied; encoded. `number` tells looks apart.
data::EncodedSample read_sample(const Samples& samples, int place);
data::EncodedSample read_varied(const Samples& samples, int place, const base::Rng& rng);

// Half the mean squared error of what counts; for objectives that tell numbers. `at(row)` names the
// look of a row and where its numbers begin.
struct Place {
  int look = 0;
  std::size_t first = 0;
};
using PlaceOf = std::function<Place(const Told&, int row)>;
double squared_loss(std::span<Told> told, const PlaceOf& at);
// Errors against the spread about zero, and those of the simple method called `name`.
void judge_numbers(std::span<const Told> told, const PlaceOf& at, const std::string& name,
                   Figures& figures);

}  // namespace refrain::pretext
