// A confusion matrix whose cells open their samples (Page::data "samples"; page.js). Without
// scripts it is a table of counts.
#pragma once

#include <string>
#include <vector>

namespace refrain::report {

struct Matrix {
  std::vector<std::string> names;
  std::vector<std::vector<int>> counts;  // [true][answered]
};
std::string matrix(const Matrix& matrix);

}  // namespace refrain::report
