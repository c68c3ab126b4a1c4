#include "refrain/method/crf_loss.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"

namespace refrain::method {
namespace {

using base::at;

constexpr int kFewTags = 24;  // up to this many tags, each feature has a weight for every tag
constexpr std::size_t kMostCrfWeights = 2'500'000;  // but for those of rare features
constexpr std::size_t kRareTag = 1000;              // rarer tags of a feature get no weight
constexpr int kMostParts = 128;      // of the sequences, whatever the number of threads
constexpr int kFeatureBlock = 1024;  // features that are added up at a time

// The rows of the steps [first, end).
void fill_rows(const Crf& crf, const FeatureSteps& steps, std::size_t first, std::size_t end,
               double* rows) {
  const auto K = at(crf.chain.tags);
  for (std::size_t t = first; t < end; ++t, rows += K) {
    std::fill(rows, rows + K, 0.0);
    for (std::size_t k = steps.begin[t]; k < steps.begin[t + 1]; ++k) {
      const auto f = at(steps.feature[k]);
      const double* weight = crf.weight.data() + crf.begin[f];
      const std::size_t count = crf.begin[f + 1] - crf.begin[f];
      if (count == K) {
        for (std::size_t y = 0; y < K; ++y) rows[y] += weight[y];
        continue;
      }
      const int* tag = crf.tag.data() + crf.begin[f];
      for (std::size_t w = 0; w < count; ++w) rows[tag[w]] += weight[w];
    }
  }
}

}  // namespace

std::vector<double> Crf::rows(const FeatureSteps& steps, int threads) const {
  const auto K = at(chain.tags);
  std::vector<double> out(steps.steps() * K);
  base::parallel_for(steps.size(), threads, [&](int i) {
    const std::size_t first = steps.sequence[at(i)], end = steps.sequence[at(i) + 1];
    fill_rows(*this, steps, first, end, out.data() + first * K);
  });
  return out;
}

// Some sequences, and what their tags are expected to be.
struct CrfLoss::Part {
  int first = 0, end = 0;
  double loss = 0;
  std::vector<double> ends, links;  // [2K], [links+1]
  ChainSums::Work work;
};

CrfLoss::CrfLoss(const CrfProblem& problem, double penalty) : problem_(problem), penalty_(penalty) {
  form_.chain = problem.allowed;
  index_features();
  choose_tags();
  choose_links();
  count_what_is();
  rows_.resize(problem.steps.steps() * at(form_.chain.tags));
}

void CrfLoss::index_features() {
  const auto& steps = problem_.steps;
  at_.assign(at(problem_.features) + 1, 0);
  for (const int f : steps.feature) ++at_[at(f) + 1];
  for (std::size_t f = 1; f < at_.size(); ++f) at_[f] += at_[f - 1];
  auto next = at_;
  steps_at_.resize(steps.feature.size());
  for (std::size_t t = 0; t < steps.steps(); ++t) {
    for (std::size_t k = steps.begin[t]; k < steps.begin[t + 1]; ++k) {
      steps_at_[next[at(steps.feature[k])]++] = static_cast<int>(t);
    }
  }
}

// How often a feature must occur to have a weight for each tag, so that there are not too many.
std::size_t CrfLoss::least_for_all_tags() const {
  const std::size_t K = at(form_.chain.tags);
  if (form_.chain.tags > kFewTags) return steps_at_.size() + 1;
  std::vector<std::size_t> count;
  for (std::size_t f = 0; f + 1 < at_.size(); ++f) count.push_back(at_[f + 1] - at_[f]);
  const std::size_t most = kMostCrfWeights / K;
  if (count.size() <= most) return 0;
  std::nth_element(count.begin(), count.begin() + static_cast<std::ptrdiff_t>(most), count.end(),
                   std::greater<>());
  return count[most] + 1;
}

void CrfLoss::choose_tags() {
  const int K = form_.chain.tags;
  const std::size_t least = least_for_all_tags();
  std::vector<std::size_t> seen(at(K));  // how often the feature is seen with each tag
  for (int f = 0; f < problem_.features; ++f) {
    const std::size_t count = at_[at(f) + 1] - at_[at(f)];
    std::fill(seen.begin(), seen.end(), 0);
    for (std::size_t k = at_[at(f)]; k < at_[at(f) + 1]; ++k) {
      ++seen[at(problem_.tag[at(steps_at_[k])])];
    }
    for (int y = 0; y < K; ++y) {
      if (count >= least || seen[at(y)] > count / kRareTag) form_.tag.push_back(y);
    }
    form_.begin.push_back(form_.tag.size());
  }
  form_.weight.assign(form_.tag.size(), 0);
}

void CrfLoss::choose_links() {
  Chain& chain = form_.chain;
  const int K = chain.tags;
  const auto pairs = chain.pairs();
  std::vector<char> listed(pairs.size());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const bool may_be_listed = K <= kFewTags || !chain.open[p % at(K)];
    listed[p] = may_be_listed && pairs[p] > kForbidden;
  }
  for (int i = 0; i < problem_.steps.size(); ++i) {
    const std::size_t first = problem_.steps.sequence[at(i)];
    const std::size_t end = problem_.steps.sequence[at(i) + 1];
    for (std::size_t t = first; t < end; ++t) {
      const int tag = problem_.tag[t];
      if (t == first) chain.start[at(tag)] = 0;
      if (t > first) listed[at(problem_.tag[t - 1] * K + tag)] = 1;
      if (t + 1 == end) chain.end[at(tag)] = 0;
    }
  }
  if (K <= kFewTags) chain.open.assign(at(K), 0);
  chain.other = 0;
  chain.links.clear();
  link_number_.assign(pairs.size(), -1);
  for (int to = 0; to < K; ++to) {
    for (int from = 0; from < K; ++from) {
      if (!listed[at(from * K + to)]) continue;
      link_number_[at(from * K + to)] = static_cast<int>(chain.links.size());
      chain.links.push_back({from, to, 0});
    }
  }
}

