#include "refrain/base/config.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "refrain/base/error.h"

namespace refrain::base {
namespace {

// "3:7" for a place in a text.
std::string place_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  const auto line = std::count(text.begin(), end, '\n');
  const auto start = std::find(std::make_reverse_iterator(end), text.rend(), '\n').base();
  return fmt::format("{}:{}", line + 1, std::max<std::ptrdiff_t>(1, end - start));
}

}  // namespace

Json parse_config(const std::string& path, const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = path.ends_with(".json") || (first != std::string::npos && text[first] == '{');
  try {
    if (json) return Json::parse(text);
    std::ostringstream out;
    out << toml::json_formatter(toml::parse(text, path));
    return Json::parse(out.str());
  } catch (const Json::parse_error& e) {
    throw Error(Code::kUsage, fmt::format("{}:{}: not valid JSON", path, place_of(text, e.byte)),
                "check the JSON syntax at that place, for example: {\"hidden\": 64}");
  } catch (const Json::exception&) {
    throw Error(Code::kUsage, path + ": a number is too large", "mend that number");
  } catch (const toml::parse_error& e) {
    throw Error(Code::kUsage,
                fmt::format("{}:{}:{}: {}", path, e.source().begin.line, e.source().begin.column,
                            e.description()),
                "check the TOML syntax at that place, for example: hidden = 64");
  }
}

}  // namespace refrain::base
