#include "refrain/augment/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "refrain/base/config.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::augment {
namespace {

using base::Json;

constexpr int kDeepest = 16;
constexpr const char* kCompose = "compose";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string with_underscores(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  if (text.empty() || !whole || !std::isfinite(number)) return std::nullopt;
  return number;
}

Json number_json(double number) {
  const bool whole = number == std::floor(number) && std::fabs(number) < 1e15;
  return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// "0.01..0.05" as a range, a number as a number, anything else as a word.
Json value_of(const std::string& word) {
  const std::size_t dots = word.find("..");
  if (dots != std::string::npos) {
    const auto low = number_of(std::string_view(word).substr(0, dots));
    const auto high = number_of(std::string_view(word).substr(dots + 2));
    if (low && high) return Json::array({number_json(*low), number_json(*high)});
  }
  if (const auto number = number_of(word)) return number_json(*number);
  return word;
}

class TextParser {
 public:
  explicit TextParser(const std::string& text) : text_(text) {}

  Step parse() {
    skip_spaces();
    Step root{kCompose};
    if (at_end()) return root;
    parse_chain(root.parts, 0);
    if (!at_end()) refuse(fmt::format("'{}' is one character too many", text_[at_]));
    return root;
  }

 private:
  std::string place(std::size_t at) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto line = std::count(text_.begin(), end, '\n');
    if (std::find(text_.begin(), text_.end(), '\n') == text_.end()) {
      return fmt::format(" at character {}", at + 1);
    }
    const auto start = std::find(std::make_reverse_iterator(end), text_.rend(), '\n').base();
    return fmt::format(" in line {} at character {}", line + 1, end - start + 1);
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(Code::kUsage, what + place(at_),
                "write for example: jitter(sigma=0.03, p=0.5) | one_of(scale, time_warp)");
  }

  bool at_end() const { return at_ >= text_.size(); }
  bool sees(char c) const { return !at_end() && text_[at_] == c; }
  void skip_spaces() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    skip_spaces();
    return true;
  }

  std::string take_name() {
    const std::size_t begin = at_;
    while (!at_end() && is_name_character(text_[at_])) ++at_;
    const std::string name = with_underscores(text_.substr(begin, at_ - begin));
    if (name.empty()) refuse(at_end() ? "a name is missing" : "there is no name");
    skip_spaces();
    return name;
  }

  void parse_chain(std::vector<Step>& steps, int depth) {
    do steps.push_back(parse_step(depth));
    while (take('|'));
  }

  Step parse_step(int depth) {
    if (depth > kDeepest) refuse("too many brackets inside one another");
    const std::size_t begin = at_;
    Step step{take_name()};
    step.at = place(begin);
    if (!take('(')) return step;
    while (!take(')')) {
      parse_argument(step, depth);
      if (!sees(')') && !take(',')) refuse(at_end() ? "a ) is missing" : "a , or ) is missing");
    }
    return step;
  }

  // An option, or a part: one step, or several with | between them.
  void parse_argument(Step& step, int depth) {
    const std::size_t begin = at_;
    const std::string name = take_name();
    if (take('=')) {
      step.options.push_back({name, take_value(), place(begin)});
      return;
    }
    at_ = begin;
    std::vector<Step> chain;
    parse_chain(chain, depth + 1);
    if (chain.size() == 1) {
      step.parts.push_back(std::move(chain.front()));
    } else {
      step.parts.push_back({kCompose, {}, std::move(chain), place(begin)});
    }
  }

  Json take_value() {
    if (sees('"') || sees('\'')) return take_quoted(text_[at_]);
    const std::size_t begin = at_;
    while (!at_end() && !is_space(text_[at_]) && std::string(",()|").find(text_[at_]) > 3) ++at_;
    const std::string word = text_.substr(begin, at_ - begin);
    if (word.empty()) refuse("a value is missing");
    skip_spaces();
    return value_of(word);
  }

