#include "refrain/method/crf.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/method/crf_loss.h"
#include "refrain/method/lbfgs.h"

namespace refrain::method {
namespace {

using base::at;

constexpr int kIterations = 90, kMemory = 6;
constexpr double kLeastGradient = 1e-5;

}  // namespace

FeatureSteps FeatureSteps::pick(const std::vector<int>& places) const {
  FeatureSteps out;
  for (const int i : places) {
    for (std::size_t t = sequence[at(i)]; t < sequence[at(i) + 1]; ++t) {
      const auto first = feature.begin() + static_cast<std::ptrdiff_t>(begin[t]);
      out.feature.insert(out.feature.end(), first,
                         first + static_cast<std::ptrdiff_t>(begin[t + 1] - begin[t]));
      out.begin.push_back(out.feature.size());
    }
    out.sequence.push_back(out.steps());
  }
  return out;
}

std::vector<double> Crf::marginals(const FeatureSteps& steps, int threads) const {
  auto out = rows(steps, threads);
  const ChainSums sums(chain);
  base::parallel_for(steps.size(), threads, [&](int i) {
    ChainSums::Work work;
    if (steps.steps_of(i) == 0) return;
    sums(out.data() + steps.sequence[at(i)] * at(chain.tags), steps.steps_of(i), work, nullptr);
  });
  return out;
}

Crf fit_crf(const CrfProblem& problem, CrfPenalty penalty, const Crf* start) {
  CrfLoss loss(problem, penalty.l2);
  std::vector<double> x(loss.size());
  if (start != nullptr) {
    const auto from = loss.list_of(*start);
    if (from.size() == x.size()) x = from;
  }
  const double sequences = std::max(1, problem.steps.size());  // the loss is a mean over them
  const LbfgsLimits limits{kIterations, kLeastGradient, kMemory, penalty.l1 / sequences};
  minimise([&](const std::vector<double>& at_x, std::vector<double>& g) { return loss(at_x, g); },
           limits, x);
  return loss.crf_of(x);
}

std::vector<char> Crf::prune(double least) {
  std::vector<char> kept(at(features()));
  std::vector<std::size_t> begins = {0};
  std::size_t next = 0;
  for (std::size_t f = 0; f < kept.size(); ++f) {
    for (std::size_t w = begin[f]; w < begin[f + 1]; ++w) {
      if (std::abs(weight[w]) < least) continue;
      tag[next] = tag[w];
      weight[next++] = weight[w];
    }
    kept[f] = next > begins.back() ? 1 : 0;
    if (kept[f]) begins.push_back(next);
  }
  begin = std::move(begins);
  tag.resize(next);
  weight.resize(next);
  return kept;
}

namespace {

// The ends of a chain: which tags may stand there, and their weights.
void archive_ends(Archive& file, const std::string& name, std::vector<double>& weights) {
  std::vector<int> allowed;
  std::vector<double> finite;
  for (const double weight : weights) {
    allowed.push_back(std::isfinite(weight) ? 1 : 0);
    finite.push_back(std::isfinite(weight) ? weight : 0);
  }
  file.list(name + "_allowed", allowed, 0, 1);
  file.list(name, finite);
  file.require(allowed.size() == at(file.width()) && finite.size() == allowed.size());
  weights = finite;
  for (std::size_t k = 0; k < allowed.size(); ++k) {
    if (allowed[k] == 0) weights[k] = kForbidden;
  }
}

void archive_chain(Archive& file, Chain& chain) {
  chain.tags = file.width();
  archive_ends(file, "start", chain.start);
  archive_ends(file, "end", chain.end);
  std::vector<int> from, to, open(chain.open.begin(), chain.open.end()),
      free(chain.free.begin(), chain.free.end());
  std::vector<double> weight;
  for (const Link& link : chain.links) {
    from.push_back(link.from);
    to.push_back(link.to);
    weight.push_back(link.weight);
  }
  file.list("from", from, 0, chain.tags - 1);
  file.list("to", to, 0, chain.tags - 1);
  file.list("pairs", weight);
  file.list("open", open, 0, 1);
  file.list("free", free, 0, 1);
  file.number("other", chain.other);
  file.require(from.size() == to.size() && from.size() == weight.size() &&
               open.size() == at(chain.tags) && free.size() == open.size());
  if (!file.reading()) return;
  chain.open.assign(open.begin(), open.end());
  chain.free.assign(free.begin(), free.end());
  chain.links.clear();
  for (std::size_t e = 0; e < from.size(); ++e) {
    file.require(e == 0 || to[e] > to[e - 1] || (to[e] == to[e - 1] && from[e] > from[e - 1]));
    chain.links.push_back({from[e], to[e], weight[e]});
  }
}

}  // namespace

void Crf::archive(Archive& file) {
  archive_chain(file, chain);
  std::vector<int> count;
  for (std::size_t f = 0; f + 1 < begin.size(); ++f) {
    count.push_back(static_cast<int>(begin[f + 1] - begin[f]));
  }
  file.list("count", count, 0, chain.tags);
  file.list("tag", tag, 0, chain.tags - 1);
  file.list("weight", weight);
  file.require(tag.size() == weight.size());
  if (!file.reading()) return;
  begin = {0};
  for (const int of_feature : count) begin.push_back(begin.back() + at(of_feature));
  file.require(begin.back() == tag.size());
  for (std::size_t f = 0; f + 1 < begin.size(); ++f) {
    for (std::size_t w = begin[f] + 1; w < begin[f + 1]; ++w) file.require(tag[w] > tag[w - 1]);
  }
}

}  // namespace refrain::method
