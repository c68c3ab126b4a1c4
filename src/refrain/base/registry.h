// Name -> thing, filled by an explicit list (static objects that register themselves are dropped by
// linkers). `refrain list` prints names and descriptions from here.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"

namespace refrain::base {

template <class T>
struct RegistryItem {
  std::string name;
  std::string description;  // one line
  T value;
};

template <class T>
class Registry {
 public:
  using Item = RegistryItem<T>;

  Registry(std::string noun, std::vector<Item> items)
      : noun_(std::move(noun)), items_(std::move(items)) {}

  const T* find(const std::string& name) const {
    for (const auto& item : items_) {
      if (item.name == name) return &item.value;
    }
    return nullptr;
  }

  // Throws Error(usage) with the nearest known name.
  const T& at(const std::string& name) const {
    if (const T* value = find(name)) return *value;
    throw Error(Code::kUsage, "unknown " + noun_ + " '" + name + "'", did_you_mean(name, names()));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& item : items_) out.push_back(item.name);
    return out;
  }

  const std::vector<Item>& items() const { return items_; }

 private:
  std::string noun_;
  std::vector<Item> items_;
};

}  // namespace refrain::base
