#include "refrain/base/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/nearest.h"

namespace refrain::base {
namespace {

[[noreturn]] void refuse(const Field& field, const Json& value, const std::string& wanted) {
  const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
  throw Error(Code::kUsage,
              fmt::format("--{} must be {}, got '{}'", option_name(field.name), wanted, shown));
}

Json check_bool(const Field& field, const Json& value) {
  if (value.is_boolean()) return value;
  if (value == "true" || value == "1" || value == "yes" || value == "on" || value == 1) return true;
  if (value == "false" || value == "0" || value == "no" || value == "off" || value == 0) {
    return false;
  }
  refuse(field, value, "true or false");
}

// Files of earlier versions have this number where options are "auto" today.
constexpr double kAutoBefore = -1;

Json check_number(const Field& field, const Json& value) {
  const bool integer = field.type == FieldType::kInteger;
  const auto& words = field.choices;
  if (value.is_string() && std::find(words.begin(), words.end(), value) != words.end())
    return value;
  std::string wanted =
      fmt::format("{} in [{}, {}]", integer ? "a whole number" : "a number", field.low, field.high);
  for (const auto& word : words) wanted += " or " + word;
  double number = 0;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) refuse(field, value, wanted);
  } else {
    refuse(field, value, wanted);
  }
  if (!words.empty() && number == kAutoBefore && field.word_value == kAutoBefore)
    return words.front();
  const bool inside = number >= field.low && number <= field.high;  // false for NaN too
  if (!inside || (integer && number != std::floor(number))) refuse(field, value, wanted);
  if (integer) return static_cast<std::int64_t>(number);
  return number;
}

}  // namespace

namespace {

template <class T>
const T& value_at(const void* spec, std::size_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(spec) + offset);
}

template <class T>
void set_at(const Field& field, void* spec, const Json& value) {
  T& target = *reinterpret_cast<T*>(static_cast<char*>(spec) + field.member.offset);
  if constexpr (std::is_arithmetic_v<T>) {
    if (value.is_string()) {
      target = static_cast<T>(field.word_value);
      return;
    }
  }
  target = value.get<T>();
}

Json value_of(const Member& member, const void* spec) {
  switch (member.type) {
    case MemberType::kBool:
      return value_at<bool>(spec, member.offset);
    case MemberType::kInt:
      return value_at<int>(spec, member.offset);
    case MemberType::kInt64:
      return value_at<std::int64_t>(spec, member.offset);
    case MemberType::kUint64:
      return value_at<std::uint64_t>(spec, member.offset);
    case MemberType::kFloat:
      return value_at<float>(spec, member.offset);
    case MemberType::kDouble:
      return value_at<double>(spec, member.offset);
    case MemberType::kText:
      break;
  }
  return value_at<std::string>(spec, member.offset);
}

}  // namespace

Json Field::get(const void* spec) const {
  Json value = value_of(member, spec);
  const bool has_word = value.is_number() && !choices.empty();
  if (has_word && value.get<double>() == word_value) return choices.front();
  return value;
}

void Field::set(void* spec, const Json& value) const {
  switch (member.type) {
    case MemberType::kBool:
      return set_at<bool>(*this, spec, value);
    case MemberType::kInt:
      return set_at<int>(*this, spec, value);
    case MemberType::kInt64:
      return set_at<std::int64_t>(*this, spec, value);
    case MemberType::kUint64:
      return set_at<std::uint64_t>(*this, spec, value);
    case MemberType::kFloat:
      return set_at<float>(*this, spec, value);
    case MemberType::kDouble:
      return set_at<double>(*this, spec, value);
    case MemberType::kText:
      return set_at<std::string>(*this, spec, value);
  }
}

Json check_value(const Field& field, const Json& value) {
  switch (field.type) {
    case FieldType::kBool:
      return check_bool(field, value);
    case FieldType::kInteger:
    case FieldType::kNumber:
      return check_number(field, value);
    case FieldType::kText:
      if (!value.is_string()) refuse(field, value, "text");
      return value;
    case FieldType::kChoice:
      break;
  }
  const bool known =
      value.is_string() && std::find(field.choices.begin(), field.choices.end(),
                                     value.get<std::string>()) != field.choices.end();
  if (known) return value;
  const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
  throw Error(Code::kUsage,
              fmt::format("--{} must be one of {}, got '{}'", option_name(field.name),
                          fmt::join(field.choices, "|"), shown),
              did_you_mean(shown, field.choices));
}

std::string option_name(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string set_field(const std::vector<Field>& fields, void* spec, const std::string& name,
                      const Json& value) {
  std::vector<std::string> known;
  for (const auto& field : fields) {
    const bool old = !field.old_name.empty() && option_name(field.old_name) == option_name(name);
    if (old || option_name(field.name) == option_name(name)) {
      field.set(spec, check_value(field, value));
      return field.name;
    }
    known.push_back("--" + option_name(field.name));
  }
  const std::string best = nearest("--" + option_name(name), known);
  throw Error(Code::kUsage, fmt::format("unknown option --{}", option_name(name)),
              best.empty() ? "'refrain train --help' lists the options"
                           : fmt::format("did you mean {}?", best));
}

Json fields_to_json(const std::vector<Field>& fields, const void* spec) {
  Json out = Json::object();
  for (const auto& field : fields) out[field.name] = field.get(spec);
  return out;
}

}  // namespace refrain::base
