// A fitted model of the task `classify`: one or more members, networks or baselines, whose
// probabilities are averaged, and what turns them into a decision. Everything that prediction needs
// and nothing of the training data beyond it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/base/digest.h"
#include "refrain/score/decision.h"
#include "refrain/task/baselines/baseline.h"
#include "refrain/task/classifier.h"

namespace refrain::task {

// A network or a baseline (the other one is null).
struct Member {
  std::string method;  // "network" or the baseline's name
  std::unique_ptr<Classifier> network;
  std::unique_ptr<Baseline> baseline;
  double weight = 1;       // its share of the average, before all are brought to 1
  double temperature = 1;  // of its probabilities (score/temperature.h)
};

// How a model came about; kept in its file.
struct Receipt {
  std::string version;  // of Refrain
  int n_train = 0, n_valid = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;
};

struct Model {
  Spec spec;                        // settled
  data::Features features;          // the form that data must have
  std::vector<std::string> labels;  // sorted, unique, at least two
  data::Columns columns;            // what the training file called them
  std::vector<Member> members;
  double temperature = 1;  // of the average
  score::Cost cost;        // what mistakes cost; empty: the most probable class is the answer
  Receipt receipt;
  // What the labels were before they were text: "text", "integer", "float" or "bool"; empty where
  // nobody said so.
  std::string label_kind;
  // Subtracted from the values of each channel of a series before they become float: what is large
  // with small changes keeps the changes. Empty: nothing was. Views of samples have it subtracted.
  std::vector<double> offset;
  // [C] Of --class-weight, for the members that are no networks; empty: none.
  std::vector<double> class_weight;

  // Probabilities [n,C], row by row, with --tta of the samples and their variants; the same for any
  // number of threads. Throws data where the samples do not have the form of the training data.
  std::vector<double> predict(const View& view, int threads) const;
  // The same of the members of one method alone, all weighing the same; nothing where there is
  // none.
  std::vector<double> predict_by(const std::string& method, const View& view, int threads) const;
  // The class of each row of probabilities [n,C].
  std::vector<int> decide(const std::vector<double>& probability) const;

  // The only member, where it is a network; else null.
  const Classifier* single_network() const;
  std::size_t parameter_count() const;      // of networks; baselines: the numbers they keep
  void add_to(base::Digest& digest) const;  // every fitted number

 private:
  // Without --tta.
  std::vector<double> predict_as_is(const View& view, int threads) const;
  std::vector<double> predict_as_is_by(const std::string& method, const View& view,
                                       int threads) const;
};

// A model whose only member is this network.
Model model_of(std::unique_ptr<Classifier> network, Receipt receipt);

}  // namespace refrain::task
