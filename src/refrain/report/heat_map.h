// A table of shares as a picture: the darker a cell, the larger its share. For the attention of a
// decoder (rows: what was written; columns: what was read) and for symbols in time.
#pragma once

#include <string>
#include <vector>

#include "refrain/report/words.h"

namespace refrain::report {

struct HeatMap {
  Words x, y;                     // labels of the axes
  std::vector<std::string> rows;  // names; long ones are shortened
  // Names of the columns. Empty: they are `width` equal pieces of a stretch from 0 to `end`, whose
  // numbers stand below.
  std::vector<std::string> columns;
  int width = 0;
  double end = 0;
  std::vector<double> share;  // [rows, columns], 0 to 1; what lies outside is cut off
};

// As wide as other plots (plot.h). Of more columns than kMostColumns neighbours are drawn as one,
// with the largest of their shares.
constexpr int kMostColumns = 150;
std::string heat_map(const HeatMap& map);

}  // namespace refrain::report
