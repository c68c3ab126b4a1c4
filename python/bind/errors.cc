// refrain::Error as Python's own exceptions: usage, data and shape are ValueError, io is OSError,
// unsupported is NotImplementedError, the rest RuntimeError. The hint follows on a line of its own;
// options are called as they are in Python.
#include <cctype>

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

void replace(const std::string& what, const std::string& by, std::string& text) {
  const auto found = text.find(what);
  if (found != std::string::npos) text.replace(found, what.size(), by);
}

// "lower --lr, or set --clip-norm 1" -> "lower lr, or set clip_norm 1".
std::string python_names(std::string text) {
  replace("'refrain train --help'", "help(refrain.SequenceClassifier)", text);
  replace("'refrain pretrain --help'", "help(refrain.LanguageModel)", text);
  replace("'refrain list augmentations'", "refrain.augment.operations()", text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool option = text.compare(i, 2, "--") == 0 && i + 2 < text.size() &&
                        is_word(text[i + 2]) && (i == 0 || text[i - 1] != '-');
    if (!option) {
      out += text[i++];
      continue;
    }
    for (i += 2; i < text.size() && (is_word(text[i]) || text[i] == '-' || text[i] == '_'); ++i) {
      out += text[i] == '-' ? '_' : text[i];
    }
  }
  return out;
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

void add_errors(nb::module_&) { nb::register_exception_translator(translate); }

}  // namespace refrain::bind
