// A fitted model: one or more members, networks or simple methods, whose answers are averaged, and
// the goal that says what the answers mean. Everything that prediction needs and nothing of the
// training data beyond it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/base/digest.h"
#include "refrain/task/network.h"

namespace refrain::task {

struct Member {
  std::string method;  // "network" or the simple method's name
  std::unique_ptr<Learner> learner;
  double weight = 1;       // its share of the average, before all are brought to 1
  double temperature = 1;  // of its answers (Judge::temperature)
};

// How a model came about; kept in its file.
struct Receipt {
  std::string version;  // of Refrain
  int n_train = 0, n_valid = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;
};

struct Model {
  Spec spec;                         // settled
  data::Features features;           // the form that data must have
  std::shared_ptr<const Goal> goal;  // the goal of the learning
  data::Columns columns;             // the names in the training file
  std::vector<Member> members;
  double temperature = 1;  // of the average
  Receipt receipt;
  // The type of the labels before they became text: "text", "integer", "float" or "bool"; empty if
  // it was not given.
  std::string label_kind;
  std::string given;  // what a caller set, in words of its own; empty where nobody did
  // Subtracted from the values of each channel of a series before they become float: what is large
  // with small changes keeps the changes. Empty: nothing was. Views of samples have it subtracted.
  std::vector<double> offset;
  // The digest of the encoder (spec.text_encoder) that reads texts first. Empty: none does.
  std::string encoder;

  // Returns the model's predictions; with --tta, those of the samples and their variants. The
  // result is the same for any number of threads. Throws data if the samples do not have the form
  // of the training data.
  Predictions answer(const data::Subset& view, int threads) const;
  // The members' averaged answers [n,width], before the goal completes them.
  std::vector<double> predict(const data::Subset& view, int threads) const;
  // Returns the predictions of one method's members alone, with equal weights; empty if there are
  // none.
  std::vector<double> predict_by(const std::string& method, const data::Subset& view,
                                 int threads) const;
  // The averaged answers of all members, and of all but those of one method: nothing where no other
  // is there.
  struct Averages {
    std::vector<double> all, others;
  };
  Averages predict_without(const std::string& method, const data::Subset& view, int threads) const;
  Form form() const { return {spec, features}; }
  // Whether a member is of this method.
  bool has(const std::string& method) const;
  // Members that have no share of the average are not kept.
  void leave_silent_out();

  // The only member, where it is a network; else null.
  const Network* single_network() const;
  std::size_t parameter_count() const;      // fitted numbers of all members
  void add_to(base::Digest& digest) const;  // every fitted number

 private:
  // Without --tta; of all members but those of `without`.
  Averages predict_as_is(const data::Subset& view, int threads, const std::string& without) const;
  std::vector<double> predict_as_is_by(const std::string& method, const data::Subset& view,
                                       int threads) const;
};

// How texts are read by the model's encoder, or by the one of these options.
transformer::EncodingOf encoding_of(const Model& model, const transformer::TextEncoderSpec& spec);
transformer::EncodingOf encoding_of(const Model& model);

// A model whose only member is this network.
Model model_of(std::unique_ptr<Network> network, Receipt receipt);

}  // namespace refrain::task
