#include "refrain/augment/ledger.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "refrain/base/error.h"
#include "refrain/base/json.h"

namespace refrain::augment {

using base::Json;

std::string write_ledger(const std::vector<LedgerLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    const Json json = {{"id", line.id},     {"source", line.source}, {"source_id", line.source_id},
                       {"seed", line.seed}, {"copy", line.copy},     {"spec", line.spec},
                       {"data", line.data}, {"digest", line.digest}};
    out += json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return out;
}

std::vector<LedgerLine> read_ledger(const std::string& text, const std::string& path) {
  std::vector<LedgerLine> lines;
  std::istringstream in(text);
  std::string row;
  for (int number = 1; std::getline(in, row); ++number) {
    if (row.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      const Json json = Json::parse(row);
      LedgerLine line;
      line.id = json.at("id").get<std::string>();
      line.source = json.at("source").get<std::int64_t>();
      line.source_id = json.at("source_id").get<std::string>();
      line.seed = json.at("seed").get<std::int64_t>();
      line.copy = json.at("copy").get<std::int64_t>();
      line.spec = json.at("spec").get<std::string>();
      line.data = json.at("data").get<std::string>();
      line.digest = json.at("digest").get<std::string>();
      lines.push_back(std::move(line));
    } catch (const Json::exception&) {
      throw Error(Code::kData, fmt::format("{}:{}: not a line of a ledger", path, number),
                  "give the file that 'refrain augment --ledger' wrote");
    }
  }
  return lines;
}

}  // namespace refrain::augment
