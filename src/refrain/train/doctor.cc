#include "refrain/train/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace refrain::train {
namespace {

using Finding = std::optional<std::string>;

constexpr std::size_t kLeastEpochs = 5;

double first_loss(const Outcome& o) { return o.history.front().loss; }
double last_loss(const Outcome& o) { return o.history.back().loss; }
// Before anything was learnt; a rate that is far too large shows in the first epoch's mean already.
double start_loss(const Outcome& o) { return o.start_loss > 0 ? o.start_loss : first_loss(o); }

const EpochRecord& lowest_loss(const Outcome& o) {
  return *std::min_element(o.history.begin(), o.history.end(),
                           [](const auto& a, const auto& b) { return a.loss < b.loss; });
}

// The loss came down and went up again, or is above where it began.
Finding diverged(const Outcome& o, const Treatment&) {
  const EpochRecord& best = lowest_loss(o);
  const double last = last_loss(o), rise = last - best.loss;
  std::string what;
  if (rise > 0.5 * std::abs(first_loss(o)) || last > 1.2 * first_loss(o)) {
    what = fmt::format("rose from {:.3g} (epoch {}) to {:.3g}", best.loss, best.epoch, last);
  } else if (last > 1.5 * start_loss(o)) {
    what = fmt::format("ended at {:.3g}, above the {:.3g} of the untrained network", last,
                       start_loss(o));
  } else {
    return std::nullopt;
  }
  return fmt::format(
      "the training loss {}: lower --lr ({:.2g}), for example to {:.1g}, or set --clip-norm 1",
      what, o.lr, o.lr / 5);
}

// How much the straight line through the epochs' losses falls: single epochs go up and down with
// dropout and augmentation.
double trend(const Outcome& o) {
  const double n = static_cast<double>(o.history.size()), middle = (n - 1) / 2;
  double sum = 0;
  for (std::size_t e = 0; e < o.history.size(); ++e) {
    sum += (static_cast<double>(e) - middle) * o.history[e].loss;
  }
  return -sum / (n * (n + 1) / 12);
}

Finding dead(const Outcome& o, const Treatment&) {
  const double first = first_loss(o), lowest = lowest_loss(o).loss;
  const bool moved = lowest < 0.85 * first || trend(o) > 0.03 * first;
  if (moved || last_loss(o) > 1.2 * first) return std::nullopt;
  return fmt::format(
      "the training loss hardly moved ({:.3g} to {:.3g} in {} epochs): try --lr auto (it is "
      "{:.2g}) "
      "or less --dropout; if nothing helps, do the labels belong to these samples?",
      first, lowest, o.epochs, o.lr);
}

// One layer's numbers over the epochs.
std::vector<double> column(const Outcome& o, std::size_t layer) {
  std::vector<double> out;
  for (std::size_t i = layer; i < o.layer_norms.size(); i += o.layers.size()) {
    out.push_back(o.layer_norms[i]);
  }
  return out;
}

double median(std::vector<double> x) {
  if (x.empty()) return 0;
  const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), middle, x.end());
  return *middle;
}

// A layer's gradient is far above both what it usually is and what it was at the start, and the
// whole gradient above what clipping lets pass. A network that has learnt has tiny gradients,
// beside which those of its first epochs, or of one hard batch, are large and yet harmless.
Finding exploding(const Outcome& o, const Treatment& t) {
  constexpr double kTimes = 50;
  const double limit = t.optim.clip_norm > 0 ? t.optim.clip_norm : optim::OptimSpec().clip_norm;
  for (std::size_t layer = 0; layer < o.layers.size(); ++layer) {
    const auto norms = column(o, layer);
    if (norms.size() < kLeastEpochs) continue;
    const auto most = std::max_element(norms.begin(), norms.end());
    const auto epoch = static_cast<std::size_t>(most - norms.begin());
    const double whole = epoch < o.history.size() ? o.history[epoch].gradient_norm : 0;
    const double usual = std::max(median(norms), norms.front());
    if (!(usual > 0) || *most < kTimes * usual || std::max(whole, *most) <= limit) continue;
    return fmt::format(
        "the gradient of {} exploded in epoch {} ({:.2g}, usually {:.2g}): set --clip-norm {:.2g} "
        "or --clip-adaptive 0.01, or lower --lr ({:.2g})",
        o.layers[layer], epoch + 1, *most, usual, t.optim.clip_norm > 0 ? t.optim.clip_norm / 5 : 1,
        o.lr);
  }
  return std::nullopt;
}

