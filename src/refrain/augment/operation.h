// Operations of augmentation: a sample in, the same sample changed. An operation is a struct of
// options (its fields have names, ranges and help) and a free function that changes one stream's
// value; `Kind` is both with the types erased, and the registry (list.cc) names all of them.
//
//   struct Jitter { double sigma = 0.03; };
//   Kind jitter() { return make_kind<Jitter, data::Series>(fields, &apply); }
//
// All randomness comes from the Draw, whose generator is keyed by (seed, epoch, sample, place of
// the operation): the same draw gives the same sample on any thread and in any order. An operation
// changes only what it means to: labels, tags, lengths and missing values stay legal.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/base/registry.h"
#include "refrain/base/rng.h"
#include "refrain/data/sample.h"

namespace refrain::augment {

class Pool;

// The random numbers, pool and stream for one application of an operation.
struct Draw {
  base::Rng rng;
  const Pool& pool;  // the training samples, to borrow from
  int self = -1;     // the sample's place in the pool; -1 = it is not there

  // Where a sample has several streams:
  int stream = kAllStreams;        // the only one to be changed
  bool in_step = false;            // all draw the same numbers
  bool first = true;               // this is the first one that is changed
  int partner = -1;                // whom the first one borrowed from; -1 = not said
  std::vector<float> places = {};  // in the first stream: the places that its steps were taken from
  int steps = 0;                   // length of the first stream then

  static constexpr int kAllStreams = -1;
};

// For a further stream of the same sample: the draw with the generator that the first one began
// with, or one of its own.
void go_on(const base::Rng& start, std::size_t stream, Draw& draw);

// An operation with its options set.
class Operation {
 public:
  virtual ~Operation() = default;
  // Called once, before the first sample, with what it may borrow from; for work that is too much
  // for each sample. What it did in one line, or nothing. Throws usage where it cannot be done.
  virtual std::string prepare(const Pool&) { return {}; }
  // Changes the sample's streams that are of its kind; others stay as they are.
  virtual void apply(data::Sample& sample, Draw& draw) const = 0;
  // All its options with their values.
  virtual base::Json options() const = 0;
  // The same as apply() has them with a draw of this generator: ranges are one value.
  virtual base::Json drawn(const base::Rng& rng) const = 0;
};

// An operation's options and how one is made of them.
struct Kind {
  data::StreamKind input = data::StreamKind::kSeries;
  std::vector<base::Field> fields;
  // Options as Option::value below. Throws usage for an unknown option ("did you mean") and for a
  // value out of range.
  std::function<std::unique_ptr<Operation>(const base::Json& options)> make;
  double p = 0.5;            // how often it is applied where nothing else is said
  bool mixes = false;        // may give a sample shares of the labels of others
  bool borrows = false;      // does nothing to a sample without other training samples
  bool hides_words = false;  // puts in what no vocabulary knows, to train the unknown word
  bool in_step = false;      // moves steps or borrows: series of one sample must do so alike
};

// Every operation by name, with a line of description.
const base::Registry<Kind>& operations();

// An option that is drawn anew for each sample, evenly between two values.
struct Range {
  base::Field field;
  double low = 0, high = 0;
};

// The value as the field takes it, [low, high] for a range of a number. Throws usage.
base::Json check_option(const base::Field& field, const base::Json& value);

// An operation whose options are the fields of a Spec: what does not depend on the Spec's type.
class Configured : public Operation {
 public:
  // Sets the options; those that are ranges are kept. Throws usage, naming the option.
  void configure(std::vector<base::Field> fields, const base::Json& options);
  base::Json options() const override;
  base::Json drawn(const base::Rng& rng) const override;

 protected:
  virtual const void* spec() const = 0;
  bool draws_options() const { return !ranges_.empty(); }
  // Draws the options that are ranges into a copy of the Spec.
  void draw_options(base::Rng rng, void* spec) const;

 private:
  std::vector<base::Field> fields_;
  std::vector<Range> ranges_;
};

// Kind::make for operations with these fields.
std::function<std::unique_ptr<Operation>(const base::Json& options)> maker(
    std::vector<base::Field> fields, std::function<std::unique_ptr<Configured>()> create);

template <class Value>
constexpr data::StreamKind kind_of() {
  if (std::is_same_v<Value, data::Sound>) return data::StreamKind::kSound;
  return std::is_same_v<Value, std::string> ? data::StreamKind::kText : data::StreamKind::kSeries;
}

// `apply` changes one value; it is called for each stream of that kind, in their order. `prepare`
// may keep what it made in members of the Spec that are no fields.
template <class Spec, class Value>
Kind make_kind(base::Fields<Spec> fields, void (*apply)(const Spec&, Value&, data::Sample&, Draw&),
               std::string (*prepare)(Spec&, const Pool&) = nullptr) {
  struct Made : Configured {
    Spec own;
    void (*function)(const Spec&, Value&, data::Sample&, Draw&) = nullptr;
    std::string (*before)(Spec&, const Pool&) = nullptr;

    const void* spec() const override { return &own; }
    std::string prepare(const Pool& pool) override {
      return before != nullptr ? before(own, pool) : std::string();
    }
    void apply(data::Sample& sample, Draw& draw) const override {
      if (!draws_options()) return apply_as(own, sample, draw);
      Spec drawn = own;
      draw_options(draw.rng.fork("options"), &drawn);
      apply_as(drawn, sample, draw);
    }
    void apply_as(const Spec& options, data::Sample& sample, Draw& draw) const {
      const base::Rng start = draw.rng;
      for (std::size_t s = 0; s < sample.streams.size(); ++s) {
        auto* changed = std::get_if<Value>(&sample.streams[s]);
        const bool wanted = draw.stream == Draw::kAllStreams || draw.stream == static_cast<int>(s);
        if (changed == nullptr || !wanted) continue;
        if (!draw.first) go_on(start, s, draw);
        function(options, *changed, sample, draw);
        draw.first = false;
      }
    }
  };
  return {kind_of<Value>(), fields.list(), maker(fields.list(), [apply, prepare] {
            auto made = std::make_unique<Made>();
            made->function = apply;
            made->before = prepare;
            return made;
          })};
}

inline Kind in_step(Kind kind) {
  kind.in_step = true;
  return kind;
}

inline Kind borrowing(Kind kind) {
  kind.borrows = true;
  return kind;
}

}  // namespace refrain::augment
