#include "refrain/api/options.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/option_info.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/augment/parse.h"
#include "refrain/augment/pipeline.h"
#include "refrain/augment/text/translator.h"
#include "refrain/base/config.h"
#include "refrain/base/duration.h"
#include "refrain/base/files.h"
#include "refrain/transduce/back_translation.h"

namespace refrain::api {
namespace {

// Back-translation may name models of this project; the layer that runs it is below theirs.
[[maybe_unused]] const bool kModelsAnswer = [] {
  augment::answer_by_models(transduce::translated_lines);
  return true;
}();

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

// A specification of augmentation in its one form: what a file says is then part of the options.
Json checked(const std::string& name, const Json& value) {
  if (name != "augment") return value;
  try {
    if (value.is_string()) return augment::canonical(value.get<std::string>());
    return augment::Pipeline::make(augment::parse_json(value)).text();
  } catch (const Error& e) {
    throw Error(e.code(), std::string("--augment: ") + e.what(), e.hint());
  }
}

// Sets a field as base::set_field does and adds a remedy where only the value is wrong.
void set_one(task::Spec& spec, const std::string& name, const Json& value) {
  try {
    // What --time meant in tables: a column. A length of time is no name of one.
    const bool limit = base::option_name(name) == "time" && value.is_string() &&
                       base::parse_duration(value.get<std::string>());
    const std::string option = limit ? "time_limit" : name;
    spec.given.insert(base::set_field(fields(), &spec, option, checked(option, value)));
  } catch (const Error& e) {
    if (!e.hint().empty()) throw;
    throw Error(e.code(), e.what(),
                fmt::format("leave it out for the default; 'refrain train --help' explains --{}",
                            base::option_name(name)));
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
  const Json config = base::parse_config(path, text);
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

OptionInfo info_of(const Field& field, const Json& value) {
  return {field.name, field.section, type_name(field.type), as_text(value), field.help,
          field.low,  field.high,    field.choices,         field.brief,    field.old_name};
}

const std::string& require_augment(const task::Spec& spec) {
  const std::string& augment = spec.augment.augment;
  if (augment.empty()) {
    throw Error(Code::kUsage, "--augment is missing: what is to be done to the samples",
                "for example --augment 'jitter | time_warp'; 'refrain list augmentations' names "
                "the steps");
  }
  if (augment == "auto") {
    throw Error(Code::kUsage, "--augment auto chooses while training: there is nothing to write",
                "name the steps, or see what helps with 'refrain augment DATA --test'");
  }
  return augment;
}

const std::vector<OptionInfo>& Options::list() {
  static const std::vector<OptionInfo> infos = [] {
    std::vector<OptionInfo> out;
    const task::Spec defaults;
    for (const auto& field : fields()) out.push_back(info_of(field, field.get(&defaults)));
    return out;
  }();
  return infos;
}

}  // namespace refrain::api