std::size_t CrfLoss::size() const {
  return form_.weight.size() + 2 * at(form_.chain.tags) + form_.chain.links.size() + 1;
}

int CrfLoss::number_of(int from, int to) const {
  const int number = link_number_[at(from * form_.chain.tags + to)];
  return number < 0 ? static_cast<int>(form_.chain.links.size()) : number;
}

void CrfLoss::count_what_is() {
  const auto K = at(form_.chain.tags);
  seen_.assign(size(), 0);
  double* of_start = seen_.data() + form_.weight.size();
  double* of_link = of_start + 2 * K;
  for (int i = 0; i < problem_.steps.size(); ++i) {
    const std::size_t first = problem_.steps.sequence[at(i)];
    const std::size_t end = problem_.steps.sequence[at(i) + 1];
    for (std::size_t t = first; t < end; ++t) {
      const int tag = problem_.tag[t];
      if (t == first) of_start[tag] += 1;
      if (t > first) of_link[number_of(problem_.tag[t - 1], tag)] += 1;
      if (t + 1 == end) of_start[K + at(tag)] += 1;
    }
  }
  std::vector<double> count(K);
  for (std::size_t f = 0; f + 1 < at_.size(); ++f) {
    for (std::size_t k = at_[f]; k < at_[f + 1]; ++k) {
      count[at(problem_.tag[at(steps_at_[k])])] += 1;
    }
    for (std::size_t w = form_.begin[f]; w < form_.begin[f + 1]; ++w) {
      seen_[w] = count[at(form_.tag[w])];
    }
    std::fill(count.begin(), count.end(), 0.0);
  }
}

std::vector<double> CrfLoss::list_of(const Crf& crf) const {
  std::vector<double> x = crf.weight;
  for (const auto* ends : {&crf.chain.start, &crf.chain.end}) {
    for (const double weight : *ends) x.push_back(std::isfinite(weight) ? weight : 0);
  }
  for (const Link& link : crf.chain.links) x.push_back(link.weight);
  x.push_back(crf.chain.other);
  return x;
}

Crf CrfLoss::crf_of(const std::vector<double>& x) const {
  Crf crf = form_;
  const auto next = x.begin() + static_cast<std::ptrdiff_t>(crf.weight.size());
  crf.weight.assign(x.begin(), next);
  auto from = next;
  for (auto* ends : {&crf.chain.start, &crf.chain.end}) {
    for (double& weight : *ends) {
      if (std::isfinite(weight)) weight = *from;
      ++from;
    }
  }
  for (Link& link : crf.chain.links) link.weight = *from++;
  crf.chain.other = *from;
  return crf;
}

