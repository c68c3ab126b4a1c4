#include "refrain/tape/segments.h"

#include <algorithm>

namespace refrain::tape {

Segments cut_steps(const tensor::Steps& steps, int segment_rows, std::size_t group_rows,
                   tensor::Arena& arena) {
  const auto most = static_cast<std::size_t>(steps.N / segment_rows + 2);
  int* cut = arena.array<int>(most);
  int* group = arena.array<int>(most);
  Segments s;
  s.cut = cut;
  s.group = group;
  cut[0] = group[0] = 0;
  const auto rows_between = [&](int first, int end) {
    return row_begin(steps, end) - row_begin(steps, first);
  };
  for (int t = 1; t <= steps.T; ++t) {
    const int rows = rows_between(cut[s.count], t);
    if (rows < segment_rows && t < steps.T) continue;
    s.most_segment_rows = std::max(s.most_segment_rows, rows);
    cut[++s.count] = t;
    const int first = cut[group[s.groups]];
    const auto wanted = group_rows == 0 ? static_cast<std::size_t>(steps.N) : group_rows;
    if (static_cast<std::size_t>(rows_between(first, t)) < wanted && t < steps.T) continue;
    group[++s.groups] = s.count;
    const int with_margin = rows_between(std::max(first - 1, 0), std::min(t + 1, steps.T));
    s.most_rows = std::max(s.most_rows, with_margin);
  }
  return s;
}

}  // namespace refrain::tape
