#include "refrain/method/chain.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "refrain/base/error.h"
#include "refrain/data/tag_scheme.h"

namespace refrain::method {
namespace {

constexpr double kLeastExponent = -690;  // keeps a step's weights above 0

std::size_t place(int i) { return static_cast<std::size_t>(i); }

// The exponentials of the weights less their largest, which is returned.
double exponentials(const std::vector<double>& weights, std::vector<double>& values) {
  double most = kForbidden;
  for (const double w : weights) most = std::max(most, w);
  if (!std::isfinite(most)) most = 0;
  values.clear();
  for (const double w : weights) values.push_back(std::exp(w - most));
  return most;
}

char letter(const std::string& name) { return name.size() > 2 ? name[0] : 'O'; }
std::string_view type(const std::string& name) {
  return name.size() > 2 ? std::string_view(name).substr(2) : std::string_view();
}

bool is_one_of(char c, std::string_view letters) {
  return letters.find(c) != std::string_view::npos;
}

// True if I- or E- may continue a span after this name.
bool may_go_on(const std::string& from, const std::string& to, bool closed) {
  return is_one_of(letter(from), closed ? "BI" : "BIES") && type(from) == type(to);
}

// The best tag before each tag, and its weight so far.
class PathStep {
 public:
  explicit PathStep(const Chain& chain)
      : chain_(chain), order_(place(chain.tags)), listed_(place(chain.tags), -1) {
    std::iota(order_.begin(), order_.end(), 0);
  }

  void operator()(const std::vector<double>& before, std::vector<double>& best, int* from) {
    std::sort(order_.begin(), order_.end(), [&](int a, int b) {
      return before[place(a)] != before[place(b)] ? before[place(a)] > before[place(b)] : a < b;
    });
    std::fill(listed_.begin(), listed_.end(), -1);
    auto link = chain_.links.begin();
    for (int to = 0; to < chain_.tags; ++to) {
      double& most = best[place(to)];
      most = kForbidden;
      from[to] = 0;
      const auto take = [&](int tag, double weight) {
        if (weight > most || (weight == most && tag < from[to])) {
          most = weight;
          from[to] = tag;
        }
      };
      for (; link != chain_.links.end() && link->to == to; ++link) {
        listed_[place(link->from)] = to;
        take(link->from, before[place(link->from)] + link->weight);
      }
      if (!chain_.open[place(to)]) continue;
      const auto other = std::find_if(order_.begin(), order_.end(), [&](int tag) {
        return chain_.free[place(tag)] && listed_[place(tag)] != to;
      });
      if (other != order_.end()) take(*other, before[place(*other)] + chain_.other);
    }
  }

