// A window of the series is replaced by the same window (by its place in the length) of another
// training series, whose label gets the window's share (Yun et al. 2019). The sample's own share,
// of Beta(alpha, alpha), is at least a half. Where both have tags, those of the window come along.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/partner.h"
#include "refrain/data/mixup.h"

namespace refrain::augment {
namespace {

struct Cutmix {
  double alpha = 1;
  std::string partner = "any";
};

void paste(const data::Series& other, Window window, data::Series& series) {
  const auto C = static_cast<std::size_t>(series.channels);
  for (auto i = static_cast<std::size_t>(window.begin) * C;
       i < static_cast<std::size_t>(window.end) * C; ++i) {
    // values missing in the sample stay missing; gaps of the partner are skipped
    if (std::isfinite(series.values[i]) && std::isfinite(other.values[i])) {
      series.values[i] = other.values[i];
    }
  }
}

void paste_tags(const data::Sample& partner, Window window, data::Sample& sample) {
  const auto from = partner.tags.size(), to = sample.tags.size();
  if (from == 0 || to < 2) return;
  for (auto t = static_cast<std::size_t>(window.begin); t < static_cast<std::size_t>(window.end);
       ++t) {
    sample.tags[t] = partner.tags[t * (from - 1) / (to - 1)];
  }
}

void apply_cutmix(const Cutmix& options, data::Series& series, data::Sample& sample, Draw& draw) {
  const int place = draw_partner(sample, draw, options.partner == "same");
  const double drawn = data::draw_beta(options.alpha, draw.rng);
  const double share = std::min(drawn, 1 - drawn);
  if (place < 0 || std::lround(share * series.steps) < 1) return;
  const Window window = draw_window(draw.rng, series.steps, share);
  data::Series stretched;
  const auto* other = partner_at_length(series, sample, draw.pool[place], series.steps, stretched);
  if (other == nullptr) return;
  paste(*other, window, series);
  if (!draw.first) return;
  if (stream_of(series, sample) == 0 &&
      sample.tags.size() == static_cast<std::size_t>(series.steps)) {
    paste_tags(draw.pool[place], window, sample);
  }
  share_label(draw.pool[place], static_cast<double>(window.end - window.begin) / series.steps,
              sample);
}

}  // namespace

Kind cutmix() {
  Kind kind =
      make_kind(base::Fields<Cutmix>()
                    .field("alpha", &Cutmix::alpha, 0.01, 100,
                           "parameter of the Beta distribution of the shares")
                    .field("partner", &Cutmix::partner, {"any", "same"},
                           "take the part from any training sample, or from one of the same label"),
                &apply_cutmix);
  kind.mixes = kind.borrows = kind.in_step = true;
  return kind;
}

}  // namespace refrain::augment
