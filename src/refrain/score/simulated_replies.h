// Made-up transcripts with a known word error rate, for tests and bench/coverage.cc: how often do
// intervals over speakers hold the true rate, and do they end where rates can be?
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "refrain/base/rng.h"
#include "refrain/score/intervals.h"
#include "refrain/score/replies.h"

namespace refrain::score::simulated {

struct Speakers {
  int count = 10;
  int recordings = 13;  // of each, of 3 to 9 words
  double rate = 0.1;    // of words that a speaker in the middle has wrong
  double spread = 0.5;  // standard deviation of the speakers' rates, on the logit scale
};

inline double rate_of(const Speakers& s, double luck) {
  return 1 / (1 + std::exp(-(std::log(s.rate / (1 - s.rate)) + s.spread * luck)));
}

struct MadeUpReplies {
  Replies replies;
  double rate = 0;  // the mean of these speakers' rates
};

// Each word is wrong with its speaker's chance.
inline MadeUpReplies transcripts(base::Rng& rng, const Speakers& s) {
  MadeUpReplies out;
  Replies& r = out.replies;
  r.kind = Replies::kTranscript;
  for (int speaker = 0; speaker < s.count; ++speaker) {
    const double rate = rate_of(s, rng.normal());
    out.rate += rate / s.count;
    for (int k = 0; k < s.recordings; ++k) {
      std::string truth, predicted;
      for (auto words = 3 + rng.below(7); words > 0; --words) {
        truth += truth.empty() ? "a" : " a";
        predicted += predicted.empty() ? "" : " ";
        predicted += rng.uniform() < rate ? "b" : "a";
      }
      r.truth.push_back(truth);
      r.predicted.push_back(predicted);
      r.group.push_back(speaker);
    }
  }
  return out;
}

struct ReplyIntervals {
  double coverage = 0;  // share of the problems whose interval holds the true word error rate
  double highest = 0;   // upper end of their intervals
  double within = 0;    // coverage of intervals for other recordings of the same speakers
};

// The true rate is the mean over very many speakers; within these speakers, their mean.
inline ReplyIntervals reply_intervals(const Speakers& s, int problems, int seed) {
  constexpr int kMany = 200'000;
  base::Rng many(99);
  double truth = 0;
  for (int i = 0; i < kMany; ++i) truth += rate_of(s, many.normal()) / kMany;
  ReplyIntervals out;
  const auto holds = [](const Interval& i, double rate) { return i.low <= rate && rate <= i.high; };
  int held = 0, held_within = 0;
  for (int i = 0; i < problems; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    const auto made = transcripts(rng, s);
    const auto found = score_all(made.replies, i).front().score;
    held += holds(found, truth) ? 1 : 0;
    const auto within = interval_within_groups(made.replies, i);
    held_within += within && holds(*within, made.rate) ? 1 : 0;
    out.highest = std::max(out.highest, found.high);
  }
  out.coverage = static_cast<double>(held) / problems;
  out.within = static_cast<double>(held_within) / problems;
  return out;
}

}  // namespace refrain::score::simulated
