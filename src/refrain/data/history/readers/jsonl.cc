// JSON Lines, or one array, of objects as GluonTS writes them: {"item_id": "a", "start":
// "2020-01-01 00:00:00", "freq": "H", "target": [...]}, covariates as lists of series
// ("feat_dynamic_real", known for the future, "past_feat_dynamic_real") and as numbers of a series
// ("feat_static_real", "feat_static_cat"). A missing value is null or "NaN".
#include <fmt/format.h>

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/data/history/fixed_steps.h"
#include "refrain/data/history/history_reader.h"
#include "refrain/data/readers/json_objects.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

using HistoryObject = nlohmann::json;

constexpr const char* kObjectHint =
    "a series is a line {\"item_id\": \"a\", \"start\": \"2020-01-01 00:00:00\", \"freq\": \"H\", "
    "\"target\": [1, 2, null]}";

// A value as text; lists and objects, which may be deep, are only called so.
std::string text_of_value(const HistoryObject& value) {
  if (value.is_structured()) return value.is_array() ? "[...]" : "{...}";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The text of a number or name, "" where the key is missing.
std::string text_at(const HistoryObject& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? "" : text_of_value(*found);
}

class ObjectReader {
 public:
  ObjectReader(const HistorySpec& spec, Histories& out, Problems& problems)
      : out_(out),
        problems_(problems),
        starts_(problems),
        id_(spec.id.empty() ? "item_id" : spec.id),
        start_(spec.time.empty() ? "start" : spec.time),
        target_(spec.target.empty() ? "target" : spec.target) {}

  void read(const Line& line) {
    const HistoryObject object = parse_object(line, problems_);
    if (!object.is_object()) return;
    line_ = line.number;
    History history;
    history.line = line_;
    history.id = text_at(object, id_);
    if (history.id.empty()) history.id = fmt::format("{}", series_.size() + 1);
    if (!object.contains(target_)) {
      return problems_.add(line_, 0, fmt::format("no {} in this object", shown(target_)));
    }
    read_list(object[target_], target_, history.value);
    read_series(object, kDynamic, history);
    read_series(object, kPast, history);
    for (const char* key : {"feat_static_real", "feat_static_cat"}) {
      const std::size_t before = history.fixed.size();
      if (object.contains(key)) read_list(object[key], key, history.fixed);
      check_width(key, history.fixed.size() - before, out_.fixed);
    }
    starts_.add(text_at(object, start_), line_);
    read_frequency(text_at(object, "freq"));
    series_.push_back(std::move(history));
  }

  void finish(const Source& source) {
    problems_.throw_if_any(kObjectHint);
    const auto starts = starts_.settle(source.path, frequency_, out_.calendar);
    problems_.throw_if_any(kObjectHint);
    if (starts_.any() && !frequency_) {
      out_.remarks.push_back(fmt::format(
          "{}: the series have a start and no \"freq\"; their steps are numbered", source.path));
    }
    HistoryGatherer gatherer(out_, problems_);
    for (std::size_t i = 0; i < series_.size(); ++i) {
      series_[i].start = starts[i];
      gatherer.add(std::move(series_[i]));
    }
    gatherer.finish(kObjectHint);
  }

 private:
  static constexpr const char* kDynamic = "feat_dynamic_real";
  static constexpr const char* kPast = "past_feat_dynamic_real";

  void read_list(const HistoryObject& list, const std::string& key, std::vector<double>& to) {
    if (!list.is_array()) {
      return problems_.add(line_, 0, fmt::format("{} must be a list of numbers", shown(key)));
    }
    for (const auto& item : list) to.push_back(number(item, key, to.size()));
  }

  double number(const HistoryObject& item, const std::string& key, std::size_t at) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (item.is_null()) return kNone;
    const std::string text = text_of_value(item);
    const Number number = parse_number(text);
    const bool fine = number.kind == NumberKind::kFinite || number.kind == NumberKind::kMissing;
    if (!fine || item.is_boolean()) {
      problems_.add(line_, 0,
                    fmt::format("{}[{}] is {}, not a finite number", key, at, shown(text)));
    }
    return number.value;
  }

  // A list of series, a row of the result a step.
  void read_series(const HistoryObject& object, const char* key, History& history) {
    const bool past = key == kPast;
    const auto found = object.find(key);
    const std::size_t width = found != object.end() && found->is_array() ? found->size() : 0;
    check_width(key, width, past ? out_.past : out_.known);
    std::vector<std::vector<double>> lists(width);
    const std::size_t steps = history.steps();
    for (std::size_t f = 0; f < width; ++f) {
      read_list((*found)[f], fmt::format("{}[{}]", key, f), lists[f]);
      const std::size_t size = lists[f].size();
      if (past ? size == steps : size >= steps && size == lists[0].size()) continue;
      return problems_.add(line_, 0,
                           fmt::format("{}[{}] has {} values, and {} has {}", key, f, size,
                                       size < steps || past ? target_ : fmt::format("{}[0]", key),
                                       size < steps || past ? steps : lists[0].size()));
    }
    auto& to = past ? history.past : history.known;
    for (std::size_t t = 0; width > 0 && t < lists[0].size(); ++t) {
      for (const auto& list : lists) to.push_back(list[t]);
    }
  }

  // All series have as many covariates as the first.
  void check_width(const std::string& key, std::size_t width, std::vector<std::string>& names) {
    if (series_.empty()) {
      for (std::size_t i = 0; i < width; ++i) names.push_back(fmt::format("{}_{}", key, i + 1));
    }
    std::size_t wanted = 0;
    for (const auto& name : names) wanted += name.starts_with(key + "_") ? 1 : 0;
    if (width == wanted) return;
    problems_.add(
        line_, 0,
        fmt::format("{} has {} entries, and {} in the first series", shown(key), width, wanted));
  }

  void read_frequency(const std::string& name) {
    if (series_.empty() && !name.empty()) {
      frequency_ = frequency_named(name);
      if (!frequency_) {
        problems_.add(line_, 0,
                      fmt::format("{} is no known frequency: write \"H\", \"15min\", "
                                  "\"D\", \"W\", \"M\", \"Q\" or \"A\"",
                                  shown(name)));
      }
    }
    if (series_.empty()) {
      frequency_name_ = name;
      frequency_line_ = line_;
    } else if (name != frequency_name_) {
      problems_.add(line_, 0,
                    fmt::format("\"freq\" is {}, and {} on line {}: a file has one frequency",
                                shown(name), shown(frequency_name_), frequency_line_));
    }
  }

  Histories& out_;
  Problems& problems_;
  Starts starts_;
  std::string id_, start_, target_;  // keys
  std::vector<History> series_;
  std::optional<Calendar> frequency_;
  std::string frequency_name_;
  std::int64_t frequency_line_ = 0, line_ = 0;
};

