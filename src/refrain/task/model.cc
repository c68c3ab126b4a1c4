#include "refrain/task/model.h"

#include <algorithm>

#include "refrain/task/test_variants.h"

namespace refrain::task {
namespace {

// The member's answers at its temperature.
std::vector<double> tempered(const Model& model, const Member& member, const data::Subset& view,
                             int threads) {
  auto answers = member.learner->answer(view, threads);
  if (member.temperature == 1) return answers;
  return model.goal->judge().at_temperature(std::move(answers), member.temperature);
}

}  // namespace

Predictions Model::answer(const data::Subset& view, int threads) const {
  return goal->say(view, predict(view, threads));
}

std::vector<double> Model::predict(const data::Subset& view, int threads) const {
  return predict_with_variants(spec, view, threads, [&](const data::Subset& varied) {
    return predict_as_is(varied, threads, "").all;
  });
}

std::vector<double> Model::predict_by(const std::string& method, const data::Subset& view,
                                      int threads) const {
  return predict_with_variants(spec, view, threads, [&](const data::Subset& varied) {
    return predict_as_is_by(method, varied, threads);
  });
}

Model::Averages Model::predict_without(const std::string& method, const data::Subset& view,
                                       int threads) const {
  const bool others =
      has(method) && std::any_of(members.begin(), members.end(),
                                 [&](const Member& m) { return m.method != method; });
  if (!others) return {predict(view, threads), {}};
  if (!varies_tests(spec)) return predict_as_is(view, threads, method);
  return {predict(view, threads),
          predict_with_variants(spec, view, threads, [&](const data::Subset& varied) {
            return predict_as_is(varied, threads, method).others;
          })};
}

namespace {

// out += factor * p, from zeros where it is empty.
void add(double factor, const std::vector<double>& p, std::vector<double>& out) {
  out.resize(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) out[i] += factor * p[i];
}

}  // namespace

Model::Averages Model::predict_as_is(const data::Subset& view, int threads,
                                     const std::string& without) const {
  double total = 0, rest = 0;
  for (const Member& member : members) {
    total += member.weight;
    if (member.method != without) rest += member.weight;
  }
  const bool wanted = !without.empty() && rest > 0;
  Averages mean;
  for (const Member& member : members) {
    auto p = tempered(*this, member, view, threads);
    if (wanted && member.method != without) add(member.weight / rest, p, mean.others);
    if (members.size() == 1) {
      mean.all = std::move(p);
      break;
    }
    add(member.weight / total, p, mean.all);
  }
  if (temperature == 1) return mean;
  const Judge& judge = goal->judge();
  mean.all = judge.at_temperature(std::move(mean.all), temperature);
  if (wanted) mean.others = judge.at_temperature(std::move(mean.others), temperature);
  return mean;
}

std::vector<double> Model::predict_as_is_by(const std::string& method, const data::Subset& view,
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

bool Model::has(const std::string& method) const {
  return std::any_of(members.begin(), members.end(),
                     [&](const Member& member) { return member.method == method; });
}

void Model::leave_silent_out() {
  std::erase_if(members, [](const Member& member) { return member.weight == 0; });
}

const Network* Model::single_network() const {
  return members.size() == 1 ? members.front().learner->network() : nullptr;
}

std::size_t Model::parameter_count() const {
  std::size_t count = 0;
  for (const Member& member : members) count += member.learner->number_count();
  return count;
}

void Model::add_to(base::Digest& digest) const {
  for (const Member& member : members) member.learner->add_to(digest);
}

transformer::EncodingOf encoding_of(const Model& model, const transformer::TextEncoderSpec& spec) {
  return {spec, model.features.spec().max_length, 0, model.encoder, model.goal->of_steps()};
}

transformer::EncodingOf encoding_of(const Model& model) {
  return encoding_of(model, model.spec.text_encoder);
}

Model model_of(std::unique_ptr<Network> network, Receipt receipt) {
  Model model;
  model.spec = network->spec();
  model.features = network->features();
  model.goal = network->shared_goal();
  model.members.push_back({"network", std::move(network)});
  model.receipt = std::move(receipt);
  return model;
}

}  // namespace refrain::task
