// Reading of the reference numbers (README.md tells what they are) and comparing with them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/suites/ragged.h"

namespace refrain::golden {

using suites::Numbers;
using suites::Sequences;
using Json = nlohmann::json;

// Ten digits are written: doubles agree to 1e-8 with room, floats to their own rounding.
constexpr double kTolerance = sizeof(real) == 8 ? 1e-8 : 1e-5;

inline Json read_file(const std::string& name) {
  std::ifstream file(std::string(REFRAIN_SOURCE_DIR "/tests/golden/") + name);
  return Json::parse(file);
}

// All numbers of a list of any depth, in order.
inline Numbers numbers(const Json& list) {
  if (!list.is_array()) return {static_cast<real>(list.get<double>())};
  Numbers out;
  for (const auto& item : list) {
    for (const real x : numbers(item)) out.push_back(x);
  }
  return out;
}

inline Sequences sequences(const Json& list) {
  Sequences out;
  for (const auto& item : list) out.push_back(numbers(item));
  return out;
}

// [rows][columns] -> [columns,rows]: PyTorch's weights as ours.
inline Numbers transposed(const Json& matrix) {
  const std::size_t rows = matrix.size(), columns = matrix[0].size();
  Numbers out;
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) {
      out.push_back(static_cast<real>(matrix[r][c].get<double>()));
    }
  }
  return out;
}

// Relative to the largest number of the tensor.
inline void expect_close(const Numbers& got, const Numbers& expected, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  double largest = 0;
  for (const real x : expected) largest = std::max(largest, std::abs(static_cast<double>(x)));
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(got[i]), static_cast<double>(expected[i]), kTolerance * largest)
        << what << "[" << i << "]";
  }
}

inline void expect_close(const Sequences& got, const Sequences& expected, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t b = 0; b < got.size(); ++b) {
    expect_close(got[b], expected[b], what + "[" + std::to_string(b) + "]");
  }
}

}  // namespace refrain::golden
