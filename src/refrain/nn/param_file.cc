#include "refrain/nn/param_file.h"

#include <fmt/format.h>

#include <utility>

#include "refrain/base/error.h"

namespace refrain::nn {

using tensor::NamedTensor;

bool is_turned(const Param& p) { return p.shape.rank() == 2 && p.start != Start::kSmallNormal; }

NamedTensor to_tensor(const ParamSet& params, int index, const std::string& prefix) {
  const Param& p = params.params()[static_cast<std::size_t>(index)];
  const tensor::Tensor t = params.value(index);
  NamedTensor out{prefix + p.name, {}, std::vector<real>(t.data, t.data + t.count())};
  for (int i = 0; i < p.shape.rank(); ++i) out.shape.push_back(p.shape[i]);
  if (!is_turned(p)) return out;
  std::swap(out.shape[0], out.shape[1]);
  const auto rows = static_cast<std::size_t>(t.rows()),
             columns = static_cast<std::size_t>(t.columns());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out.values[c * rows + r] = t.data[r * columns + c];
  }
  return out;
}

void read_parameters(const tensor::TensorFile& file, const std::string& prefix, ParamSet& params) {
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const NamedTensor want = to_tensor(params, static_cast<int>(i), prefix);
    const NamedTensor* found = file.find(want.name);
    if (found == nullptr || found->shape != want.shape) {
      throw Error(Code::kData,
                  fmt::format("tensor '{}' is missing or of another shape", want.name));
    }
    const tensor::Tensor t = params.value(static_cast<int>(i));
    const bool turn = is_turned(params.params()[i]);
    const auto rows = static_cast<std::size_t>(t.rows());
    const auto columns = static_cast<std::size_t>(t.columns());
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        t.data[r * columns + c] = found->values[turn ? c * rows + r : r * columns + c];
      }
    }
  }
}

}  // namespace refrain::nn
