#include "refrain/forecast/smoothed.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/forecast/network.h"

namespace refrain::forecast {
namespace {

using base::at;

// The values of the steps that networks read; a place of the smoothing where one is there.
void place_rows(const WindowForm& w, int b, int row, const tensor::Steps& steps,
                SmoothedBatch& out) {
  const real* values = out.values.data() + at(b) * at(w.window);
  const int R = steps.length[row];
  for (int r = 0; r < R; ++r) {
    int* places = out.rows.data() + at(steps.row(r, row)) * at(w.row_width());
    for (int i = 0; i < w.segment; ++i) {
      const int j = w.window - (R - r) * w.segment + i;
      if (j < 0 || std::isnan(static_cast<double>(values[j]))) continue;
      places[at(i) * at(w.step_width())] = b * (w.window + w.horizon) + j;
    }
  }
}

}  // namespace

void fill_smoothed(const Windows& windows, const NetworkForm& form,
                   const std::vector<Origin>& origins, const tensor::Steps& steps,
                   SmoothedBatch& out) {
  const WindowForm& w = form.window;
  const auto B = static_cast<int>(origins.size());
  const int K = w.window + w.horizon, outputs = form.outputs(), P = outputs / w.horizon;
  const bool first_alone = heads().at(form.head).likelihood;
  out.values.resize(at(B) * at(w.window));
  out.rows.assign(at(steps.N) * at(w.row_width()), -1);
  out.side.assign(at(B) * at(w.side_width()), -1);
  out.outputs.assign(at(B) * at(outputs), -1);
  out.offsets.assign(at(B) * 2, -1);
  out.shared.assign(at(B), 0);
  for (int row = 0; row < B; ++row) {
    const int b = steps.position[row];
    const Origin& o = origins[at(b)];
    real* values = out.values.data() + at(b) * at(w.window);
    windows.cut_values(o.series, o.at, windows.scaling(o.series, o.at), values);
    place_rows(w, b, row, steps, out);
    for (int i = 0; i < w.skip; ++i) {
      const int j = w.window - w.skip + i;
      if (j < 0 || std::isnan(static_cast<double>(values[j]))) continue;
      out.side[at(b) * at(w.side_width()) + at(i)] = b * K + j;
    }
    for (int c = 0; c < outputs; ++c) {
      if (first_alone && c % P != 0) continue;  // a scale has no level
      out.outputs[at(b) * at(outputs) + at(c)] = b * K + w.window + c / P;
    }
    const std::string& id = windows.histories().series[at(o.series)].id;
    const auto found = std::lower_bound(form.series.begin(), form.series.end(), id);
    if (found == form.series.end() || *found != id) continue;
    const auto place = static_cast<int>(found - form.series.begin());
    out.offsets[at(b) * 2] = 2 * place;
    out.offsets[at(b) * 2 + 1] = 2 * place + 1;
  }
}

}  // namespace refrain::forecast
