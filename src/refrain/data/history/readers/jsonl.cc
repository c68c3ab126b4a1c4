// JSON Lines as GluonTS has them, or an array of such objects: {"item_id", "start", "freq",
// "target": [...], "feat_dynamic_real": [[...]], "past_feat_dynamic_real", "feat_static_real"}.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/base/error.h"
#include "refrain/base/json.h"
#include "refrain/data/history/readers.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

using base::Json;

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

bool number_in(const Json& json, double& out) {
  out = kNoNumber;
  if (json.is_null()) return true;
  if (json.is_string()) {
    const std::string text = lower(json.get<std::string>());
    return text == "nan" || text.empty();
  }
  if (!json.is_number()) return false;
  out = json.get<double>();
  return std::isfinite(out);
}

bool numbers_in(const Json& json, std::vector<double>& out) {
  if (!json.is_array()) return false;
  for (const Json& one : json) {
    double x = 0;
    if (!number_in(one, x)) return false;
    out.push_back(x);
  }
  return true;
}

// [F][n] of the file -> [n,F]; missing rows at the end are gaps.
bool covariates_in(const Json& object, const char* key, std::size_t least, std::vector<double>& out,
                   std::size_t& width) {
  width = 0;
  if (!object.contains(key) || object[key].is_null()) return true;
  if (!object[key].is_array()) return false;
  std::vector<std::vector<double>> columns;
  std::size_t rows = least;
  for (const Json& one : object[key]) {
    if (!numbers_in(one, columns.emplace_back())) return false;
    rows = std::max(rows, columns.back().size());
  }
  width = columns.size();
  out.assign(rows * width, kNoNumber);
  for (std::size_t c = 0; c < width; ++c) {
    for (std::size_t t = 0; t < columns[c].size(); ++t) out[t * width + c] = columns[c][t];
  }
  return true;
}

struct Widths {
  std::size_t known = 0, past = 0, fixed = 0;
  bool operator==(const Widths&) const = default;
};

std::string text_in(const Json& object, const char* key) {
  if (!object.contains(key)) return "";
  return object[key].is_string() ? object[key].get<std::string>() : object[key].dump();
}

// What is wrong with it, "" = nothing.
std::string read_object(const Json& object, PlainHistory& out, Widths& widths) {
  if (!object.is_object()) return "this is no JSON object";
  if (!object.contains("target")) return "the key target is missing";
  History& h = out.history;
  if (!numbers_in(object["target"], h.value)) return "target is no list of numbers";
  if (h.value.empty()) return "target is empty";
  const std::size_t T = h.value.size();
  if (!covariates_in(object, "feat_dynamic_real", T, h.known, widths.known)) {
    return "feat_dynamic_real is no list of lists of numbers";
  }
  if (!covariates_in(object, "past_feat_dynamic_real", T, h.past, widths.past)) {
    return "past_feat_dynamic_real is no list of lists of numbers";
  }
  if (widths.past > 0 && h.past.size() != T * widths.past) {
    return "past_feat_dynamic_real is longer than target";
  }
  if (object.contains("feat_static_real") && !numbers_in(object["feat_static_real"], h.fixed)) {
    return "feat_static_real is no list of numbers";
  }
  widths.fixed = h.fixed.size();
  const std::string id = text_in(object, "item_id");
  if (!id.empty()) h.id = id;
  out.first = text_in(object, "start");
  return "";
}

void name_covariates(const Widths& w, Histories& out) {
  for (std::size_t i = 0; i < w.known; ++i) out.known.push_back(fmt::format("feat{}", i + 1));
  for (std::size_t i = 0; i < w.past; ++i) out.past.push_back(fmt::format("past{}", i + 1));
  for (std::size_t i = 0; i < w.fixed; ++i) out.fixed.push_back(fmt::format("static{}", i + 1));
}

class ObjectsOfHistories {
 public:
  ObjectsOfHistories(const HistorySource& source, Histories& out)
      : out_(out), problems_(source.path) {}

  void add(const Json& object, std::int64_t line) {
    PlainHistory one;
    one.history.line = line;
    one.history.id = fmt::format("{}", series_.size() + 1);
    Widths own;
    std::string wrong = read_object(object, one, own);
    if (wrong.empty() && !series_.empty() && own != widths_) {
      wrong = "it has other covariates than the series before";
    }
    if (wrong.empty() && !ids_.insert(one.history.id).second) {
      wrong = fmt::format("series {} is there twice", shown(one.history.id));
    }
    if (!wrong.empty()) {
      problems_.add(line, 0, wrong);
      return;
    }
    widths_ = own;
    if (pace_.empty()) pace_ = text_in(object, "freq");
    series_.push_back(std::move(one));
  }
  void refuse(std::int64_t line) { problems_.add(line, 0, "this is no JSON object"); }
  void finish() {
    problems_.throw_if_any("each series is {\"start\": \"2020-01-01\", \"target\": [1, 2, 3]}");
    name_covariates(widths_, out_);
    place_histories(std::move(series_), pace_, problems_, out_);
  }

 private:
  Histories& out_;
  Problems problems_;
  std::vector<PlainHistory> series_;
  std::set<std::string> ids_;
  Widths widths_;
  std::string pace_;
};

}  // namespace

int recognise_history_jsonl(const HistorySource& source, const HistorySpec&) {
  const std::string_view text = trim(source.text.substr(0, 4096));
  if (!text.starts_with('{') && !text.starts_with('[')) return 0;
  return text.find("\"target\"") != std::string_view::npos ? 95 : 20;
}

void read_history_jsonl(const HistorySource& source, const HistorySpec&, Histories& out) {
  ObjectsOfHistories objects(source, out);
  if (trim(source.text).starts_with('[')) {
    const Json all = Json::parse(source.text, nullptr, false);
    if (!all.is_array()) {
      throw Error(Code::kData, source.path + ": the JSON is damaged", "mend or write it again");
    }
    std::int64_t number = 0;
    for (const Json& object : all) objects.add(object, ++number);
  } else {
    Lines lines(source.text);
    for (Line line; lines.next_filled(line);) {
      const Json object = Json::parse(line.text, nullptr, false);
      object.is_discarded() ? objects.refuse(line.number) : objects.add(object, line.number);
    }
  }
  objects.finish();
}

}  // namespace refrain::data
