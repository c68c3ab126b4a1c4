// A specification made ready: steps that follow one another, each an operation applied with
// probability p, or a group of steps:
//   compose(a, b, ..., p=1)          all of them in turn
//   one_of(a, b, ..., p=0.5)         one of them
//   some_of(a, b, ..., n=1..2, p=0.5)  n different ones, in the order in which they are written
//   repeat(a, ..., n=2, p=1)         its steps n times
// Each step takes stream=NAME, and then changes that stream of the samples alone; of a group it
// holds for its parts.
// In one_of and some_of a part's own p is its weight in the choice, and a chosen part is applied.
// Randomness is keyed by the place of a step in the specification: what one step draws does not
// depend on what others drew.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/augment/operation.h"

namespace refrain::augment {

struct Step;  // augment/parse.h

// The description of a group of steps for lists: name, one line of text, options with their
// defaults.
struct Group {
  const char* name;
  const char* description;
  const char* options;
};
const std::vector<Group>& groups();
// An operation that was done, with all its options as they were drawn.
struct Done {
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;
};
constexpr int kMostRepeats = 100;  // n of repeat

class Pipeline {
 public:
  Pipeline();  // changes nothing
  ~Pipeline();
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;

  // Throws usage, naming the place in the specification, for unknown names and options ("did you
  // mean"), values out of range, groups without parts, and more than 1000 operations a sample.
  static Pipeline make(const Step& spec);
  // parse_any and make.
  static Pipeline from(const std::string& spec);

  bool empty() const;
  // True if labels may become shares of labels.
  bool mixes() const { return mixes_; }
  // True if a step wants other training samples.
  bool borrows() const { return borrows_; }
  // True if a step puts unknown words in on purpose.
  bool hides_words() const { return hides_words_; }
  // True if a step is for values of this kind.
  bool changes(data::StreamKind kind) const;
  // Throws usage where a step is for a kind of data that these samples are not.
  void check(const data::Dataset& dataset) const;

  // To be called once before the first `apply`, with what steps may borrow from
  // (Operation::prepare). What they did, a line each. Throws usage, naming the place, where a step
  // cannot be done.
  std::vector<std::string> prepare(const Pool& pool);

  // Applies all steps. Writes the sample's streams, tags and label shares; the same draw gives the
  // same sample.
  void apply(data::Sample& sample, const Draw& draw) const;
  // The operations that apply() does with this draw, in turn.
  std::vector<Done> done(const Draw& draw) const;

  // The specification with names and numbers in one form; `from` gives the same pipeline.
  std::string text() const;
  base::Json json() const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::unique_ptr<Step> spec_;  // its steps; null like root_ where it changes nothing
  bool mixes_ = false;
  bool borrows_ = false;
  bool hides_words_ = false;
};

// The generator of one sample in one epoch (or one copy), from that of the epoch.
base::Rng sample_rng(const base::Rng& epoch, std::int64_t sample);
// The generator of an epoch, counted from 0, as training has it.
base::Rng epoch_rng(std::int64_t seed, std::int64_t epoch);

// True if all steps can be prepared: false where one wants a lexicon or a command that is not
// there.
bool can_be_done(const std::string& spec, const Pool& pool);

// The specification in its one form, "" for none: what is kept with a model. "auto" stays.
std::string canonical(const std::string& spec);

}  // namespace refrain::augment