int recognise_history_objects(const Source& source, const HistorySpec& spec) {
  const std::string_view start = trim(source.text.substr(0, 1000));
  if (start.empty() || (start[0] != '{' && start[0] != '[')) return 0;
  Objects objects(source);
  Line line;
  if (!objects.next(line)) return 0;
  Problems ignored(source.path);
  const HistoryObject object = parse_object(line, ignored);
  const std::string key = spec.target.empty() ? "target" : spec.target;
  const bool series = object.is_object() && object.contains(key) && object[key].is_array();
  return series ? 100 : 40;
}

Histories read_history_objects(const Source& source, const HistorySpec& spec) {
  if (!spec.known.empty() || !spec.past.empty() || !spec.fixed.empty()) {
    throw Error(Code::kUsage,
                fmt::format("{}: --known, --past and --fixed name columns, and JSON has keys for "
                            "covariates",
                            source.path),
                "leave them out");
  }
  Histories out;
  out.path = source.path;
  Problems problems(source.path);
  ObjectReader reader(spec, out, problems);
  Objects objects(source);
  Line line;
  while (objects.next(line)) reader.read(line);
  reader.finish(source);
  return out;
}

}  // namespace

HistoryReader jsonl_history_reader() {
  return {recognise_history_objects, read_history_objects, "JSON"};
}

}  // namespace refrain::data
