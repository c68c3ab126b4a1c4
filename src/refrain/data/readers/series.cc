#include "refrain/data/readers/series.h"

#include <algorithm>
#include <cmath>

namespace refrain::data {

void cut_padding(Series& series, bool keeps_gaps) {
  const auto last = std::find_if(series.values.rbegin(), series.values.rend(),
                                 [](float value) { return !std::isnan(value); });
  const bool kept = keeps_gaps && last == series.values.rend();
  const auto used = static_cast<int>(kept ? series.values.rend() - series.values.rbegin()
                                          : series.values.rend() - last);
  series.steps = series.channels == 0 ? 0 : (used + series.channels - 1) / series.channels;
  series.values.resize(static_cast<std::size_t>(series.steps) *
                       static_cast<std::size_t>(series.channels));
}

}  // namespace refrain::data
