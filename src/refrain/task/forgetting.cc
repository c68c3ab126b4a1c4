#include "refrain/task/forgetting.h"

#include <algorithm>

#include "refrain/nn/context.h"

namespace refrain::task {
namespace {

bool go_back(const std::string& name, const tensor::Tensor& from, tensor::Tensor to) {
  if (from.shape == to.shape) {
    std::copy_n(from.data, from.count(), to.data);
    return true;
  }
  if (name.ends_with(".reverse.w_x")) return true;  // the other way of a pair, which is not scored
  const bool first_rows = name.ends_with(".words") || name.ends_with(".forward.w_x");
  const bool both_ways = !name.ends_with(".w_x") || from.rows() == 2 * to.rows();
  if (!first_rows || !both_ways || from.columns() != to.columns()) return false;
  if (from.rows() < to.rows()) return false;
  std::copy_n(from.data, to.count(), to.data);
  return true;
}

}  // namespace

bool put_back(const nn::ParamSet& tuned, nn::ParamSet& source) {
  const std::string scope = std::string(nn::kFirstEncoder);
  for (std::size_t i = 0; i < source.params().size(); ++i) {
    const std::string& name = source.params()[i].name;
    if (!name.starts_with(scope)) continue;
    const auto& all = tuned.params();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const nn::Param& p) { return p.name == name; });
    const bool other_way = name.find(".reverse.") != std::string::npos;
    if (found == all.end() && other_way) continue;
    if (found == all.end()) return false;
    const int at = static_cast<int>(found - all.begin());
    if (!go_back(name, tuned.value(at), source.value(static_cast<int>(i)))) return false;
  }
  return true;
}

}  // namespace refrain::task
