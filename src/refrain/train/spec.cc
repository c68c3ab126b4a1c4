#include "refrain/train/spec.h"

namespace refrain::train {

namespace {

void add_transfer(base::Fields<TrainSpec>& fields) {
  using S = TrainSpec;
  fields.section("Transfer")
      .field(
          "freeze", &S::freeze,
          "parameters that stand still: patterns of their names such as "
          "'embedding*,encoder.0.*', or how many layers from the input on; they cost no backward "
          "pass and no memory of the optimiser")
      .field("unfreeze_every", &S::unfreeze_every, 0, 1'000'000,
             "epochs after which one more layer begins to learn, from the head down (Howard and "
             "Ruder 2018); 0 = all from the start")
      .field("unfreeze_words", &S::unfreeze_words, 0, 1'000'000,
             "epochs before word vectors begin to learn; 0 = from the start")
      .field("layer_lr_decay", &S::layer_lr_decay, 0.01, 1,
             "learning rate of a layer as a share of that of the layer above it; 1 = the same")
      .field("l2_sp", &S::l2_sp, 0, 1e3,
             "with --init: penalty on the distance of weights from the source's, but for the head "
             "(Li et al. 2018)");
}

}  // namespace

base::Fields<TrainSpec> train_fields() {
  using S = TrainSpec;
  base::Fields<S> fields;
  add_transfer(fields);
  return fields.section("Training")
      .field("epochs", &S::epochs, 0, 1'000'000, "passes over the training part; 0 = by its size")
      .common("How often the networks see the training samples; 0 chooses by their number.")
      .field("batch_size", &S::batch_size, 0, 65536, "samples an update; 0 = by their number")
      .field("patience", &S::patience, 0, 1'000'000,
             "epochs without a better validation score before stopping; 0 = never stop early")
      .field("min_epochs", &S::min_epochs, 0, 1'000'000,
             "epochs before early stopping begins to choose")
      .field("smooth_epochs", &S::smooth_epochs, 0, 1'000'000,
             "early stopping looks at the mean validation loss of about so many epochs; 0 = at the "
             "score of each")
      .field("average", &S::average, {"none", "ema", "swa", "nt_asgd"},
             "weights that are validated and kept: the last ones, their exponential mean, their "
             "mean over the last epochs (Izmailov et al. 2018), or their mean from when the "
             "validation loss stops falling (Merity et al. 2018)")
      .field("ema_decay", &S::ema_decay, 0, 0.99999,
             "how much of the mean an update keeps, with --average ema")
      .field("swa_share", &S::swa_share, 0.001, 1,
             "share of the training whose weights are averaged, with --average swa")
      .field("nt_window", &S::nt_window, 1, 1'000'000,
             "epochs that the validation loss may be no better than before, with --average "
             "nt_asgd")
      .field("l1", &S::l1, 0, 1e3, "L1 penalty on weights: small ones become zero")
      .field("l2", &S::l2, 0, 1e3, "L2 penalty on weights")
      .field("penalty", &S::penalty,
             "l1, l2 or weight_decay of single weights by their names, for example "
             "encoder.*:l2=1e-4,head.*:l1=1e-3")
      .field("max_norm", &S::max_norm, 0, 1e6,
             "largest norm of the weights that enter a unit (Srebro et al. 2005); 0 = any")
      .field("mixup", &S::mixup, 0, 100,
             "each sample of a batch is mixed with another one after the word vectors, a series as "
             "it is, and so are the targets, by weights of Beta(mixup, mixup) such as 0.2 (Zhang "
             "et al. 2018); the longer one keeps its tail; 0 = none")
      .field("gradient_noise", &S::gradient_noise, 0, 100,
             "variance of the noise on gradients at the first update, falling with its number "
             "(Neelakantan et al. 2015)")
      .field("seed", &S::seed, 0, 2147483647, "all randomness follows from it")
      .common("Number that all randomness follows from: the same seed gives the same model.")
      .section("Machine")
      .field("threads", &S::threads, 0, 1024,
             "threads to use; 0 = all cores. The result is the same for any number")
      .common("Threads to use; 0 uses all cores. The result is the same for any number.");
}

}  // namespace refrain::train
