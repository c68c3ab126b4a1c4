// Models that write a text for each sample: of `refrain train --task translate` and
// `--task transcribe`. Standard library only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/api/report.h"

namespace refrain::api {

// One symbol of a reply in time or beside its source.
struct ReplySymbol {
  std::string text;
  double begin = 0, end = 0;  // of transcripts by CTC: seconds of a recording, steps of a series
};

// One reply of several to a sample.
struct ReplyOption {
  std::string text;
  double log_probability = 0;        // natural
  double score = 0;                  // what the search ordered them by
  std::vector<ReplySymbol> symbols;  // with times; empty where there are none
};

struct WrittenReply {
  std::string id;
  std::vector<ReplyOption> options;  // the best first, at least one
};

class Transducer {
 public:
  // Throws io or data: missing, damaged, of another kind, or failing its self-test.
  static Transducer load(const std::string& path);
  static Transducer from_bytes(const std::string& bytes, const std::string& path);
  ~Transducer();
  Transducer(Transducer&&) noexcept;
  Transducer& operator=(Transducer&&) noexcept;

  const std::string& task() const;  // "translate", "transcribe"
  bool has_times() const;           // ReplySymbol tells times
  bool in_seconds() const;          // of recordings; else steps

  // The replies to a file's sources. `options` supplies how to read it, the number of threads,
  // --beam and --n-best.
  std::vector<WrittenReply> predict(const std::string& data, const Options& options,
                                    const Hooks& hooks) const;
  // The replies to sources in memory. Throws unsupported where the model reads no texts.
  std::vector<WrittenReply> predict_texts(const std::vector<std::string>& texts,
                                          const Options& options) const;
  Report evaluate(const std::string& data, const Options& options, const Hooks& hooks) const;

  void save(const std::string& path) const;
  std::string bytes() const;
  std::string describe() const;  // JSON: units, sizes, receipt, what was set
  // Keeps what the caller set, in words of its own: the file has it, and describe() gives it back.
  void keep_given(const std::string& given);

  struct Impl;
  explicit Transducer(std::unique_ptr<Impl> impl);
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Names of the options that the task takes.
std::vector<std::string> transducer_option_names(const std::string& task);

// True if the file is a transducer, even a damaged one; false if it cannot be read.
bool is_transducer(const std::string& path);

}  // namespace refrain::api
