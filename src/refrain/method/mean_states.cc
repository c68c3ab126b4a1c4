#include "refrain/method/mean_states.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"

namespace refrain::method {

using base::at;

std::vector<real> mean_states(const data::Subset& view, int threads) {
  if (view.size() == 0) throw Error(Code::kData, "no samples");
  const int H = view.dataset.streams.front().channels;
  std::vector<real> out(at(view.size()) * at(H));
  base::parallel_for(view.size(), threads, [&](int i) {
    if (const auto* known = view[i].mean_state.get()) {
      if (known->size() != at(H))
        throw Error(Code::kData, "samples differ in the number of states");
      std::copy(known->begin(), known->end(), &out[at(i) * at(H)]);
      return;
    }
    const auto& series = std::get<data::Series>(view[i].streams.front());
    if (series.steps > 0 && series.channels != H) {
      throw Error(Code::kData, "samples differ in the number of states");
    }
    std::vector<double> sum(at(H));
    for (int t = 0; t < series.steps; ++t) {
      for (int c = 0; c < H; ++c) {
        const auto state = static_cast<double>(series.values[at(t) * at(H) + at(c)]);
        if (std::isfinite(state)) sum[at(c)] += state;
      }
    }
    for (int c = 0; c < H; ++c) {
      out[at(i) * at(H) + at(c)] = static_cast<real>(sum[at(c)] / std::max(1, series.steps));
    }
  });
  return out;
}

void StateScale::fit(std::vector<real>& rows, int count) {
  const std::size_t H = rows.size() / at(count);
  mean_.assign(H, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    mean_[i % H] += static_cast<double>(rows[i]) / count;
  }
  double squares = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double d = static_cast<double>(rows[i]) - mean_[i % H];
    squares += d * d;
  }
  const double deviation = std::sqrt(squares / static_cast<double>(rows.size()));
  inverse_ = deviation > 1e-9 ? 1 / deviation : 1;
  apply(rows, count);
}

void StateScale::apply(std::vector<real>& rows, int count) const {
  const std::size_t H = mean_.size();
  if (rows.size() != H * at(count)) throw Error(Code::kData, "other states than in training");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = static_cast<real>((static_cast<double>(rows[i]) - mean_[i % H]) * inverse_);
  }
}

void StateScale::archive(Archive& file) {
  file.list("mean", mean_);
  file.number("inverse", inverse_);
  file.require(!mean_.empty() && std::isfinite(inverse_) && inverse_ > 0);
}

}  // namespace refrain::method
