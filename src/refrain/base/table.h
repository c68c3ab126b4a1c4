// A table of a report: named rows of cells under named columns. A task fills tables; the terminal,
// JSON and Python show them and know no task. Installed beside the headers of the api: standard
// library only.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace refrain {

// A score with its 95 % interval.
struct Score {
  double value = 0, low = 0, high = 0;

  bool operator==(const Score&) const = default;
};

using Cell = std::variant<Score, double, std::string>;

struct Table {
  struct Row {
    std::string name;
    std::vector<Cell> cells;  // one a column

    bool operator==(const Row&) const = default;
  };
  // The form in JSON: an object of rows, each an object of columns; or a list of rows without
  // names.
  enum class Form { kRecords, kMatrix };

  std::string name;   // its key in JSON: "per_class"
  std::string title;  // a sentence above the columns; "" = none
  std::string row;    // meaning of a row: "class"
  std::vector<std::string> columns;
  std::vector<Row> rows;
  Form form = Form::kRecords;

  bool operator==(const Table&) const = default;
};

}  // namespace refrain
