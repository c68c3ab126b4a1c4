// A trained language model: score texts and write text with it. Standard library only.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/pretrain.h"

namespace refrain::api {

struct TextScore {
  int units = 0;
  double unknown = 0;  // share of unknown units
  // Metrics with intervals, as in PretrainReport::metrics; perplexity is the first.
  std::vector<std::pair<std::string, Score>> metrics;
};

class LanguageModel {
 public:
  // A file of `refrain pretrain`. Throws io, or data: damaged, or something else.
  static LanguageModel load(const std::string& path);
  // Reads a model from the bytes of a file; `path` is for messages.
  static LanguageModel from_bytes(const std::string& bytes, const std::string& path);
  ~LanguageModel();
  LanguageModel(LanguageModel&&) noexcept;
  LanguageModel& operator=(LanguageModel&&) noexcept;

  void save(const std::string& path) const;  // throws io
  std::string bytes() const;

  // The file's head: options, units, receipt; and `params`. One JSON object.
  std::string describe() const;

  // Every unit given all before it. The text is a file, or in memory where PretrainJob would say
  // so. Throws io, data. `threads` 0 = all cores.
  struct Scoring {
    std::string text;
    bool in_memory = false;
    std::string encoding = "utf-8";
    int threads = 0;
  };
  TextScore score(const Scoring& what) const;

  // The text after the prompt; job.source does not count. Throws usage for values out of range and
  // a prompt that is no UTF-8.
  std::string generate(const GenerateJob& job) const;

 private:
  struct Impl;
  explicit LanguageModel(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace refrain::api