  // A backslash takes the next character as it is.
  Json take_quoted(char quote) {
    std::string out;
    for (++at_; !sees(quote); ++at_) {
      if (sees('\\')) ++at_;
      if (at_end()) refuse(fmt::format("a {} is missing", quote));
      out += text_[at_];
    }
    ++at_;
    skip_spaces();
    return out;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

[[noreturn]] void refuse_json(const std::string& what, const std::string& at) {
  throw Error(Code::kUsage, what + at, R"(write for example: [{"name": "jitter", "sigma": 0.03}])");
}

void parse_steps(const Json& json, const std::string& at, int depth, std::vector<Step>& out);

Step parse_object(const Json& json, const std::string& at, int depth) {
  const auto name = json.find("name");
  if (name == json.end() || !name->is_string()) refuse_json("a step has no \"name\"", at);
  Step step{with_underscores(name->get<std::string>())};
  step.at = at;
  for (const auto& [key, value] : json.items()) {
    if (key == "name") continue;
    if (key == "of") {
      parse_steps(value, at + " in " + step.name, depth + 1, step.parts);
    } else {
      step.options.push_back({with_underscores(key), value, at});
    }
  }
  return step;
}

// A part that is a list is a compose.
Step parse_part(const Json& json, const std::string& at, int depth) {
  if (depth > kDeepest) refuse_json("too many steps inside one another", at);
  if (json.is_object()) return parse_object(json, at, depth);
  if (json.is_string()) {
    Step chain = parse_text(json.get<std::string>());
    return chain.parts.size() == 1 ? chain.parts.front() : chain;
  }
  if (!json.is_array()) refuse_json(fmt::format("{} is no step", json.dump()), at);
  Step chain{kCompose, {}, {}, at};
  parse_steps(json, at, depth + 1, chain.parts);
  return chain;
}

void parse_steps(const Json& json, const std::string& at, int depth, std::vector<Step>& out) {
  if (!json.is_array()) {
    out.push_back(parse_part(json, at, depth));
    return;
  }
  int number = 0;
  for (const Json& part : json) {
    out.push_back(parse_part(part, fmt::format("{}, step {}", at, ++number), depth));
  }
}

// The value as text that reads back as the same.
std::string value_text(const Json& value) {
  if (value.is_array() && value.size() == 2) {
    return value_text(value[0]) + ".." + value_text(value[1]);
  }
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  if (!value.is_string()) return value.dump();
  const auto& word = value.get_ref<const std::string&>();
  const bool plain = !word.empty() && value_of(word).is_string() &&
                     word.find_first_of(",()|\"'\\ \t\r\n") == std::string::npos;
  if (plain) return word;
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string step_text(const Step& step) {
  std::string list;
  const auto add = [&](const std::string& item) { list += (list.empty() ? "" : ", ") + item; };
  for (const auto& part : step.parts) add(step_text(part));
  for (const auto& option : step.options) add(option.name + "=" + value_text(option.value));
  return list.empty() ? step.name : step.name + "(" + list + ")";
}

Json step_json(const Step& step) {
  if (step.options.empty() && step.parts.empty()) return step.name;
  Json out = {{"name", step.name}};
  if (!step.parts.empty()) {
    Json parts = Json::array();
    for (const auto& part : step.parts) parts.push_back(step_json(part));
    out["of"] = parts;
  }
  for (const auto& option : step.options) out[option.name] = option.value;
  return out;
}

}  // namespace

Step parse_text(const std::string& text) { return TextParser(text).parse(); }

Step parse_json(const Json& json) {
  const bool wrapped = json.is_object() && json.contains("augment") && !json.contains("name");
  if (wrapped && json.size() > 1) refuse_json("besides \"augment\" there are other keys", "");
  const Json& steps = wrapped ? json["augment"] : json;
  if (steps.is_string()) return parse_text(steps.get<std::string>());
  Step root{kCompose};
  parse_steps(steps, "", 0, root.parts);
  return root;
}

Step parse_any(const std::string& spec) {
  const auto first = std::find_if_not(spec.begin(), spec.end(), is_space);
  if (first != spec.end() && (*first == '[' || *first == '{')) {
    return parse_json(base::parse_config("augment.json", spec));
  }
  const bool marked = spec.starts_with("@");
  if (!marked && !spec.ends_with(".json") && !spec.ends_with(".toml")) return parse_text(spec);
  const std::string path = marked ? spec.substr(1) : spec;
  const std::string text = base::read_file(path).bytes;
  const auto begin = std::find_if_not(text.begin(), text.end(), is_space);
  const bool table =
      path.ends_with(".json") || path.ends_with(".toml") || (begin != text.end() && *begin == '{');
  const Json json = table ? base::parse_config(path, text) : Json();
  try {
    return table ? parse_json(json) : parse_text(text);
  } catch (const Error& e) {
    throw Error(e.code(), path + ": " + e.what(), e.hint());
  }
}

Json to_json(const Step& step) {
  Json steps = Json::array();
  for (const auto& part : step.parts) steps.push_back(step_json(part));
  return steps;
}

std::string to_text(const Step& step) {
  std::string out;
  for (const auto& part : step.parts) out += (out.empty() ? "" : " | ") + step_text(part);
  return out;
}

}  // namespace refrain::augment
