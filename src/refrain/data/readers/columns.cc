#include "refrain/data/readers/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

struct Usual {
  Role role;
  const char* option;
  std::vector<std::string_view> names;
};

const std::vector<Usual>& usual_names() {
  static const std::vector<Usual> kUsual = {
      {Role::kLabel, "--target", {"label", "target", "class", "y", "标签", "类别", "标注", "分类"}},
      {Role::kText,
       "--text-column",
       {"text", "sentence", "review", "content", "comment", "title", "message", "question", "query",
        "tweet", "document", "文本", "评论", "内容", "正文", "句子", "标题", "问题", "评价"}},
      {Role::kId, "--id", {"id", "编号", "序号", ""}},  // "": the row index that pandas writes
      {Role::kSeriesId, "--id", {"id", "series_id", "sample", "编号", "序号"}},
      {Role::kGroup, "--group", {"group", "组", "分组"}},
      {Role::kTime,
       "--time-column",
       {"time", "t", "step", "timestamp", "datetime", "date", "frame", "ds", "时间"}},
      {Role::kSentence,
       "--id",
       {"sentence_id", "sent_id", "sentence", "sentence #", "sentence_idx", "doc_id", "doc",
        "句子"}},
      {Role::kWord, "--text-column", {"word", "words", "token", "tokens", "form", "词", "字"}},
      {Role::kTag,
       "--tag-column",
       {"tag", "tags", "ner_tag", "ner_tags", "ner", "label", "labels", "标注", "标签"}}};
  return kUsual;
}

const Usual& usual(Role role) {
  return *std::find_if(usual_names().begin(), usual_names().end(),
                       [role](const Usual& u) { return u.role == role; });
}

// All columns of that name: exactly, or else without regard to case.
std::vector<int> columns_called(const Header& header, std::string_view name) {
  std::vector<int> exact, loose;
  for (std::size_t i = 0; i < header.names.size(); ++i) {
    if (header.names[i] == name) exact.push_back(static_cast<int>(i));
    if (lower(header.names[i]) == lower(name)) loose.push_back(static_cast<int>(i));
  }
  return exact.empty() ? loose : exact;
}

// Returns the name that the column of this role had in training; "" = there was none.
std::string trained_name(const Header& header, Role role) {
  if (header.expected == nullptr) return "";
  const Columns& trained = header.expected->columns;
  switch (role) {
    case Role::kLabel:
      return trained.label;
    case Role::kText:
    case Role::kWord:
      return trained.text;
    case Role::kTag:
      return trained.tag;
    case Role::kId:
    case Role::kSeriesId:
    case Role::kSentence:
      return trained.id;
    case Role::kGroup:
      return trained.group;
    case Role::kTime:
      break;
  }
  return trained.time;
}

// True if training had a column of this name, be it for another role.
bool was_there(const Header& header, std::string_view name) {
  if (header.expected == nullptr) return false;
  const auto among = [name](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(),
                       [name](const std::string& n) { return lower(n) == name; });
  };
  return among(header.expected->columns.names) || among(header.expected->columns.values);
}

bool has_axes(const Header& header) {
  return !columns_called(header, "x").empty() && !columns_called(header, "z").empty();
}

int only(const Header& header, const std::vector<int>& found, const Usual& role) {
  if (found.size() == 1) return found[0];
  throw Error(Code::kData,
              fmt::format("{}:1:{}: two columns are called {}", header.path, found[1] + 1,
                          shown(header.names[static_cast<std::size_t>(found[1])])),
              fmt::format("rename one, or name another column with {}", role.option));
}

// "patient", "patient_id", "PatientNo": in lower case.
bool is_owner(std::string name) {
  static const std::set<std::string> kOwners = {
      "patient", "subject", "participant", "person",  "speaker", "singer",  "author", "writer",
      "user",    "machine", "device",      "vehicle", "engine",  "bearing", "animal"};
  for (const std::string_view end : {"id", "no", "number", "name"}) {
    if (!name.ends_with(end)) continue;
    name.resize(name.size() - end.size());
    break;
  }
  while (!name.empty() && std::string_view("_- ").find(name.back()) != std::string_view::npos) {
    name.pop_back();
  }
  return kOwners.contains(name);
}

}  // namespace

