#include "refrain/api/inside/table_json.h"

#include <cmath>
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

namespace {

constexpr std::size_t kMostRows = 200;

Cell cell_of_json(const base::Json& json) {
  if (json.is_string()) return json.get<std::string>();
  const auto number = [](const base::Json& j) { return j.is_number() ? j.get<double>() : NAN; };
  if (!json.is_object()) return number(json);
  return Score{number(json["value"]), number(json["low"]), number(json["high"])};
}

}  // namespace

base::Json json_of_tables(const std::vector<Table>& tables) {
  base::Json out = base::Json::array();
  for (const auto& table : tables) {
    if (table.rows.size() > kMostRows) continue;
    base::Json rows = base::Json::array();
    for (const auto& row : table.rows) {
      base::Json cells = base::Json::array();
      for (const auto& cell : row.cells) cells.push_back(json_of_cell(cell));
      rows.push_back({row.name, cells});
    }
    out.push_back({{"name", table.name},
                   {"title", table.title},
                   {"row", table.row},
                   {"columns", table.columns},
                   {"matrix", table.form == Table::Form::kMatrix},
                   {"rows", rows}});
  }
  return out;
}

std::vector<Table> tables_of_json(const base::Json& json) {
  std::vector<Table> out;
  for (const auto& j : json) {
    Table table{j["name"], j["title"], j["row"], j["columns"], {}};
    if (j["matrix"].get<bool>()) table.form = Table::Form::kMatrix;
    for (const auto& row : j["rows"]) {
      table.rows.push_back({row[0], {}});
      for (const auto& cell : row[1]) table.rows.back().cells.push_back(cell_of_json(cell));
    }
    out.push_back(std::move(table));
  }
  return out;
}

}  // namespace refrain::api
