// Operations of augmentation: a sample in, the same sample changed. An operation is a struct of
// options (its fields have names, ranges and help) and a free function that changes one stream's
// value; `Kind` is both with the types erased, and the registry (list.cc) names all of them.
//
//   struct Jitter { double sigma = 0.03; };
//   Kind jitter() { return make_kind<Jitter, data::Series>(fields, &apply); }
//
// All randomness comes from the Draw, whose generator is keyed by (seed, epoch, sample, place of
// the operation): the same draw gives the same sample on any thread and in any order. An operation
// changes only what it means to: labels, lengths and missing values stay legal.
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

// What one application of an operation may use.
struct Draw {
  base::Rng rng;
  const Pool& pool;  // the training samples, to borrow from
};

// An operation with its options set.
class Operation {
 public:
  virtual ~Operation() = default;
  // Changes the sample's streams that are of its kind; others stay as they are.
  virtual void apply(data::Sample& sample, Draw& draw) const = 0;
};

// An operation's options and how one is made of them.
struct Kind {
  data::StreamKind input = data::StreamKind::kSeries;
  std::vector<base::Field> fields;
  // Throws usage for an unknown option ("did you mean") and for a value out of range.
  std::function<std::unique_ptr<Operation>(const base::Json& options)> make;
};

// Every operation by name, with a line of description.
const base::Registry<Kind>& operations();

template <class Value>
constexpr data::StreamKind kind_of() {
  return std::is_same_v<Value, std::string> ? data::StreamKind::kText : data::StreamKind::kSeries;
}

// `apply` changes one value; it is called for each stream of that kind, in their order.
template <class Spec, class Value>
Kind make_kind(base::Fields<Spec> fields,
               void (*apply)(const Spec&, Value&, data::Sample&, Draw&)) {
  struct Made : Operation {
    Spec spec;
    void (*function)(const Spec&, Value&, data::Sample&, Draw&) = nullptr;
    void apply(data::Sample& sample, Draw& draw) const override {
      for (data::Value& value : sample.streams) {
        if (auto* own = std::get_if<Value>(&value)) function(spec, *own, sample, draw);
      }
    }
  };
  auto list = fields.list();
  auto make = [list, apply](const base::Json& options) -> std::unique_ptr<Operation> {
    auto made = std::make_unique<Made>();
    made->function = apply;
    for (const auto& [name, value] : options.items()) {
      base::set_field(list, &made->spec, name, value);
    }
    return made;
  };
  return {kind_of<Value>(), list, make};
}

}  // namespace refrain::augment