Finding vanishing(const Outcome& o, const Treatment& t) {
  constexpr double kShare = 1e-4;
  double most = 0;
  std::size_t strongest = 0;
  for (std::size_t layer = 0; layer < o.layers.size(); ++layer) {
    const double usual = median(column(o, layer));
    if (usual > most) most = usual, strongest = layer;
  }
  for (std::size_t layer = 0; layer < o.layers.size(); ++layer) {
    const double usual = median(column(o, layer));
    if (usual >= kShare * most) continue;
    return fmt::format(
        "the gradient vanishes in {} ({:.1g}, in {} {:.1g}): use --cell gru or lstm, {}"
        "--layer-norm, or fewer --layers",
        o.layers[layer], usual, o.layers[strongest], most,
        t.pools ? "--pooling mean or concat, " : "");
  }
  return std::nullopt;
}

Finding clipped(const Outcome& o, const Treatment& t) {
  double sum = 0;
  for (const auto& r : o.history) sum += r.clip_ratio;
  const double share = sum / static_cast<double>(o.history.size());
  if (share < 0.8) return std::nullopt;
  std::string which;
  if (t.optim.clip_norm > 0) which += fmt::format(", --clip-norm ({:g})", t.optim.clip_norm);
  if (t.optim.clip_value > 0) which += fmt::format(", --clip-value ({:g})", t.optim.clip_value);
  if (t.optim.clip_adaptive > 0) {
    which += fmt::format(", --clip-adaptive ({:g})", t.optim.clip_adaptive);
  }
  return fmt::format("{:.0f} % of the updates were clipped: the limit sets the step; raise {}",
                     100 * share, which.empty() ? "it" : which.substr(2));
}

// From the epoch with the lowest validation loss on, training goes on falling and validation rises.
Finding over_fitted(const Outcome& o, const Treatment& t) {
  if (!o.has_valid) return std::nullopt;
  const auto best =
      std::min_element(o.history.begin(), o.history.end(),
                       [](const auto& a, const auto& b) { return a.valid.loss < b.valid.loss; });
  const EpochRecord& last = o.history.back();
  const bool apart = last.valid.loss > 1.3 * best->valid.loss && last.loss < 0.8 * best->loss;
  if (!apart) return std::nullopt;
  return fmt::format(
      "over-fitting from epoch {} on: the validation loss rose from {:.3g} to {:.3g} while the "
      "training loss fell to {:.3g}: more --dropout or --weight-decay ({:g}), less --hidden, or {}",
      best->epoch, best->valid.loss, last.valid.loss, last.loss, t.optim.weight_decay,
      t.train.average == "none" ? "--average ema" : "more samples");
}

// The last tenth of the epochs still brings a good part of the whole fall.
Finding under_trained(const Outcome& o, const Treatment&) {
  const std::size_t n = o.history.size(), tenth = n / 10;
  if (o.reason != StopReason::kEpochs || tenth == 0) return std::nullopt;
  if (o.has_valid && o.best_epoch < static_cast<int>(n - tenth)) return std::nullopt;
  double before = 0, after = 0;
  for (std::size_t i = 0; i < tenth; ++i) {
    before += o.history[n - 2 * tenth + i].loss / static_cast<double>(tenth);
    after += o.history[n - tenth + i].loss / static_cast<double>(tenth);
  }
  if (before - after < 0.05 * (first_loss(o) - after)) return std::nullopt;
  return fmt::format(
      "the training loss was still falling at the end ({:.3g} to {:.3g} in the last {} epochs): "
      "more --epochs (it was {}), for example {}",
      before, after, 2 * tenth, o.epochs, 2 * o.epochs);
}

}  // namespace

std::vector<std::string> diagnose(const Outcome& outcome, const Treatment& treatment) {
  std::vector<std::string> out;
  if (outcome.history.size() < kLeastEpochs) return out;
  for (const auto& look :
       {diverged, dead, exploding, vanishing, clipped, over_fitted, under_trained}) {
    if (auto finding = look(outcome, treatment)) out.push_back(std::move(*finding));
  }
  return out;
}

}  // namespace refrain::train
