#include "refrain/api/inside/made.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/task/network.h"

namespace refrain::api {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return out;
}

std::string networks_text(std::size_t count, const nn::EncoderSpec& spec) {
  const std::string size =
      fmt::format("{} of {} units", count == 1 ? "network" : "networks", spec.hidden);
  return fmt::format("{} {} {}", count == 1 ? "one" : std::to_string(count), spec.cell, size);
}

std::string average_of(const std::string& networks, std::vector<std::string> parts, bool several) {
  if (!networks.empty()) parts.insert(parts.begin(), networks);
  if (parts.empty()) return "";
  return joined(parts) + (several || parts.size() > 1 ? ", averaged" : "");
}

}  // namespace

std::string made_of(const task::Model& model) {
  std::size_t networks = 0;
  std::vector<std::string> simple;
  for (const auto& member : model.members) {
    const bool network = member.learner != nullptr && member.learner->network() != nullptr;
    networks += network ? 1 : 0;
    if (!network && std::find(simple.begin(), simple.end(), member.method) == simple.end()) {
      simple.push_back(member.method);
    }
  }
  return average_of(networks == 0 ? "" : networks_text(networks, model.spec.encoder), simple,
                    networks > 1);
}

std::string made_of(const transduce::Transducer& model) {
  const auto& s = model.settings;
  const char* how = !s.has_ctc() ? "attention" : s.attends() ? "attention and CTC" : "CTC";
  return average_of(networks_text(model.networks.size(), s.encoder) + " with " + how, {},
                    model.networks.size() > 1);
}

std::string made_of(const forecast::Forecaster& model) {
  const std::size_t n = model.networks.size();
  return average_of(n == 0 ? "" : networks_text(n, model.settings.encoder), model.simple, n > 1);
}

}  // namespace refrain::api
