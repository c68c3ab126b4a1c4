#include "refrain/api/inside/table_json.h"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace refrain::api {
namespace {

base::Json json_of_cell(const Cell& cell) {
  if (const auto* s = std::get_if<Score>(&cell)) {
    return {{"value", s->value}, {"low", s->low}, {"high", s->high}};
  }
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const double number = std::get<double>(cell);
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? base::Json(whole) : base::Json(number);
}

}  // namespace

base::Json json_of_table(const Table& table) {
  const bool matrix = table.form == Table::Form::kMatrix;
  base::Json out = matrix ? base::Json::array() : base::Json::object();
  for (const auto& row : table.rows) {
    base::Json cells = matrix ? base::Json::array() : base::Json::object();
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (matrix) cells.push_back(json_of_cell(row.cells[c]));
      if (!matrix) cells[table.columns[c]] = json_of_cell(row.cells[c]);
    }
    if (matrix) out.push_back(cells);
    if (!matrix) out[row.name] = cells;
  }
  return out;
}

}  // namespace refrain::api
