// All options of a training run by name, as the command line, JSON and Python know them. Standard
// library only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/base/error.h"

namespace refrain::api {

struct OptionInfo {
  std::string name;     // snake_case; on the command line --kebab-case
  std::string section;  // of the help
  std::string type;     // "bool", "integer", "number", "text", "choice"
  std::string default_value;
  std::string help;
  double low = 0, high = 0;          // numbers
  std::vector<std::string> choices;  // choices
  std::string brief = {};            // one plain sentence, of the options that people use; "" else
  std::string old_name = {};         // is still taken; "" = there is none
};

class Options {
 public:
  Options();
  ~Options();
  Options(const Options& other);
  Options& operator=(const Options& other);

  // Throws Error(usage) for an unknown name ("did you mean") or a value out of range.
  void set(const std::string& name, const std::string& value);
  std::string get(const std::string& name) const;

  // Takes options from a TOML or JSON file (by extension, else by content). Throws io, or usage
  // naming the file.
  void load(const std::string& path);

  // Reads options from a text in memory. The path serves for messages and its extension tells the
  // format.
  void load_text(const std::string& text, const std::string& path);

  std::string json() const;
  static const std::vector<OptionInfo>& list();

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace refrain::api
