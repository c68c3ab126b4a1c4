#include "refrain/task/forgetting.h"

#include <algorithm>

#include "refrain/nn/context.h"

namespace refrain::task {
namespace {

bool go_back(const tensor::Tensor& from, tensor::Tensor to) {
  if (from.shape == to.shape) {
    std::copy_n(from.data, from.count(), to.data);
    return true;
  }
  if (from.columns() != to.columns() || from.rows() < to.rows()) return false;
  std::copy_n(from.data, to.count(), to.data);
  return true;
}

}  // namespace

std::size_t put_back(const nn::ParamSet& tuned, nn::ParamSet& source) {
  std::size_t count = 0;
  const std::string scope = std::string(nn::kFirstEncoder);
  for (std::size_t i = 0; i < source.params().size(); ++i) {
    const std::string& name = source.params()[i].name;
    if (!name.starts_with(scope)) continue;
    const auto& all = tuned.params();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const nn::Param& p) { return p.name == name; });
    if (found == all.end()) continue;
    const int at = static_cast<int>(found - all.begin());
    count += go_back(tuned.value(at), source.value(static_cast<int>(i))) ? 1 : 0;
  }
  return count;
}

}  // namespace refrain::task