int find_column(const Header& header, Role role, const std::string& given) {
  const Usual& names = usual(role);
  if (!given.empty()) {
    const auto found = columns_called(header, given);
    if (!found.empty()) return only(header, found, names);
    const std::string best = base::nearest(given, header.names);
    throw Error(Code::kData,
                fmt::format("{}:1: no column {} ({}); the columns are {}", header.path,
                            shown(given), names.option, list_columns(header.names)),
                best.empty() ? fmt::format("name one of them with {}", names.option)
                             : fmt::format("did you mean '{}'?", best));
  }
  const std::string trained = trained_name(header, role);
  if (!trained.empty()) {
    const auto found = columns_called(header, trained);
    if (!found.empty()) return only(header, found, names);
  }
  for (const auto name : names.names) {
    if ((!name.empty() && was_there(header, name)) || (name == "y" && has_axes(header))) continue;
    const auto found = columns_called(header, name);
    if (name.empty() && found.size() > 1) continue;  // columns that nobody asks for
    if (!found.empty()) return only(header, found, names);
  }
  return kNoColumn;
}

bool is_axis(const TableHead& head, int label, int id) {
  if (label == kNoColumn || lower(head.names[static_cast<std::size_t>(label)]) != "y") return false;
  const auto is_x = [](const std::string& name) { return lower(name) == "x"; };
  if (std::none_of(head.names.begin(), head.names.end(), is_x)) return false;
  std::map<std::string, std::string> first;  // the cell of each id
  for (const auto& cells : head.rows) {
    const std::string& cell = cells[static_cast<std::size_t>(label)];
    const double value = parse_number(cell).value;  // NaN where it is none
    if (id == kNoColumn && std::isfinite(value) && value != std::floor(value)) return true;
    if (id == kNoColumn) continue;
    const auto [at, fresh] = first.emplace(cells[static_cast<std::size_t>(id)], cell);
    if (!fresh && at->second != cell) return true;
  }
  return false;
}

bool is_usual_name(const std::string& name) {
  if (name.empty()) return false;
  const std::string small = lower(name);
  return std::any_of(usual_names().begin(), usual_names().end(), [&](const Usual& usual) {
    const bool words =
        usual.role == Role::kSentence || usual.role == Role::kWord || usual.role == Role::kTag;
    return !words && std::find(usual.names.begin(), usual.names.end(), small) != usual.names.end();
  });
}

void suspect_group(const std::vector<std::string>& names, const std::vector<int>& taken,
                   Dataset& out, const std::vector<int>& values) {
  const auto among = [](const std::vector<int>& columns, std::size_t i) {
    return std::find(columns.begin(), columns.end(), static_cast<int>(i)) != columns.end();
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (among(taken, i) || !is_owner(lower(names[i]))) continue;
    out.likely_group = names[i];
    if (among(values, i)) {
      out.remarks.push_back(fmt::format(
          "column '{}' is read as values of the series, for no --group is named", names[i]));
    }
    return;
  }
}

std::string list_columns(const std::vector<std::string>& names) {
  constexpr std::size_t kListed = 12;
  std::vector<std::string> listed;
  for (std::size_t i = 0; i < std::min(kListed, names.size()); ++i) {
    const std::string quoted = shown(names[i]);
    listed.push_back(quoted.substr(1, quoted.size() - 2));
  }
  const std::string more =
      names.size() > kListed ? fmt::format(", ... ({} in all)", names.size()) : "";
  return fmt::format("{}{}", fmt::join(listed, ", "), more);
}

std::vector<std::string> text_columns(const ReadSpec& spec) {
  std::vector<std::string> out;
  std::string_view rest = spec.text_column;
  while (!rest.empty()) {
    const auto name = trim(take_until(rest, ','));
    if (!name.empty()) out.emplace_back(name);
  }
  return out;
}

void refuse_twice(const std::string& text_column) {
  throw Error(Code::kUsage, fmt::format("--text-column names {} twice", shown(text_column)),
              "name each column once");
}

}  // namespace refrain::data
