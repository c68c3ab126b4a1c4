#include "refrain/explain/curves.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/rng.h"

namespace refrain::explain {
namespace {

constexpr int kPoints = 10;  // after the first one

std::vector<int> by_score(const std::vector<double>& score) {
  std::vector<int> order(score.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return score[static_cast<std::size_t>(a)] > score[static_cast<std::size_t>(b)];
  });
  return order;
}

// The sample with the first parts of the order taken out, or, of a blank one, put in.
void add_curve(const Subject& subject, const std::vector<int>& order, bool insert,
               std::vector<data::Sample>& out) {
  for (int k = 0; k <= kPoints; ++k) {
    std::vector<bool> hidden(order.size(), insert);
    const std::size_t n = order.size() * static_cast<std::size_t>(k) / kPoints;
    for (std::size_t i = 0; i < n; ++i) hidden[static_cast<std::size_t>(order[i])] = !insert;
    out.push_back(subject.without(hidden));
  }
}

double mean_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] - b[i];
  return a.empty() ? 0 : sum / static_cast<double>(a.size());
}

std::vector<double> mid_ranks(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> out(x.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && x[order[end]] == x[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) {
      out[order[k]] = static_cast<double>(i + end - 1) / 2;
    }
    i = end;
  }
  return out;
}

}  // namespace

double Curves::deletion_gain() const { return mean_difference(random_deletion, deletion); }
double Curves::insertion_gain() const { return mean_difference(insertion, random_insertion); }

Curves curves(const Case& of, const std::vector<double>& score, int orders) {
  base::Rng rng = base::Rng(of.seed).fork("curves");
  std::vector<data::Sample> samples;
  const std::vector<int> own = by_score(score);
  add_curve(of.subject, own, false, samples);
  add_curve(of.subject, own, true, samples);
  std::vector<int> order = own;
  for (int r = 0; r < orders; ++r) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
    add_curve(of.subject, order, false, samples);
    add_curve(of.subject, order, true, samples);
  }
  const auto values = of.question.values(std::move(samples), of.column);
  Curves out;
  std::vector<double>* lists[] = {&out.deletion, &out.insertion, &out.random_deletion,
                                  &out.random_insertion};
  for (auto* list : lists) list->resize(kPoints + 1);
  for (int k = 0; k <= kPoints; ++k) out.share.push_back(static_cast<double>(k) / kPoints);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t curve = i / (kPoints + 1), k = i % (kPoints + 1);
    const double weight = curve < 2 ? 1 : 1.0 / orders;
    (*lists[curve < 2 ? curve : 2 + curve % 2])[k] += weight * values[i];
  }
  return out;
}

double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto x = mid_ranks(a), y = mid_ranks(b);
  const double middle = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  if (xx == 0 || yy == 0) return xx == yy ? 1 : 0;
  return xy / std::sqrt(xx * yy);
}

}  // namespace refrain::explain
