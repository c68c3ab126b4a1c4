// refrain::Error as Python's own exceptions: usage, data and shape are ValueError, io is OSError,
// unsupported is NotImplementedError, the rest RuntimeError. The hint follows on a line of its own;
// options are called as they are in Python.
#include <cctype>
#include <utility>

#include "bind/parts.h"
#include "refrain/base/error.h"

namespace refrain::bind {
namespace {

PyObject* type_of(Code code) {
  switch (code) {
    case Code::kUsage:
    case Code::kData:
    case Code::kShape:
      return PyExc_ValueError;
    case Code::kIo:
      return PyExc_OSError;
    case Code::kUnsupported:
      return PyExc_NotImplementedError;
    case Code::kNumeric:
    case Code::kInternal:
      break;
  }
  return PyExc_RuntimeError;
}

bool is_word(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }

bool is_of_name(char c) {
  return is_word(c) || c == '-' || c == '_' || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// Whether a blank and a number or a quoted text follow.
bool has_value(const std::string& text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != ' ') return false;
  const char c = text[at + 1];
  return c == '\'' || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// What the tool's messages advise, as it is said in Python.
constexpr std::pair<const char*, const char*> kCommands[] = {
    {"'refrain train --help'", "help(refrain.SequenceClassifier)"},
    {"'refrain pretrain --help'", "help(refrain.LanguageModel)"},
    {"'refrain list augmentations'", "refrain.augment.operations()"},
    {"'refrain list readers'", "refrain.list_registry('readers')"},
    {"'refrain runs list'", "refrain.runs.list()"},
    {"'refrain evaluate'", "refrain.evaluate"},
};

void replace(const std::string& what, const std::string& by, std::string& text) {
  const auto found = text.find(what);
  if (found != std::string::npos) text.replace(found, what.size(), by);
}

void translate(const std::exception_ptr& p, void*) {
  try {
    std::rethrow_exception(p);
  } catch (const Error& e) {
    std::string text = e.what();
    if (!e.hint().empty()) text += "\n" + e.hint();
    PyErr_SetString(type_of(e.code()), python_names(text).c_str());
  }
}

}  // namespace

std::string python_names(std::string text) {
  for (const auto& [what, by] : kCommands) replace(what, by, text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool option = text.compare(i, 2, "--") == 0 && i + 2 < text.size() &&
                        is_word(text[i + 2]) && (i == 0 || text[i - 1] != '-');
    if (!option) {
      out += text[i++];
      continue;
    }
    std::string name;
    for (i += 2; i < text.size() && is_of_name(text[i]); ++i) {
      name += text[i] == '-' ? '_' : text[i];
    }
    out += name == "folds" ? "cv" : name;
    if (has_value(text, i)) {
      out += '=';
      ++i;
    }
  }
  return out;
}

void add_errors(nb::module_&) { nb::register_exception_translator(translate); }

}  // namespace refrain::bind
