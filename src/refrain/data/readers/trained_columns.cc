#include "refrain/data/readers/trained_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

// Gives out the columns of a header by name, each once: of several with one name the first.
class Places {
 public:
  Places(const std::vector<std::string>& names, const std::vector<int>& taken) {
    const std::set<int> away(taken.begin(), taken.end());
    for (int i = static_cast<int>(names.size()) - 1; i >= 0; --i) {
      if (away.contains(i)) continue;
      exact_[names[static_cast<std::size_t>(i)]].push_back(i);
      loose_[lower(names[static_cast<std::size_t>(i)])].push_back(i);
      free_.insert(i);
    }
  }

  // Exactly so, or else without regard to case where only one is left.
  int take(const std::string& name) {
    const auto found = exact_.find(name);
    if (found != exact_.end()) return take_last(found->second);
    const auto similar = loose_.find(lower(name));
    if (similar == loose_.end() || similar->second.size() != 1) return kNoColumn;
    return take_last(similar->second);
  }

  const std::set<int>& left() const { return free_; }

 private:
  int take_last(std::vector<int>& columns) {
    while (!columns.empty() && !free_.contains(columns.back())) columns.pop_back();
    if (columns.empty()) return kNoColumn;
    free_.erase(columns.back());
    return columns.back();
  }

  std::map<std::string, std::vector<int>> exact_, loose_;  // columns from right to left
  std::set<int> free_;
};

struct NumberedName {
  std::string name;
  long number = 0;
  bool operator<(const NumberedName& other) const {
    return name != other.name ? name < other.name : number < other.number;
  }
};

// "v12" and "v[12]" are number 12 of "v".
std::optional<NumberedName> number_of_name(std::string_view text) {
  if (text.ends_with(']')) text.remove_suffix(1);
  std::size_t at = text.size();
  while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9') --at;
  NumberedName out{std::string(text.substr(0, at)), 0};
  const auto [stop, code] =
      std::from_chars(text.data() + at, text.data() + text.size(), out.number);
  if (at == text.size() || code != std::errc()) return std::nullopt;
  return out;
}

// The last numbered name of each channel, in the order of the channels, where the names are
// channels side by side whose numbers rise by one; nothing where they are not.
std::vector<NumberedName> last_of_channels(const std::vector<std::string>& values) {
  std::vector<NumberedName> last;
  std::size_t width = 0;  // channels; 0 = not known yet
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto name = number_of_name(values[i]);
    if (!name) return {};
    if (width == 0 && !last.empty() && last.front().name == name->name) width = i;
    if (width == 0) {
      last.push_back(*name);
      continue;
    }
    NumberedName& before = last[i % width];
    if (before.name != name->name || before.number + 1 != name->number) return {};
    before = *name;
  }
  if (width == 0 || values.size() % width != 0) return {};
  return last;
}

// Adds the columns whose numbers go on where those of the training columns end, in all channels.
void add_continuing(const Header& header, const Places& places, std::vector<int>& out) {
  std::vector<NumberedName> last = last_of_channels(header.expected->columns.values);
  if (last.empty()) return;
  std::map<NumberedName, int> left;
  for (const int column : places.left()) {
    const auto name = number_of_name(header.names[static_cast<std::size_t>(column)]);
    if (name) left.emplace(*name, column);
  }
  for (;;) {
    std::vector<int> step;
    for (auto& name : last) {
      ++name.number;
      const auto found = left.find(name);
      if (found == left.end()) return;
      step.push_back(found->second);
    }
    out.insert(out.end(), step.begin(), step.end());
  }
}

std::set<std::string> lower_case(const std::vector<std::string>& names) {
  std::set<std::string> out;
  for (const auto& name : names) out.insert(lower(name));
  return out;
}

[[noreturn]] void refuse_lacking(const Header& header, const std::vector<std::string>& lacking,
                                 const std::vector<std::string>& fresh) {
  const bool one = lacking.size() == 1;
  throw Error(
      Code::kData,
      fmt::format("{}:1: {} of the training data {} not there: {}{}", header.path,
                  one ? "a column" : fmt::format("{} columns", lacking.size()), one ? "is" : "are",
                  list_columns(lacking),
                  fresh.empty() ? ""
                                : fmt::format("; new {} {}", fresh.size() == 1 ? "is" : "are",
                                              list_columns(fresh))),
      "name the columns as in training, in any order; where values are missing or series end "
      "earlier, leave the cells empty");
}

