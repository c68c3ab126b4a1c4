// A trained model of replies: networks whose probabilities are averaged while they write, the
// symbols of both sides, and a language model of replies where the options want one.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "refrain/data/subset.h"
#include "refrain/transduce/network.h"
#include "refrain/transduce/reply_model.h"
#include "refrain/transduce/spec.h"
#include "refrain/transduce/symbols.h"

namespace refrain::transduce {

struct ReplyReceipt {
  std::string version;
  int n_train = 0, n_valid = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;
};

struct Transducer {
  Settings settings;              // as they were settled
  data::Features features;        // of series
  std::optional<Symbols> source;  // of texts
  Symbols reply;
  int longest = 0;             // source of the training part, in steps
  data::Columns columns;       // of the training file, for files that follow
  std::vector<double> offset;  // of its series, as Dataset::offset
  bool tagged = false;         // sources that a model made begin with a symbol of their own
  std::vector<std::unique_ptr<ReplyNetwork>> networks;
  std::optional<ReplyModel> language;  // helps the search of CTC
  ReplyReceipt receipt;
  std::string given;  // what a caller set, in words of its own; empty where nobody did

  std::size_t parameter_count() const;
  bool reads_text() const { return source.has_value(); }
  // Declared streams of a batch: the source, and the replies.
  std::vector<data::StreamInfo> streams() const;
  // The form of its networks, once settings, symbols and features are there.
  NetworkForm form() const;
};

// A sample as numbers: the source, and the reply behind a mark.
// `made`: a model wrote the source (back_translation.h).
data::EncodedSample encode(const Transducer& t, const data::Sample& sample, std::int64_t index,
                           bool made = false);
data::EncodedStream encode_source(const Transducer& t, const data::Sample& sample,
                                  bool made = false);
data::EncodedStream encode_reply(const Transducer& t, const std::string& reply);

// One reply of several to a source.
struct Option {
  std::string text;
  std::vector<int> symbols;
  double log_p = 0;  // natural
  double score = 0;  // what they are ordered by
  // For attention: [symbols + end, steps of the encoder]. Else empty.
  std::vector<real> weights;
  // For CTC: the steps of the encoder at which each symbol begins and ends. Else empty.
  std::vector<int> first, last;
};

struct Reply {
  std::vector<Option> options;  // the best first, at least one
  int steps = 0;                // of the encoder
};

struct Writing {
  int beam = kAuto;
  int best = 1;
  double sampling = 0;  // above 0: as BeamOptions::temperature; the draws follow from the sample
  int threads = 1;
  // In place of the transducer's own; null: that one, unless it is turned off.
  const ReplyModel* language = nullptr;
  bool without_language = false;
  std::optional<ReplySpec> search;          // penalties and weights, in place of its options
  bool aligned = false;                     // attention or times are wanted
  bool near_truth = false;                  // no reply gets much longer than the known one
  const std::atomic<bool>* stop = nullptr;  // what is not written yet stays empty
};

// The most symbols that attention writes to a sample, far more than its reply needs; what goes on
// is cut there.
int longest_reply(const data::EncodedSample& sample, const Writing& how);

// Replies to encoded samples, of which the sources count; the same for any number of threads.
std::vector<Reply> write(const Transducer& t, const std::vector<data::EncodedSample>& samples,
                         const Writing& how);
std::vector<Reply> write(const Transducer& t, const data::Subset& samples, const Writing& how);

// The share of symbols that are wrong in greedy replies to samples with known replies: edits over
// symbols.
double symbol_errors(const Transducer& t, const std::vector<data::EncodedSample>& samples,
                     int threads);

}  // namespace refrain::transduce