double CrfLoss::of_path(const Crf& crf, std::size_t first, int steps) const {
  const auto K = at(crf.chain.tags);
  const int* tag = problem_.tag.data() + first;
  double sum = crf.chain.start[at(tag[0])] + crf.chain.end[at(tag[steps - 1])];
  for (int t = 0; t < steps; ++t) {
    sum += rows_[(first + at(t)) * K + at(tag[t])];
    if (t == 0) continue;
    const auto number = at(number_of(tag[t - 1], tag[t]));
    sum += number < crf.chain.links.size() ? crf.chain.links[number].weight : crf.chain.other;
  }
  return sum;
}

void CrfLoss::run_part(const Crf& crf, const ChainSums& sums, Part& part) {
  const auto K = at(crf.chain.tags);
  part.ends.assign(2 * K, 0);
  part.links.assign(crf.chain.links.size() + 1, 0);
  for (int i = part.first; i < part.end; ++i) {
    const int steps = problem_.steps.steps_of(i);
    if (steps == 0) continue;
    const std::size_t first = problem_.steps.sequence[at(i)];
    double* rows = rows_.data() + first * K;
    fill_rows(crf, problem_.steps, first, first + at(steps), rows);
    part.loss -= of_path(crf, first, steps);
    part.loss += sums(rows, steps, part.work, part.links.data());
    const double* last = rows + at(steps - 1) * K;
    for (std::size_t k = 0; k < K; ++k) {
      part.ends[k] += rows[k];
      part.ends[K + k] += last[k];
    }
  }
}

double CrfLoss::weigh_sequences(const Crf& crf, std::vector<double>& gradient) {
  const int n = problem_.steps.size(), parts = std::min(n, kMostParts);
  std::vector<Part> list(at(parts));
  const ChainSums sums(crf.chain);
  base::parallel_for(parts, problem_.threads, [&](int p) {
    Part& part = list[at(p)];
    part.first = static_cast<int>(static_cast<std::int64_t>(n) * p / parts);
    part.end = static_cast<int>(static_cast<std::int64_t>(n) * (p + 1) / parts);
    run_part(crf, sums, part);
  });
  double loss = 0;
  double* rest = gradient.data() + crf.weight.size();
  std::fill(rest, gradient.data() + gradient.size(), 0.0);
  for (const Part& part : list) {
    loss += part.loss;
    for (std::size_t k = 0; k < part.ends.size(); ++k) rest[k] += part.ends[k];
    for (std::size_t k = 0; k < part.links.size(); ++k) rest[part.ends.size() + k] += part.links[k];
  }
  return loss;
}

// How often each feature is expected beside each tag. Every sum is one thread's.
void CrfLoss::add_features(int block, std::vector<double>& gradient) const {
  const auto K = at(form_.chain.tags);
  const auto end = std::min(at_.size() - 1, at(block + 1) * kFeatureBlock);
  std::vector<double> sum(K);
  for (std::size_t f = at(block) * kFeatureBlock; f < end; ++f) {
    std::fill(sum.begin(), sum.end(), 0.0);
    const int* tag = form_.tag.data() + form_.begin[f];
    const std::size_t count = form_.begin[f + 1] - form_.begin[f];
    for (std::size_t k = at_[f]; k < at_[f + 1]; ++k) {
      const double* row = rows_.data() + at(steps_at_[k]) * K;
      if (count == K) {
        for (std::size_t y = 0; y < K; ++y) sum[y] += row[y];
      } else {
        for (std::size_t w = 0; w < count; ++w) sum[w] += row[tag[w]];
      }
    }
    double* g = gradient.data() + form_.begin[f];
    for (std::size_t w = 0; w < count; ++w) g[w] = sum[w];
  }
}

double CrfLoss::operator()(const std::vector<double>& x, std::vector<double>& gradient) {
  const double n = std::max(1, problem_.steps.size());
  double loss = weigh_sequences(crf_of(x), gradient);
  const int blocks = (problem_.features + kFeatureBlock - 1) / kFeatureBlock;
  base::parallel_for(blocks, problem_.threads, [&](int b) { add_features(b, gradient); });
  for (std::size_t i = 0; i < x.size(); ++i) {
    gradient[i] = (gradient[i] - seen_[i] + penalty_ * x[i]) / n;
    loss += 0.5 * penalty_ * x[i] * x[i];
  }
  return loss / n;
}

}  // namespace refrain::method