// "column 'a'" or "columns a, b".
std::string column_names(const std::vector<std::string>& names, const std::string& format) {
  const std::string kind = format == "jsonl" ? "key" : "column";
  return names.size() == 1 ? fmt::format("{} {}", kind, shown(names[0]))
                           : fmt::format("{}s {}", kind, list_columns(names));
}

bool reads_as_trained(const Expected* expected, const std::string& format) {
  return expected != nullptr && expected->columns.format == format;
}

}  // namespace

std::optional<std::vector<int>> trained_values(const Header& header, const std::string& format,
                                               const std::vector<int>& taken) {
  if (!reads_as_trained(header.expected, format)) return std::nullopt;
  const auto& values = header.expected->columns.values;
  Places places(header.names, taken);
  std::vector<int> out;
  for (const auto& name : values) {
    out.push_back(places.take(name));
    if (out.back() == kNoColumn) return std::nullopt;
  }
  if (values.empty()) return std::nullopt;
  add_continuing(header, places, out);
  return out;
}

void require_trained_values(const Header& header, const std::string& format,
                            const std::vector<int>& taken) {
  if (!reads_as_trained(header.expected, format)) return;
  const Columns& trained = header.expected->columns;
  Places places(header.names, taken);
  std::vector<std::string> lacking, fresh;
  for (const auto& name : trained.values) {
    if (places.take(name) == kNoColumn) lacking.push_back(name);
  }
  if (lacking.empty()) return;
  const auto known = lower_case(trained.names);
  for (const int column : places.left()) {
    const auto& name = header.names[static_cast<std::size_t>(column)];
    if (!known.contains(lower(name))) fresh.push_back(name);
  }
  refuse_lacking(header, lacking, fresh);
}

void require_trained_text(const Header& header, const std::string& format) {
  if (!reads_as_trained(header.expected, format)) return;
  const Columns& trained = header.expected->columns;
  const auto there = lower_case(header.names);
  if (trained.text.empty() || there.contains(lower(trained.text))) return;
  throw Error(Code::kData,
              fmt::format("{}:1: the column {}, whose texts were learned from, is not there; the "
                          "columns are {}",
                          header.path, shown(trained.text), list_columns(header.names)),
              "name the column of the texts with --text-column");
}

bool names_trained_columns(const Expected& expected, const std::vector<std::string>& cells,
                           bool label) {
  const Columns& trained = expected.columns;
  std::vector<std::string> wanted = trained.values;
  if (!trained.text.empty()) wanted.push_back(trained.text);
  if (label && !trained.label.empty()) wanted.push_back(trained.label);
  const auto there = lower_case(cells);
  std::size_t found = 0;
  for (const auto& name : wanted) {
    if (!there.contains(lower(name))) continue;
    if (!is_number(name)) return true;
    ++found;  // a header of numbers: one may stand among values too
  }
  return found > 2 && 2 * found > wanted.size();
}

Columns remembered_columns(const std::vector<std::string>& names, const ColumnParts& parts,
                           const std::vector<int>& values) {
  const auto name_of = [&](int column) {
    return column == kNoColumn ? std::string() : names[static_cast<std::size_t>(column)];
  };
  Columns out;
  out.names = names;
  for (const int column : values) out.values.push_back(name_of(column));
  out.label = name_of(parts.label);
  out.text = name_of(parts.text);
  out.id = name_of(parts.id);
  out.group = name_of(parts.group);
  out.time = name_of(parts.time);
  out.tag = name_of(parts.tag);
  return out;
}

void remark_on_new_columns(const Expected& expected, Dataset& dataset) {
  const Columns& now = dataset.columns;
  if (now.format != expected.columns.format) return;
  const auto known = lower_case(expected.columns.names);
  std::vector<std::string> fresh, longer;
  for (const auto& name : now.values) {
    if (!known.contains(lower(name))) longer.push_back(name);
  }
  auto read = lower_case(now.values);
  for (const auto* name : {&now.label, &now.text, &now.id, &now.group, &now.time, &now.tag}) {
    read.insert(lower(*name));
  }
  for (const auto& name : now.names) {
    if (!name.empty() && !known.contains(lower(name)) && !read.contains(lower(name))) {
      fresh.push_back(name);
    }
  }
  if (!fresh.empty()) {
    dataset.remarks.push_back(fmt::format("{} {} not there in training: left out",
                                          column_names(fresh, now.format),
                                          fresh.size() == 1 ? "was" : "were"));
  }
  if (!longer.empty() && !expected.columns.values.empty()) {
    dataset.remarks.push_back(fmt::format("{} continue{} the series that training had: read",
                                          column_names(longer, now.format),
                                          longer.size() == 1 ? "s" : ""));
  }
}

}  // namespace refrain::data
