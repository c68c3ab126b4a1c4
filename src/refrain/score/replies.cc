#include "refrain/score/replies.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/score/intervals.h"
#include "refrain/score/weighted_replies.h"

namespace refrain::score {
namespace {

// sacreBLEU's exponential smoothing: the first n-gram length without a match counts as half a
// match, the next as a quarter. An answer too short for any n-gram of a length makes bleu 0.
double bleu_of(const BleuCounts& c) {
  double logs = 0, halved = 1;
  bool any = false;
  for (std::size_t n = 0; n < kBleuOrder; ++n) {
    if (c.answer[n] <= 0) return 0;
    any = any || c.matched[n] > 0;
    const double matched = c.matched[n] > 0 ? c.matched[n] : 1 / (halved *= 2);
    logs += std::log(matched / c.answer[n]) / kBleuOrder;
  }
  if (!any) return 0;
  return 100 * std::exp(std::min(0.0, 1 - c.reference_length / c.answer_length) + logs);
}

// F2 of the mean precision and the mean recall over the lengths that both sides have.
double chrf_of(const ChrfCounts& c) {
  double precision = 0, recall = 0, lengths = 0;
  for (std::size_t n = 0; n < kChrfOrder; ++n) {
    if (c.answer[n] <= 0 || c.reference[n] <= 0) continue;
    precision += c.matched[n] / c.answer[n];
    recall += c.matched[n] / c.reference[n];
    ++lengths;
  }
  if (precision + recall <= 0) return 0;
  return 100 * 5 * precision * recall / (4 * precision + recall) / lengths;
}

double error_rate(double edits, double length) { return length > 0 ? edits / length : edits; }

double mean_over(const ReplyCounts& c, double sum) { return c.samples > 0 ? sum / c.samples : 0; }

template <class Function>
Metric reply_metric(MetricInfo info, Needs needs, Function of) {
  return {info, metric_of<WeightedReplies>([of](const WeightedReplies& w) { return of(w.sum); }),
          needs};
}

constexpr MetricInfo kErrors = {0, std::numeric_limits<double>::infinity(), true};

template <class Function>
Metric rate_metric(Function of) {
  Metric out = reply_metric(kErrors, Needs::kNumbers, of);
  out.usual_high = 1;
  return out;
}

}  // namespace

void Replies::check() const {
  demand(predicted.size() == size(), "as many answers as references are needed");
  demand(tokens == "auto" || tokenisers().find(tokens) != nullptr,
         "unknown tokeniser '" + tokens + "'");
  check_weights();
}

bool Replies::same_samples(const Answers& other) const {
  const auto* r = dynamic_cast<const Replies*>(&other);
  return r != nullptr && kind == r->kind && tokens == r->tokens && truth == r->truth &&
         same_weights(other);
}

NamedMetrics Replies::metrics() const {
  std::vector<const char*> names = {"bleu", "bleu_lower", "chrf", "exact", "edit_distance"};
  if (kind == kTranscript) names = {"wer", "cer", "exact"};
  if (kind == kTranscript && without_blanks()) std::swap(names[0], names[1]);
  NamedMetrics out;
  for (const char* name : names) {
    for (const auto& item : reply_metrics().items()) {
      if (item.name == name) out.push_back(item);
    }
  }
  return out;
}

std::unique_ptr<Weigher> Replies::weigher(bool /*order*/) const {
  return std::make_unique<WeightedReplies>(*this);
}

std::unique_ptr<Answers> Replies::followed_by(const Answers& other) const {
  const auto& next = dynamic_cast<const Replies&>(other);
  auto both = std::make_unique<Replies>(*this);
  both->truth.insert(both->truth.end(), next.truth.begin(), next.truth.end());
  both->predicted.insert(both->predicted.end(), next.predicted.begin(), next.predicted.end());
  both->append_weights(next);
  return both;
}

std::unique_ptr<Answers> Replies::clone() const { return std::make_unique<Replies>(*this); }

std::optional<std::vector<bool>> Replies::right() const {
  std::vector<bool> out(size());
  for (std::size_t i = 0; i < size(); ++i) {
    out[i] = compared_text(kind, truth[i]) == compared_text(kind, predicted[i]);
  }
  return out;
}

// Of one weighting; the texts themselves are read once.
double Replies::work() const {
  return static_cast<double>(std::tuple_size_v<ReplyNumbers> * size());
}

std::string Replies::tokeniser() const { return tokens == "auto" ? tokeniser_for(truth) : tokens; }

bool Replies::without_blanks() const {
  const std::string name = tokeniser();
  return name == "zh" || name == "char";
}

const base::Registry<Metric>& reply_metrics() {
  constexpr MetricInfo kPoints = {0, 100}, kShare = {};
  using enum Needs;
  using C = const ReplyCounts&;
  static const base::Registry<Metric> list(
      "metric",
      {{"bleu", "BLEU of sacreBLEU, cased, 0 to 100: n-grams of words shared with the references",
        reply_metric(kPoints, kNumbers, [](C c) { return bleu_of(c.bleu); })},
       {"bleu_lower", "BLEU of texts in lower case, 0 to 100",
        reply_metric(kPoints, kNumbers, [](C c) { return bleu_of(c.bleu_lower); })},
       {"chrf", "chrF of sacreBLEU, 0 to 100: n-grams of characters shared with the references",
        reply_metric(kPoints, kNumbers, [](C c) { return chrf_of(c.chrf); })},
       {"exact",
        "share of samples that are right as a whole: equal to the reference",
        {kShare,
         metric_of<WeightedReplies>(
             [](const WeightedReplies& w) { return mean_over(w.sum, w.sum.exact); }),
         kDecisions,
         {},
         accuracy_interval}},
       {"edit_distance",
        "mean number of characters to insert, delete or substitute in an answer; smaller is better",
        reply_metric(kErrors, kNumbers, [](C c) { return mean_over(c, c.edits); })},
       {"wer",
        "word error rate: wrong, missing and extra words over the references' words; "
        "smaller is better",
        rate_metric([](C c) { return error_rate(c.word_edits, c.words); })},
       {"cer", "character error rate: as wer, of characters; smaller is better",
        rate_metric([](C c) { return error_rate(c.edits, c.characters); })}});
  return list;
}

std::string signature(const Replies& replies, const std::string& metric) {
  const std::string version = std::string("|version:") + kSacreBleuVersion;
  if (metric == "chrf") return "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no" + version;
  if (metric != "bleu" && metric != "bleu_lower") return "";
  return std::string("nrefs:1|case:") + (metric == "bleu" ? "mixed" : "lc") +
         "|eff:no|tok:" + replies.tokeniser() + "|smooth:exp" + version;
}

}  // namespace refrain::score
