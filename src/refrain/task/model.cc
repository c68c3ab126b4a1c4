#include "refrain/task/model.h"

#include <algorithm>

#include "refrain/score/temperature.h"
#include "refrain/task/class_weight.h"
#include "refrain/task/test_variants.h"

namespace refrain::task {
namespace {

std::vector<double> probabilities(const Member& member, const std::vector<double>& class_weight,
                                  const View& view, int threads) {
  if (member.network != nullptr) {
    return member.network->predict(member.network->encode_unlabelled(view.dataset, view.chosen),
                                   threads);
  }
  return reweighed(member.baseline->predict(view, threads), class_weight);
}

// The same at the member's temperature.
std::vector<double> tempered(const Model& model, const Member& member, const View& view,
                             int threads) {
  auto p = probabilities(member, model.class_weight, view, threads);
  if (member.temperature == 1) return p;
  return score::apply_temperature(std::move(p), static_cast<int>(model.labels.size()),
                                  member.temperature);
}

// The numbers that a baseline keeps.
tensor::TensorFile numbers_of(const Member& member, int classes) {
  tensor::TensorFile file;
  Archive archive(file, "", classes);
  member.baseline->archive(archive);
  return file;
}

}  // namespace

std::vector<double> Model::predict(const View& view, int threads) const {
  return predict_with_variants(spec, view, threads,
                               [&](const View& varied) { return predict_as_is(varied, threads); });
}

std::vector<double> Model::predict_by(const std::string& method, const View& view,
                                      int threads) const {
  return predict_with_variants(spec, view, threads, [&](const View& varied) {
    return predict_as_is_by(method, varied, threads);
  });
}

std::vector<double> Model::predict_as_is(const View& view, int threads) const {
  const int classes = static_cast<int>(labels.size());
  double total = 0;
  for (const Member& member : members) total += member.weight;
  std::vector<double> mean;
  for (const Member& member : members) {
    auto p = tempered(*this, member, view, threads);
    if (members.size() == 1) {
      mean = std::move(p);
      break;
    }
    mean.resize(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) mean[i] += member.weight / total * p[i];
  }
  if (temperature == 1) return mean;
  return score::apply_temperature(std::move(mean), classes, temperature);
}

std::vector<double> Model::predict_as_is_by(const std::string& method, const View& view,
                                            int threads) const {
  const auto count = std::count_if(members.begin(), members.end(),
                                   [&](const Member& member) { return member.method == method; });
  std::vector<double> mean;
  for (const Member& member : members) {
    if (member.method != method) continue;
    const auto p = tempered(*this, member, view, threads);
    mean.resize(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) mean[i] += p[i] / static_cast<double>(count);
  }
  return mean;
}

std::vector<int> Model::decide(const std::vector<double>& probability) const {
  if (!cost.empty()) return score::decide(probability, cost);
  const auto classes = static_cast<std::ptrdiff_t>(labels.size());
  std::vector<int> out;
  for (auto row = probability.begin(); row != probability.end(); row += classes) {
    out.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  return out;
}

const Classifier* Model::single_network() const {
  return members.size() == 1 ? members.front().network.get() : nullptr;
}

std::size_t Model::parameter_count() const {
  std::size_t count = 0;
  for (const Member& member : members) {
    if (member.network != nullptr) {
      count += member.network->params().parameter_count();
      continue;
    }
    const auto file = numbers_of(member, static_cast<int>(labels.size()));
    for (const auto& t : file.tensors) count += t.values.size();
  }
  return count;
}

void Model::add_to(base::Digest& digest) const {
  for (const Member& member : members) {
    if (member.network != nullptr) {
      digest.add_list(member.network->params().values());
      continue;
    }
    const auto file = numbers_of(member, static_cast<int>(labels.size()));
    for (const auto& t : file.tensors) digest.add_list(t.values);
  }
}

Model model_of(std::unique_ptr<Classifier> network, Receipt receipt) {
  Model model;
  model.spec = network->spec();
  model.features = network->features();
  model.labels = network->labels();
  model.members.push_back({"network", std::move(network), nullptr});
  model.receipt = std::move(receipt);
  return model;
}

}  // namespace refrain::task
