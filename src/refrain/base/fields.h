// Options, declared once: name, range, help, and the member that holds the value (its initialiser
// is the default). From a field list come JSON in and out, command-line flags, --help, the
// reference page and range errors.
//
//   struct LstmSpec { int hidden = 64; };
//   Fields<LstmSpec> fields() {
//     return Fields<LstmSpec>().field("hidden", &LstmSpec::hidden, 1, 4096, "state size");
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/json.h"

namespace refrain::base {

enum class FieldType { kBool, kInteger, kNumber, kText, kChoice };

// The C++ type of the member that holds a field's value.
enum class MemberType { kBool, kInt, kInt64, kUint64, kFloat, kDouble, kText };

// Where a field's value lies in its Spec.
struct Member {
  MemberType type = MemberType::kText;
  std::size_t offset = 0;  // bytes
};

// A word that stands for a number outside a field's range: {"auto", 0}.
struct Word {
  std::string text;
  double value = 0;
};

// One option, its owner's type erased: get and set take a pointer to the Spec.
struct Field {
  std::string name;  // snake_case; the command line shows it as --kebab-case
  std::string help;
  std::string section;
  FieldType type = FieldType::kText;
  double low = 0;
  double high = 0;
  std::vector<std::string> choices;  // for a number: words that are accepted as well
  double word_value = 0;             // the number that the word in `choices` stands for
  std::string brief;                 // one plain sentence, of the options that people use; "" else
  std::string old_name;              // is still taken; "" = there is none
  Member member;

  Json get(const void* spec) const;
  void set(void* spec, const Json& value) const;  // takes a value that check_value has passed
};

// The value as the field's type wants it (text such as "64" or "true" is converted). Throws usage
// with the range or the choices where it does not fit.
Json check_value(const Field& field, const Json& value);

// "n-gram_size" and "--n-gram-size" name the same option.
std::string option_name(std::string name);

template <class T>
constexpr MemberType member_type() {
  if (std::is_same_v<T, bool>) return MemberType::kBool;
  if (std::is_same_v<T, float>) return MemberType::kFloat;
  if (std::is_same_v<T, double>) return MemberType::kDouble;
  if (std::is_same_v<T, std::string>) return MemberType::kText;
  static_assert(!std::is_integral_v<T> || sizeof(T) == sizeof(std::int64_t) ||
                std::is_same_v<T, int> || std::is_same_v<T, bool>);
  if (sizeof(T) == sizeof(int)) return MemberType::kInt;
  return std::is_signed_v<T> ? MemberType::kInt64 : MemberType::kUint64;
}

template <class Spec>
class Fields {
 public:
  // Fields added after this call belong to a section of --help and of the reference page.
  Fields& section(std::string title) {
    section_ = std::move(title);
    return *this;
  }

  template <class T>
  requires std::is_arithmetic_v<T> Fields& field(std::string name, T Spec::*member, double low,
                                                 double high, std::string help) {
    const auto type = std::is_integral_v<T> ? FieldType::kInteger : FieldType::kNumber;
    return add(std::move(name), std::move(help), {type, low, high}, at(member));
  }
  template <class T>
  requires std::is_arithmetic_v<T> Fields& field(std::string name, T Spec::*member, double low,
                                                 double high, Word word, std::string help) {
    field(std::move(name), member, low, high, std::move(help));
    list_.back().choices = {std::move(word.text)};
    list_.back().word_value = word.value;
    return *this;
  }
  Fields& field(std::string name, bool Spec::*member, std::string help) {
    return add(std::move(name), std::move(help), {FieldType::kBool, 0, 1}, at(member));
  }
  Fields& field(std::string name, std::string Spec::*member, std::string help) {
    return add(std::move(name), std::move(help), {FieldType::kText, 0, 0}, at(member));
  }
  Fields& field(std::string name, std::string Spec::*member, std::vector<std::string> choices,
                std::string help) {
    add(std::move(name), std::move(help), {FieldType::kChoice, 0, 0}, at(member));
    list_.back().choices = std::move(choices);
    return *this;
  }

  // The field before is one of those that people use: --help shows it with this sentence.
  Fields& common(std::string brief) {
    list_.back().brief = std::move(brief);
    return *this;
  }
  // The field before was called otherwise once.
  Fields& formerly(std::string name) {
    list_.back().old_name = std::move(name);
    return *this;
  }

  // All fields of a Spec that is a member of this one.
  template <class Part>
  Fields& include(Part Spec::*member, const Fields<Part>& part) {
    for (Field field : part.list()) {
      field.member.offset += offset_of(member);
      list_.push_back(std::move(field));
    }
    return *this;
  }

  const std::vector<Field>& list() const { return list_; }

 private:
  struct Kind {
    FieldType type;
    double low, high;
  };

  Fields& add(std::string name, std::string help, Kind kind, Member member) {
    Field field;
    field.name = std::move(name);
    field.help = std::move(help);
    field.section = section_;
    field.type = kind.type;
    field.low = kind.low;
    field.high = kind.high;
    field.member = member;
    list_.push_back(std::move(field));
    return *this;
  }

  template <class T>
  static Member at(T Spec::*member) {
    return {member_type<T>(), offset_of(member)};
  }
  template <class T>
  static std::size_t offset_of(T Spec::*member) {
    static const Spec spec{};
    return static_cast<std::size_t>(reinterpret_cast<const char*>(&(spec.*member)) -
                                    reinterpret_cast<const char*>(&spec));
  }

  std::string section_;
  std::vector<Field> list_;
};

// Sets one option by name, "n-gram_size" or "n_gram_size"; returns its name in snake_case. Throws
// usage for an unknown name ("did you mean") or a value out of range.
std::string set_field(const std::vector<Field>& fields, void* spec, const std::string& name,
                      const Json& value);

Json fields_to_json(const std::vector<Field>& fields, const void* spec);

}  // namespace refrain::base
