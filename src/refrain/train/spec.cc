#include "refrain/train/spec.h"

namespace refrain::train {

namespace {

void add_transfer(base::Fields<TrainSpec>& fields) {
  using S = TrainSpec;
  fields.section("Transfer")
      .field("freeze", &S::freeze,
             "parameters that are not trained: patterns of their names such as "
             "'embedding*,encoder.0.*', or a number of layers from the input on. They need no "
             "backward pass and no memory of the optimiser")
      .field("unfreeze_every", &S::unfreeze_every, 0, 1'000'000,
             "gradual unfreezing: train one more layer, from the head down, after every this many "
             "epochs (Howard and Ruder 2018); 0 = all from the start")
      .field("unfreeze_words", &S::unfreeze_words, 0, 1'000'000,
             "number of epochs before the word vectors are trained; 0 = from the start")
      .field(
          "layer_lr_decay", &S::layer_lr_decay, 0.01, 1,
          "learning rate of a layer as a share of the rate of the layer above it; 1 = equal rates")
      .field("l2_sp", &S::l2_sp, 0, 1e3,
             "with --init: penalty on the distance of the weights, without the head, from those of "
             "the source (Li et al. 2018)");
}

void add_updates(base::Fields<TrainSpec>& fields) {
  using S = TrainSpec;
  fields.section("Training")
      .field("epochs", &S::epochs, 0, 1'000'000,
             "number of passes over the training part; 0 = chosen by its size")
      .common("How often the networks see the training samples; 0 chooses by their number.")
      .field("batch_size", &S::batch_size, 0, 65536,
             "samples in one update; 0 = chosen by their number")
      .field("patience", &S::patience, 0, 1'000'000,
             "stop after this many epochs without a better validation score; 0 = never")
      .field("min_epochs", &S::min_epochs, 0, 1'000'000,
             "first epoch that early stopping may choose")
      .field("smooth_epochs", &S::smooth_epochs, 0, 1'000'000,
             "let early stopping compare the mean validation loss of about this many epochs; 0 = "
             "the score of each epoch")
      .field("average", &S::average, {"none", "ema", "swa", "nt_asgd"},
             "weights that are validated and kept: none = the last ones, ema = their exponential "
             "mean, swa = their mean over the last epochs (Izmailov et al. 2018), nt_asgd = their "
             "mean since the validation loss stopped falling (Merity et al. 2018)")
      .field("ema_decay", &S::ema_decay, 0, 0.99999,
             "with --average ema: share of the mean that an update keeps")
      .field("swa_share", &S::swa_share, 0.001, 1,
             "with --average swa: share of the training, at its end, whose weights are averaged")
      .field(
          "nt_window", &S::nt_window, 1, 1'000'000,
          "with --average nt_asgd: epochs without a lower validation loss before averaging begins")
      .field("l1", &S::l1, 0, 1e3, "L1 penalty on the weights, which sets small ones to zero")
      .field("l2", &S::l2, 0, 1e3, "L2 penalty on the weights")
      .field("penalty", &S::penalty,
             "l1, l2 or weight_decay of single parameters by their names, such as "
             "encoder.*:l2=1e-4,head.*:l1=1e-3")
      .field("max_norm", &S::max_norm, 0, 1e6,
             "largest norm of the weights that enter a unit (Srebro et al. 2005); 0 = no limit")
      .field("mixup", &S::mixup, 0, 100,
             "mix each sample of a batch, and its target, with another sample of the batch, by "
             "shares from Beta(mixup, mixup), such as 0.2 (Zhang et al. 2018). Texts are mixed as "
             "word vectors; 0 = none")
      .field("gradient_noise", &S::gradient_noise, 0, 100,
             "variance of the noise on the gradient at the first update; it falls over the "
             "training (Neelakantan et al. 2015)");
}

}  // namespace

base::Fields<TrainSpec> train_fields() {
  using S = TrainSpec;
  base::Fields<S> fields;
  add_transfer(fields);
  add_updates(fields);
  fields.field("seed", &S::seed, 0, 2147483647, "seed of all random numbers")
      .common("Number that all randomness follows from: the same seed gives the same model.")
      .section("Machine")
      .field("threads", &S::threads, 0, 1024,
             "number of threads; 0 = all cores. The result is the same for any number")
      .common("Threads to use; 0 uses all cores. The result is the same for any number.");
  return fields;
}

}  // namespace refrain::train
