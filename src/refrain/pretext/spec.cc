#include "refrain/pretext/spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/pretext/objective.h"

namespace refrain::pretext {
namespace {

base::Fields<ObjectiveSpec> objective_fields() {
  using S = ObjectiveSpec;
  return base::Fields<S>()
      .section("Series")
      .field("objective", &S::objective, objectives().names(),
             "what the source learns from the series: contrast = which two varied series come from "
             "the same one (Chen et al. 2020), mask = the values of hidden steps (Zerveas et al. "
             "2021), next = the values that follow, labels = the labels of the files")
      .common("What a source of series learns without labels: contrast, mask or next; or labels.")
      .field(
          "augment", &S::augment,
          "with --objective contrast: the steps that vary a series, as for --augment of 'refrain "
          "train'; auto = windows, warps, scales and noise; with labels none unless it is given")
      .field("temperature", &S::temperature, 0.01, 10,
             "with --objective contrast: temperature of the softmax over similarities")
      .field("mask_share", &S::mask_share, 0.01, 0.9,
             "with --objective mask: share of the steps that is hidden")
      .field("mask_length", &S::mask_length, 0, 10000,
             "mean length of a hidden run of steps; 0 = a twentieth of the series")
      .field("horizon", &S::horizon, 0, 10000,
             "with --objective next: number of steps to predict; 0 = an eighth of the longest "
             "series, at most 32")
      .field("channels", &S::channels, {"together", "apart"},
             "together = read all channels as one series; channels of several files are matched by "
             "name or place. apart = treat each channel as a series of its own, so that files with "
             "different channels can be combined")
      .field("rates", &S::rates,
             "sampling rates of the files in steps per second, such as 500,250: all are resampled "
             "to the lowest; without this option the rates are taken as equal")
      .field("valid_fraction", &S::valid_fraction, 0.001, 0.5, base::Word{"auto", kAutoFraction},
             "share of the series that is held out for early stopping and the score; auto = 0.1, "
             "and more with fewer than 200 series")
      .field("time_limit", &S::time_limit, "time for the training, such as 10m or 1h30m")
      .common("Train as much as fits into this time, such as 10m.");
}

std::vector<base::Field> made_pretext_fields() {
  using S = PretextSpec;
  auto fields = base::Fields<S>()
                    .include(&S::objective, objective_fields())
                    .include(&S::read, data::read_fields())
                    .include(&S::features, data::feature_fields())
                    .include(&S::encoder, nn::encoder_fields())
                    .include(&S::train, train::train_fields())
                    .include(&S::optim, optim::optim_fields())
                    .list();
  // These are of texts, of losses that are sums over samples, of transfer, or of searches on a
  // whole training part.
  for (const char* name : {"mixup",
                           "min_epochs",
                           "smooth_epochs",
                           "sam_base",
                           "sam_rho",
                           "embedding_dim",
                           "embedding_dropout",
                           "ar",
                           "tar",
                           "lm_loss",
                           "text_column",
                           "lowercase",
                           "min_count",
                           "max_vocabulary",
                           "max_length",
                           "freeze",
                           "unfreeze_every",
                           "unfreeze_words",
                           "layer_lr_decay",
                           "l2_sp"}) {
    std::erase_if(fields, [&](const base::Field& f) { return f.name == name; });
  }
  for (auto& field : fields) {
    if (field.name != "optimiser") continue;
    std::erase(field.choices, "lbfgs");
    std::erase(field.choices, "sam");
  }
  return fields;
}

}  // namespace

// The network of the presets for series (task/preset.cc).
PretextSpec::PretextSpec() {
  encoder.stem.stem = "full";
  encoder.stem.stem_skip = true;
  encoder.hidden = 48;
  encoder.dropout = 0.1;
  features.views = "raw,deviation,difference";
  train.patience = 20;
  optim.lr = 0.002;
  optim.schedule = "cosine";
  optim.warmup = 0.05;
}

const std::vector<base::Field>& pretext_fields() {
  static const std::vector<base::Field> fields = made_pretext_fields();
  return fields;
}

void check_options(const PretextSpec& spec) {
  const auto& limit = spec.objective.time_limit;
  if (!limit.empty() && !base::parse_duration(limit)) {
    throw Error(Code::kUsage, fmt::format("--time-limit: '{}' is no time", limit),
                "write 90s, 10m or 1h30m");
  }
  if (spec.encoder.hidden == nn::kAutoHidden) {
    throw Error(Code::kUsage, "--hidden auto needs labels to choose by", "give a number");
  }
  if (spec.encoder.dropout < 0 || spec.optim.lr == optim::kAutoRate) {
    throw Error(Code::kUsage, "--dropout and --lr must be numbers here", "leave them out");
  }
  if (spec.features.views.find('|') != std::string::npos) {
    throw Error(Code::kUsage, "--views takes one list of views here", "leave the bar out");
  }
}

}  // namespace refrain::pretext
