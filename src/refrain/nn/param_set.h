// Every parameter of a model by its path name ("encoder.0.w_h"), all values in one block. Gradients
// are blocks of the same layout that belong to whoever trains (one a shard). Layers hold indices
// into it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/base/rng.h"
#include "refrain/tensor/tensor.h"

namespace refrain::nn {

// How a parameter starts; each is keyed by the parameter's name, so that adding a layer changes no
// other.
enum class Start {
  kZero,
  kOne,
  kGlorot,  // uniform +-sqrt(6 / (rows + columns)) (Glorot and Bengio 2010), per block of columns
  kOrthogonal,  // each block of columns an orthogonal matrix (Saxe et al. 2014)
  kForgetOne,   // zero but one in the second block: the forget gate of an lstm (Jozefowicz et al.
                // 2015)
  kSmallNormal  // normal with deviation 0.1, first row zero: a table of word vectors, <unk> first
};

struct Param {
  std::string name;
  tensor::Shape shape;
  Start start = Start::kZero;
  int blocks = 1;      // gates side by side in the columns
  bool weight = true;  // false for biases and gains: no penalty, no decay
  bool frozen = false;
  double rate = 1;         // share of the learning rate that it has
  std::size_t offset = 0;  // of its values in the block
};

class ParamSet {
 public:
  // Declares a parameter and returns its index. Names are unique.
  int add(Param param);

  // Makes the block and gives every parameter its start.
  void initialise(const base::Rng& rng);

  const std::vector<Param>& params() const { return params_; }
  Param& at(int index) { return params_[static_cast<std::size_t>(index)]; }
  std::size_t count() const { return count_; }  // numbers in the block, padding included
  std::size_t parameter_count() const;          // numbers that are parameters
  std::size_t room(std::size_t index) const;    // numbers a parameter takes, with its padding

  std::vector<real>& values() { return values_; }
  const std::vector<real>& values() const { return values_; }
  tensor::Tensor value(int index) const;
  // Returns the tensor at the same place in a gradient block.
  tensor::Tensor in_block(int index, real* block) const;

 private:
  std::vector<Param> params_;
  std::vector<real> values_;
  std::size_t count_ = 0;
};

}  // namespace refrain::nn
