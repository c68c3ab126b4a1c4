#include "refrain/task/tag/codec.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "refrain/data/tag_scheme.h"

namespace refrain::task {
namespace {

constexpr double kLeastProbability = 1e-30;

// From BIO: S- for a span of one step, E- for the last step of a longer one.
std::vector<std::string> to_closed(std::vector<std::string> tags) {
  for (std::size_t t = 0; t < tags.size(); ++t) {
    if (tags[t].size() < 2 || tags[t] == "O") continue;
    const bool goes_on = t + 1 < tags.size() && tags[t + 1].starts_with("I-") &&
                         tags[t + 1].substr(1) == tags[t].substr(1);
    if (goes_on) continue;
    tags[t][0] = tags[t][0] == 'B' ? 'S' : 'E';
  }
  return tags;
}

std::vector<std::string> to_open(std::vector<std::string> tags) {
  for (auto& tag : tags) {
    if (tag.starts_with("S-")) tag[0] = 'B';
    if (tag.starts_with("E-")) tag[0] = 'I';
  }
  return tags;
}

// Every type with all letters that it may have.
std::vector<std::string> names_of(const std::vector<std::string>& tags, bool spans, bool closed) {
  if (!spans) return tags;
  std::set<std::string> types;
  for (const auto& tag : tags) {
    if (tag != "O") types.insert(tag.substr(1));
  }
  std::vector<std::string> names = {"O"};
  for (const auto& type : types) {
    for (const char* letter : {"B", "I", "E", "S"}) {
      if (closed || *letter == 'B' || *letter == 'I') names.push_back(letter + type);
    }
  }
  return names;
}

}  // namespace

TagCodec::TagCodec(std::vector<std::string> tags, bool spans, bool closed)
    : tags_(std::move(tags)),
      names_(names_of(tags_, spans, closed)),
      spans_(spans),
      closed_(spans && closed) {
  const int K = size();
  for (int k = 0; k < K; ++k) number_.emplace(names_[static_cast<std::size_t>(k)], k);
  chain_ = spans_ ? method::allowed_chain(names_) : method::free_chain(K);
  const auto allowed = [](double weight) {
    return static_cast<unsigned char>(weight == method::kForbidden ? 0 : 1);
  };
  for (const double weight : chain_.pairs()) pair_.push_back(allowed(weight));
  for (const double weight : chain_.start) begin_.push_back(allowed(weight));
  for (const double weight : chain_.end) end_.push_back(allowed(weight));
}

std::vector<int> TagCodec::encode(const std::vector<std::string>& tags) const {
  std::vector<int> out;
  for (const auto& tag : closed_ ? to_closed(tags) : tags) {
    const auto found = number_.find(tag);
    out.push_back(found == number_.end() ? -1 : found->second);
  }
  return out;
}

std::vector<int> TagCodec::best(const double* probabilities, std::size_t steps,
                                std::size_t stride) const {
  std::vector<double> rows;
  for (std::size_t t = 0; t < steps; ++t, probabilities += stride) {
    rows.insert(rows.end(), probabilities, probabilities + names_.size());
  }
  for (double& p : rows) p = std::log(std::max(p, kLeastProbability));
  return method::best_path(chain_, rows.data(), static_cast<int>(steps));
}

std::vector<std::string> TagCodec::decode(const std::vector<int>& path) const {
  std::vector<std::string> tags;
  for (const int k : path) {
    tags.push_back(k < 0 ? std::string("?") : names_[static_cast<std::size_t>(k)]);
  }
  return closed_ ? to_open(std::move(tags)) : tags;
}

std::vector<std::string> TagCodec::shown_names() const {
  if (!closed_) return names_;
  std::vector<std::string> out = names_;
  std::erase_if(out,
                [](const auto& tag) { return tag.starts_with("E-") || tag.starts_with("S-"); });
  return out;
}

std::vector<double> TagCodec::shown(const double* probabilities, std::size_t steps,
                                    std::size_t stride) const {
  const auto shown = shown_names();
  const auto open = closed_ ? to_open(names_) : names_;
  std::vector<double> out(steps * shown.size());
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const auto place =
        static_cast<std::size_t>(std::find(shown.begin(), shown.end(), open[k]) - shown.begin());
    for (std::size_t t = 0; t < steps; ++t) {
      out[t * shown.size() + place] += probabilities[t * stride + k];
    }
  }
  return out;
}

namespace {

constexpr std::string_view kBlankInTag = "\u00a0";

}  // namespace

std::string join_tags(const std::vector<std::string>& tags) {
  std::string out;
  for (const auto& tag : tags) {
    if (!out.empty()) out += ' ';
    for (const char c : tag) c == ' ' ? out += kBlankInTag : out += c;
  }
  return out;
}

std::vector<std::string> split_tags(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    std::string& tag = out.emplace_back(text.substr(i, end - i));
    for (auto at = tag.find(kBlankInTag); at != std::string::npos; at = tag.find(kBlankInTag)) {
      tag.replace(at, kBlankInTag.size(), " ");
    }
    i = end + 1;
  }
  return out;
}

}  // namespace refrain::task