 private:
  const Chain& chain_;
  std::vector<int> order_, listed_;
};

}  // namespace

std::vector<double> Chain::pairs() const {
  const auto K = place(tags);
  std::vector<double> out(K * K, kForbidden);
  for (std::size_t i = 0; i < K; ++i) {
    for (std::size_t j = 0; j < K; ++j) {
      if (free[i] && open[j]) out[i * K + j] = other;
    }
  }
  for (const Link& link : links) out[place(link.from) * K + place(link.to)] = link.weight;
  return out;
}

Chain free_chain(int tags) {
  const auto K = place(tags);
  return {tags, std::vector<double>(K),  std::vector<double>(K),
          {},   std::vector<char>(K, 1), std::vector<char>(K, 1),
          0};
}

Chain chain_of_pairs(int tags, const std::vector<double>& pairs) {
  Chain chain = free_chain(tags);
  chain.open.assign(place(tags), 0);
  for (int to = 0; to < tags; ++to) {
    for (int from = 0; from < tags; ++from) {
      const double weight = pairs[place(from * tags + to)];
      if (weight > kForbidden) chain.links.push_back({from, to, weight});
    }
  }
  return chain;
}

Chain allowed_chain(const std::vector<std::string>& names) {
  const int K = static_cast<int>(names.size());
  Chain chain = free_chain(K);
  const auto has = [&](const char* prefix, std::string_view of) {
    return std::find(names.begin(), names.end(), prefix + std::string(of)) != names.end();
  };
  bool closed = false, sound = true;
  for (const auto& name : names) closed = closed || is_one_of(letter(name), "ES");
  for (const auto& name : names) {
    const bool ends = !closed || !is_one_of(letter(name), "BI") || has("E-", type(name));
    sound = sound && data::is_span_tag(name) && is_one_of(letter(name), "OBIES") && ends;
  }
  sound = sound && std::any_of(names.begin(), names.end(),
                               [](const auto& name) { return is_one_of(letter(name), "OBS"); });
  if (!sound) return chain;
  for (int to = 0; to < K; ++to) {
    const auto& name = names[place(to)];
    if (closed && is_one_of(letter(name), "BI")) {  // a span must go on
      chain.free[place(to)] = 0;
      chain.end[place(to)] = kForbidden;
    }
    if (!is_one_of(letter(name), "IE")) continue;
    chain.start[place(to)] = kForbidden;
    chain.open[place(to)] = 0;
    for (int from = 0; from < K; ++from) {
      if (may_go_on(names[place(from)], name, closed)) chain.links.push_back({from, to, 0});
    }
  }
  return chain;
}

ChainSums::ChainSums(const Chain& chain) : chain_(chain) {
  start_shift_ = exponentials(chain.start, start_);
  end_shift_ = exponentials(chain.end, end_);
  std::vector<double> weights;
  for (const Link& link : chain.links) weights.push_back(link.weight);
  weights.push_back(chain.other);
  pair_shift_ = exponentials(weights, value_);
  other_ = value_.back();
  for (std::size_t e = 0; e < chain.links.size(); ++e) {
    const Link& link = chain.links[e];
    const bool other = chain.free[place(link.from)] && chain.open[place(link.to)];
    gain_.push_back(value_[e] - (other ? other_ : 0));
  }
}

double ChainSums::forward(double* rows, int steps, Work& work) const {
  const auto K = place(chain_.tags);
  work.alpha.resize(place(steps) * K);
  work.scale.resize(place(steps));
  double log_sum = start_shift_ + end_shift_ + (steps - 1) * pair_shift_;
  for (int t = 0; t < steps; ++t) {
    double* row = rows + place(t) * K;
    double* alpha = work.alpha.data() + place(t) * K;
    const double most = *std::max_element(row, row + K);
    if (t == 0) {
      std::copy(start_.begin(), start_.end(), alpha);
    } else {
      const double* before = alpha - K;
      double free = 0;
      for (std::size_t k = 0; k < K; ++k) free += chain_.free[k] ? before[k] : 0;
      for (std::size_t k = 0; k < K; ++k) alpha[k] = chain_.open[k] ? other_ * free : 0;
      for (std::size_t e = 0; e < gain_.size(); ++e) {
        alpha[chain_.links[e].to] += before[chain_.links[e].from] * gain_[e];
      }
    }
    double sum = 0;
    for (std::size_t k = 0; k < K; ++k) {
      row[k] = std::exp(std::max(row[k] - most, kLeastExponent));
      alpha[k] = std::max(alpha[k], 0.0) * row[k];
      sum += alpha[k];
    }
    if (!(sum > 0)) throw Error(Code::kNumeric, "no sequence of tags is allowed");
    for (std::size_t k = 0; k < K; ++k) alpha[k] /= sum;
    work.scale[place(t)] = sum;
    log_sum += std::log(sum) + most;
  }
  return log_sum;
}

// The sum over the tags that follow; `next` holds their weights.
void ChainSums::step_back(const std::vector<double>& next, std::vector<double>& beta) const {
  double others = 0;
  for (std::size_t k = 0; k < next.size(); ++k) others += chain_.open[k] ? next[k] : 0;
  for (std::size_t k = 0; k < beta.size(); ++k) beta[k] = chain_.free[k] ? others * other_ : 0;
  for (std::size_t e = 0; e < gain_.size(); ++e) {
    beta[place(chain_.links[e].from)] += gain_[e] * next[place(chain_.links[e].to)];
  }
  for (double& b : beta) b = std::max(b, 0.0);
}

void ChainSums::backward(double* rows, int steps, Work& work, double* expected) const {
  const auto K = place(chain_.tags);
  work.next.resize(K);
  for (int t = steps; t-- > 0;) {
    double* row = rows + place(t) * K;
    const double* alpha = work.alpha.data() + place(t) * K;
    for (std::size_t k = 0; k < K; ++k) {
      work.next[k] = row[k] * work.beta[k] / work.scale[place(t)];
      row[k] = alpha[k] * work.beta[k];
    }
    if (t == 0) break;
    step_back(work.next, work.beta);
    if (expected == nullptr) continue;
    const double* before = alpha - K;
    double others = 0, free = 0;
    for (std::size_t k = 0; k < K; ++k) free += chain_.free[k] ? before[k] : 0;
    for (std::size_t k = 0; k < K; ++k) others += chain_.open[k] ? other_ * work.next[k] : 0;
    others *= free;
    for (std::size_t e = 0; e < gain_.size(); ++e) {
      const Link& link = chain_.links[e];
      const double both = before[link.from] * work.next[place(link.to)];
      expected[e] += both * value_[e];
      others -= both * (value_[e] - gain_[e]);
    }
    expected[gain_.size()] += others;
  }
}

double ChainSums::operator()(double* rows, int steps, Work& work, double* expected) const {
  const auto K = place(chain_.tags);
  double log_sum = forward(rows, steps, work);
  const double* last = work.alpha.data() + place(steps - 1) * K;
  double sum = 0;
  for (std::size_t k = 0; k < K; ++k) sum += last[k] * end_[k];
  if (!(sum > 0)) throw Error(Code::kNumeric, "no sequence of tags is allowed");
  work.beta.resize(K);
  for (std::size_t k = 0; k < K; ++k) work.beta[k] = end_[k] / sum;
  backward(rows, steps, work, expected);
  return log_sum + std::log(sum);
}

std::vector<int> best_path(const Chain& chain, const double* rows, int steps) {
  const auto K = place(chain.tags);
  if (steps < 1) return {};
  PathStep step(chain);
  std::vector<double> before(K), best(K);
  std::vector<int> from(place(steps) * K);
  for (int t = 0; t < steps; ++t) {
    if (t == 0) {
      best = chain.start;
    } else {
      step(before, best, from.data() + place(t) * K);
    }
    for (std::size_t k = 0; k < K; ++k) {
      best[k] += rows[place(t) * K + k] + (t + 1 == steps ? chain.end[k] : 0);
    }
    std::swap(before, best);
  }
  std::vector<int> path(place(steps));
  path.back() = static_cast<int>(std::max_element(before.begin(), before.end()) - before.begin());
  for (int t = steps - 1; t > 0; --t) {
    path[place(t - 1)] = from[place(t) * K + place(path[place(t)])];
  }
  return path;
}

}  // namespace refrain::method
