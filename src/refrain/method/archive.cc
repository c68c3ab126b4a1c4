#include "refrain/method/archive.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::method {

using base::Json;

Archive::Archive(tensor::TensorFile& file, std::string prefix, int width)
    : to_(&file),
      prefix_(std::move(prefix)),
      width_(width),
      head_(std::make_unique<Json>(Json::object())) {}

Archive::Archive(const tensor::TensorFile& file, std::string prefix, int width, Json head)
    : from_(&file),
      prefix_(std::move(prefix)),
      width_(width),
      head_(std::make_unique<Json>(std::move(head))) {
  require(head_->is_object());
}

Archive::~Archive() = default;

bool Archive::has(const std::string& name) const { return head_->contains(part_ + name); }

void Archive::require(bool condition) const {
  if (condition) return;
  throw Error(Code::kData, "its part '" + prefix_ + "' is damaged");
}

const Json& Archive::found(const std::string& name) const {
  const auto entry = head_->find(part_ + name);
  require(entry != head_->end());
  return *entry;
}

void Archive::number(const std::string& name, int& value, int low, int high) {
  if (!reading()) {
    (*head_)[part_ + name] = value;
    return;
  }
  const Json& stored = found(name);
  require(stored.is_number_integer() && stored >= low && stored <= high);
  value = stored.get<int>();
}

void Archive::number(const std::string& name, double& value) {
  if (!reading()) {
    (*head_)[part_ + name] = value;
    return;
  }
  const Json& stored = found(name);
  require(stored.is_number());
  value = stored.get<double>();
  require(std::isfinite(value));
}

void Archive::list(const std::string& name, std::vector<int>& values, int low, int high) {
  if (!reading()) {
    (*head_)[part_ + name] = values;
    return;
  }
  const Json& stored = found(name);
  require(stored.is_array());
  values.clear();
  for (const Json& item : stored) {
    require(item.is_number_integer() && item >= low && item <= high);
    values.push_back(item.get<int>());
  }
}

void Archive::list(const std::string& name, std::vector<std::string>& values) {
  if (!reading()) {
    (*head_)[part_ + name] = values;
    return;
  }
  const Json& stored = found(name);
  require(stored.is_array());
  values.clear();
  for (const Json& item : stored) {
    require(item.is_string());
    values.push_back(item.get<std::string>());
  }
}

void Archive::exact(const std::string& name, std::vector<double>& values) {
  if (!reading()) {
    (*head_)[part_ + name] = values;
    return;
  }
  const Json& stored = found(name);
  require(stored.is_array());
  values.clear();
  for (const Json& item : stored) {
    require(item.is_number());
    values.push_back(item.get<double>());
    require(std::isfinite(values.back()));
  }
}

template <class T>
void Archive::tensor_list(const std::string& name, std::vector<T>& values) {
  if (!reading()) {
    to_->tensors.push_back({prefix_ + part_ + name,
                            {static_cast<std::int64_t>(values.size())},
                            {values.begin(), values.end()}});
    return;
  }
  const tensor::NamedTensor* stored = from_->find(prefix_ + part_ + name);
  require(stored != nullptr);
  values.assign(stored->values.begin(), stored->values.end());
  for (const T value : values) require(std::isfinite(value));
}

void Archive::list(const std::string& name, std::vector<float>& values) {
  tensor_list(name, values);
}

void Archive::list(const std::string& name, std::vector<double>& values) {
  tensor_list(name, values);
}

}  // namespace refrain::method
