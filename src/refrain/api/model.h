// A trained model: load, predict, evaluate. Standard library only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/api/report.h"

namespace refrain::api {

struct Prediction {
  std::string id;
  std::string answer;           // in words: a class, a number
  std::vector<double> numbers;  // one a column of the model: the probability of a class, a bound
};

class Model {
 public:
  // Throws io or data: missing, damaged, of another format, or failing its self-test.
  static Model load(const std::string& path);
  ~Model();
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;

  std::string task() const;                         // "classify", "regress"
  const std::vector<std::string>& classes() const;  // of a classification
  const std::vector<std::string>& columns() const;  // of Prediction::numbers

  // `options` supplies how to read the file (format, columns, encoding) and the number of threads;
  // all else comes from the model.
  std::vector<Prediction> predict(const std::string& data, const Options& options,
                                  const Hooks& hooks) const;
  Report evaluate(const std::string& data, const Options& options, const Hooks& hooks) const;

  // Writes the file that load() reads. Throws io.
  void save(const std::string& path) const;
  // Returns the model as bytes in memory; `path` is for messages.
  std::string bytes() const;
  static Model from_bytes(const std::string& bytes, const std::string& path);

  struct Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace refrain::api
