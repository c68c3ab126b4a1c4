// Lists the contents of a fitted method by name: one list of calls writes them to a model file and
// reads them back. Lists of fractions become tensors, everything else stands in the JSON head.
// Reading checks all values, so that a damaged or hostile file ends in Error(data).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::method {

class Archive {
 public:
  // Writes tensors called prefix + name; `width` is how many numbers the model says of a sample:
  // one a label, or one a column of what it predicts.
  Archive(tensor::TensorFile& file, std::string prefix, int width);
  // Reads what head() of the writing archive was.
  Archive(const tensor::TensorFile& file, std::string prefix, int width, base::Json head);

  ~Archive();

  bool reading() const { return from_ != nullptr; }
  int width() const { return width_; }
  const base::Json& head() const { return *head_; }

  // True if the file that is read has this number or list in its head; files of an earlier version
  // may lack it.
  bool has(const std::string& name) const;

  // Names that follow belong to this part of the method, "" = to the method itself.
  void part(const std::string& name) { part_ = name.empty() ? name : name + "."; }

  // Reading throws data where the value lies outside.
  void number(const std::string& name, int& value, int low, int high);
  void number(const std::string& name, double& value);
  void list(const std::string& name, std::vector<int>& values, int low, int high);
  void list(const std::string& name, std::vector<std::string>& values);
  void list(const std::string& name, std::vector<float>& values);
  void list(const std::string& name, std::vector<double>& values);   // kept as `real`
  void exact(const std::string& name, std::vector<double>& values);  // a few, kept as they are

  // Throws data, naming the method, unless the condition holds.
  void require(bool condition) const;

 private:
  template <class T>
  void tensor_list(const std::string& name, std::vector<T>& values);
  const base::Json& found(const std::string& name) const;

  tensor::TensorFile* to_ = nullptr;
  const tensor::TensorFile* from_ = nullptr;
  std::string prefix_, part_;
  int width_;
  std::unique_ptr<base::Json> head_;
};

}  // namespace refrain::method
