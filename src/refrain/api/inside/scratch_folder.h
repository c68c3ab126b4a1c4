// For tests: a folder that is gone afterwards, and small data files in it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "refrain/base/test_folder.h"

namespace refrain::api {

class ScratchFolder : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  std::string write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

  static std::string read(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
  }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  // Series of twelve steps, tab-separated behind their label: "up" or "down". `seed` makes others.
  static std::string series(int n, unsigned seed = 1) {
    std::string out;
    for (int i = 0; i < n; ++i) {
      const bool up = noise(seed) > 0;
      out += up ? "up" : "down";
      for (int t = 0; t < 12; ++t) {
        out += "\t" + std::to_string((up ? 0.3 : -0.3) * t + noise(seed));
      }
      out += "\n";
    }
    return out;
  }

  // One short series a label, as JSON Lines.
  static std::string labelled(const std::vector<std::string>& labels) {
    std::string out;
    for (const auto& label : labels) {
      out += "{\"series\": [[0.5], [1], [2.5]], \"label\": \"" + label + "\"}\n";
    }
    return out;
  }

  // Returns a pseudo-random number in [-1, 1).
  static double noise(unsigned& state) {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8) / (1 << 23) - 1;
  }

 private:
  base::TestFolder folder_;
};

}  // namespace refrain::api
