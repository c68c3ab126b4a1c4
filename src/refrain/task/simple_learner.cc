#include "refrain/task/simple_learner.h"

#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::task {
namespace {

// One made-up sample, before it is encoded.
data::Dataset made_up(const data::Features& features) {
  base::Rng rng = base::Rng(0).fork("self-test");
  constexpr int kSteps = 40;
  data::Dataset d;
  d.streams = features.streams();
  d.samples.emplace_back();
  for (const auto& stream : d.streams) {
    if (stream.kind == data::StreamKind::kText) {
      d.samples.back().streams.emplace_back(std::string("a b c"));
      continue;
    }
    data::Series series{kSteps, stream.channels, {}};
    if (stream.from_text) d.samples.back().text = std::make_shared<const std::string>("a b c");
    for (int i = 0; i < kSteps * stream.channels; ++i) {
      series.values.push_back(static_cast<float>(rng.normal()));
    }
    d.samples.back().streams.emplace_back(std::move(series));
  }
  return d;
}

// A method tells nothing of what a network answers to whole samples beside their steps.
int method_columns(const Goal& goal) { return goal.width() - goal.whole_columns(); }

const method::MethodEntry& readable(const std::string& name, const data::Features& features) {
  const auto& entry = method::all_methods().at(name);
  data::Dataset form;
  form.streams = features.streams();
  if (method::applies(entry.kind, form)) return entry;
  throw Error(Code::kData, "a member reads other streams");
}

}  // namespace

SimpleLearner::SimpleLearner(const std::string& name, method::Method& fitted,
                             std::shared_ptr<const Goal> goal, data::Conditions conditions)
    : method_(method::all_methods().at(name).make()),
      goal_(std::move(goal)),
      conditions_(std::move(conditions)) {
  tensor::TensorFile file;
  method::Archive written(file, "", method_columns(*goal_));
  fitted.archive(written);
  method::Archive read(file, "", method_columns(*goal_), written.head());
  method_->archive(read);
}

SimpleLearner::SimpleLearner(const std::string& name, const Form& form,
                             std::shared_ptr<const Goal> goal, const tensor::TensorFile& file,
                             const std::string& prefix, const base::Json& entry)
    : method_(readable(name, form.features).make()), goal_(std::move(goal)) {
  method::Archive archive(file, prefix, method_columns(*goal_), entry.at("state"));
  method_->archive(archive);
  if (!entry.contains("conditions")) return;
  const int channels = form.features.streams().front().channels;
  conditions_ = data::Conditions::from_json(entry.at("conditions"), channels);
}

std::vector<double> SimpleLearner::answer(const data::Subset& samples, int threads) const {
  if (conditions_.count() == 0) return goal_->of_method(method_->predict(samples, threads));
  const data::Dataset scaled = conditions_.applied_to(samples);
  std::vector<int> all(scaled.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return goal_->of_method(method_->predict({scaled, all}, threads));
}

std::vector<double> SimpleLearner::self_test(const Form& form) const {
  const auto data = made_up(form.features);
  return method_->predict({data, {0}}, 1);
}

void SimpleLearner::write(const Form&, const std::string& prefix, tensor::TensorFile& file,
                          base::Json& entry) const {
  method::Archive archive(file, prefix, method_columns(*goal_));
  method_->archive(archive);
  entry["state"] = archive.head();
  if (conditions_.count() > 0) entry["conditions"] = conditions_.to_json();
}

tensor::TensorFile SimpleLearner::numbers() const {
  tensor::TensorFile file;
  method::Archive archive(file, "", method_columns(*goal_));
  method_->archive(archive);
  return file;
}

std::size_t SimpleLearner::number_count() const {
  std::size_t count = 0;
  for (const auto& t : numbers().tensors) count += t.values.size();
  return count;
}

void SimpleLearner::add_to(base::Digest& digest) const {
  for (const auto& t : numbers().tensors) digest.add_list(t.values);
}

}  // namespace refrain::task
