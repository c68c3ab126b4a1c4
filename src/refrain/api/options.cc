#include "refrain/api/options.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <sstream>

#include "refrain/api/inside/options_impl.h"
#include "refrain/base/duration.h"
#include "refrain/base/files.h"

namespace refrain::api {
namespace {

using base::Field;
using base::FieldType;
using base::Json;

const std::vector<Field>& fields() {
  static const std::vector<Field> list = task::spec_fields().list();
  return list;
}

std::string type_name(FieldType type) {
  switch (type) {
    case FieldType::kBool:
      return "bool";
    case FieldType::kInteger:
      return "integer";
    case FieldType::kNumber:
      return "number";
    case FieldType::kText:
      return "text";
    case FieldType::kChoice:
      break;
  }
  return "choice";
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// "3:7" for a place in a text.
std::string place_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  const auto line = std::count(text.begin(), end, '\n');
  const auto start = std::find(std::make_reverse_iterator(end), text.rend(), '\n').base();
  return fmt::format("{}:{}", line + 1, std::max<std::ptrdiff_t>(1, end - start));
}

// As base::set_field, with a way out where the value alone is wrong.
void set_one(task::Spec& spec, const std::string& name, const Json& value) {
  try {
    const bool limit = base::option_name(name) == "time" && value.is_string() &&
                       base::parse_duration(value.get<std::string>());
    spec.given.insert(base::set_field(fields(), &spec, limit ? "time_limit" : name, value));
  } catch (const Error& e) {
    if (!e.hint().empty()) throw;
    throw Error(e.code(), e.what(),
                fmt::format("leave it out for the default; 'refrain train --help' explains --{}",
                            base::option_name(name)));
  }
}

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

}  // namespace

Options::Options() : impl_(std::make_unique<Impl>()) {}
Options::~Options() = default;
Options::Options(const Options& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Options& Options::operator=(const Options& other) {
  *impl_ = *other.impl_;
  return *this;
}

void Options::set(const std::string& name, const std::string& value) {
  set_one(impl_->spec, name, value);
}

std::string Options::get(const std::string& name) const {
  for (const auto& field : fields()) {
    if (field.name == name) return as_text(field.get(&impl_->spec));
  }
  throw Error(Code::kUsage, "unknown option " + name);
}

void Options::load(const std::string& path) { load_text(base::read_file(path).bytes, path); }

void Options::load_text(const std::string& text, const std::string& path) {
  const Json config = parse_config(path, text);
  if (!config.is_object()) {
    throw Error(Code::kUsage, path + ": a configuration is a table of options",
                "write for example: hidden = 64");
  }
  try {
    for (const auto& [name, value] : config.items()) set_one(impl_->spec, name, value);
  } catch (const Error& e) {
    throw Error(e.code(), path + ": " + e.what(), e.hint());
  }
}

std::string Options::json() const { return base::fields_to_json(fields(), &impl_->spec).dump(2); }

const std::vector<OptionInfo>& Options::list() {
  static const std::vector<OptionInfo> infos = [] {
    std::vector<OptionInfo> out;
    const task::Spec defaults;
    for (const auto& f : fields()) {
      out.push_back({f.name, f.section, type_name(f.type), as_text(f.get(&defaults)), f.help, f.low,
                     f.high, f.choices});
    }
    return out;
  }();
  return infos;
}

}  // namespace refrain::api
