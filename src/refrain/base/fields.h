// Options, declared once: name, range, help, and the member that holds the value (its initialiser
// is the default). From a field list come JSON in and out, command-line flags, --help, the
// reference page and range errors.
//
//   struct LstmSpec { int hidden = 64; };
//   Fields<LstmSpec> fields() { return Fields<LstmSpec>().field("hidden", &LstmSpec::hidden, 1,
//   4096,
//                                                               "state size"); }
#pragma once

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "refrain/base/error.h"

namespace refrain::base {

using Json = nlohmann::ordered_json;

enum class FieldType { kBool, kInteger, kNumber, kText, kChoice };

// One option, its owner's type erased: get and set take a pointer to the Spec.
struct Field {
  std::string name;  // snake_case; the command line shows it as --kebab-case
  std::string help;
  std::string section;
  FieldType type = FieldType::kText;
  double low = 0;
  double high = 0;
  std::vector<std::string> choices;  // of a number: words that are taken as well
  std::function<Json(const void*)> get;
  std::function<void(void*, const Json&)> set;  // takes a value that check_value has passed
};

// The value as the field's type wants it (text such as "64" or "true" is converted). Throws usage
// with the range or the choices where it does not fit.
Json check_value(const Field& field, const Json& value);

// "n-gram_size" and "--n-gram-size" name the same option.
std::string option_name(std::string name);

// A word that stands for a number outside a field's range: {"auto", 0}.
struct Word {
  std::string text;
  double value;
};

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
    return add({std::move(name), std::move(help), section_, type, low, high, {}, {}, {}}, member);
  }
  template <class T>
  requires std::is_arithmetic_v<T> Fields& field(std::string name, T Spec::*member, double low,
                                                 double high, Word word, std::string help) {
    field(std::move(name), member, low, high, std::move(help));
    Field& f = list_.back();
    f.choices = {word.text};
    f.get = [member, word](const void* spec) {
      const T value = static_cast<const Spec*>(spec)->*member;
      return static_cast<double>(value) == word.value ? Json(word.text) : Json(value);
    };
    f.set = [member, word](void* spec, const Json& value) {
      static_cast<Spec*>(spec)->*member =
          value.is_string() ? static_cast<T>(word.value) : value.get<T>();
    };
    return *this;
  }
  Fields& field(std::string name, bool Spec::*member, std::string help) {
    return add({std::move(name), std::move(help), section_, FieldType::kBool, 0, 1, {}, {}, {}},
               member);
  }
  Fields& field(std::string name, std::string Spec::*member, std::string help) {
    return add({std::move(name), std::move(help), section_, FieldType::kText, 0, 0, {}, {}, {}},
               member);
  }
  Fields& field(std::string name, std::string Spec::*member, std::vector<std::string> choices,
                std::string help) {
    return add({std::move(name),
                std::move(help),
                section_,
                FieldType::kChoice,
                0,
                0,
                std::move(choices),
                {},
                {}},
               member);
  }

  // All fields of a Spec that is a member of this one.
  template <class Part>
  Fields& include(Part Spec::*member, const Fields<Part>& part) {
    for (Field field : part.list()) {
      field.get = [get = field.get, member](const void* spec) {
        return get(&(static_cast<const Spec*>(spec)->*member));
      };
      field.set = [set = field.set, member](void* spec, const Json& value) {
        set(&(static_cast<Spec*>(spec)->*member), value);
      };
      list_.push_back(std::move(field));
    }
    return *this;
  }

  const std::vector<Field>& list() const { return list_; }

 private:
  template <class T>
  Fields& add(Field field, T Spec::*member) {
    field.get = [member](const void* spec) {
      return Json(static_cast<const Spec*>(spec)->*member);
    };
    field.set = [member](void* spec, const Json& value) {
      static_cast<Spec*>(spec)->*member = value.get<T>();
    };
    list_.push_back(std::move(field));
    return *this;
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
