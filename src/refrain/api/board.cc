// The board: runs of one data set, protocol and metric, averaged over seeds, with their baselines
// and with published scores, ranked so that ties show.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "refrain/api/inside/metric_kind.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/runs.h"
#include "refrain/score/distributions.h"

namespace refrain::api {
namespace {

using base::Json;

constexpr double kNaN = store::kUnknown;
constexpr std::size_t kMostSettings = 4;

// One score of one run, or of one of its baselines.
struct Entry {
  Score score;
  double seconds = 0;
  long long seed = 0;
  std::string id, leak_check;
};

// The runs of one method with one set of options: one entry a seed.
struct Series {
  Origin origin = Origin::kRun;
  std::string method;
  Json options = Json::object();  // without what differs from seed to seed
  std::vector<Entry> entries;     // the newest first
};

using BoardKey = std::tuple<std::string, std::string, std::string, std::string>;
using SeriesKey = std::tuple<Origin, std::string, std::string>;
using Groups = std::map<BoardKey, std::map<SeriesKey, Series>>;

Score mean_score(const std::vector<Entry>& entries, const MetricKind& kind) {
  const double n = static_cast<double>(entries.size());
  Score mean{0, 0, 0};
  for (const auto& e : entries) {
    mean.value += e.score.value / n;
    mean.low += (e.score.value - e.score.low) / n;  // half lengths for now
    mean.high += (e.score.high - e.score.value) / n;
  }
  if (entries.size() == 1) return entries.front().score;
  double squares = 0;
  for (const auto& e : entries) squares += std::pow(e.score.value - mean.value, 2);
  const double error = score::t_quantile(0.975, n - 1) * std::sqrt(squares / (n - 1) / n);
  const double below = std::hypot(mean.low, error), above = std::hypot(mean.high, error);
  // A run without interval leaves the mean without one.
  if (std::isnan(below) || std::isnan(above)) return {mean.value, kNaN, kNaN};
  return {mean.value, std::max(kind.low, mean.value - below),
          std::min(kind.high, mean.value + above)};
}

double mean_seconds(const std::vector<Entry>& entries) {
  double sum = 0;
  for (const auto& e : entries) sum += e.seconds;
  return sum / static_cast<double>(entries.size());
}

void add_entry(Series& series, Entry entry) {
  for (const auto& e : series.entries) {
    if (e.seed == entry.seed) return;  // a newer one is there
  }
  series.entries.push_back(std::move(entry));
}

void add_run(const store::Run& run, const BoardFilter& filter, Groups& groups) {
  const std::string metric = filter.metric.empty() ? run.metric : filter.metric;
  const BoardKey key{run.data, run.data_hash, run.protocol, metric};
  Json options = parse_object(run.options);
  for (const char* name : {"seed", "threads"}) options.erase(name);
  for (const auto& s : run.scores) {
    if (s.metric != metric || std::isnan(s.value)) continue;
    if (!filter.model.empty() && run.model != filter.model) continue;
    auto& series = groups[key][{Origin::kRun, run.model, options.dump()}];
    series.method = run.model, series.options = options;
    add_entry(series,
              {{s.value, s.low, s.high}, run.seconds.all(), run.seed, run.id, run.leak_check});
  }
  for (const auto& b : run.baselines) {
    if (b.score.metric != metric || std::isnan(b.score.value)) continue;
    auto& series = groups[key][{Origin::kBaseline, b.model, ""}];
    series.origin = Origin::kBaseline, series.method = b.model;
    add_entry(
        series,
        {{b.score.value, b.score.low, b.score.high}, b.seconds, run.seed, run.id, run.leak_check});
  }
}

std::string brief(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// For each method the options that its series do not share.
std::map<std::string, std::set<std::string>> differing(const std::map<SeriesKey, Series>& all) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> values;
  std::map<std::string, std::size_t> count;
  for (const auto& [key, series] : all) {
    ++count[series.method];
    for (const auto& [name, value] : series.options.items()) {
      values[series.method][name].insert(value.dump());
    }
  }
  std::map<std::string, std::set<std::string>> out;
  for (const auto& [method, options] : values) {
    for (const auto& [name, seen] : options) {
      if (seen.size() > 1 && count[method] > 1) out[method].insert(name);
    }
  }
  return out;
}

std::string settings_of(const Series& series, const std::set<std::string>& names) {
  std::vector<std::string> parts;
  for (const auto& name : names) {
    if (!series.options.contains(name)) continue;
    if (parts.size() == kMostSettings) {
      parts.push_back("...");
      break;
    }
    parts.push_back(name + " " + brief(series.options[name]));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// The rows of our own: baselines that were runs as well stand there as runs only.
std::vector<BoardRow> own_rows(const std::map<SeriesKey, Series>& all, const MetricKind& kind) {
  std::set<std::string> run_methods;
  for (const auto& [key, series] : all) {
    if (series.origin == Origin::kRun) run_methods.insert(series.method);
  }
  const auto names = differing(all);
  std::vector<BoardRow> rows;
  for (const auto& [key, series] : all) {
    if (series.origin == Origin::kBaseline && run_methods.contains(series.method)) continue;
    const auto found = names.find(series.method);
    BoardRow row;
    row.origin = series.origin;
    row.method = series.method;
    if (found != names.end()) row.settings = settings_of(series, found->second);
    row.score = mean_score(series.entries, kind);
    row.seeds = static_cast<int>(series.entries.size());
    row.seconds = mean_seconds(series.entries);
    row.leak_check = series.entries.front().leak_check;
    row.id = series.entries.front().id;
    rows.push_back(std::move(row));
  }
  return rows;
}

// The ends of a score without interval are the score itself.
Score with_ends(Score s) {
  if (!has_interval(s)) s.low = s.high = s.value;
  return s;
}

// Best first; rows whose interval meets that of the first of their rank share the rank.
void rank(std::vector<BoardRow>& rows, bool smaller_is_better) {
  std::stable_sort(rows.begin(), rows.end(), [&](const BoardRow& a, const BoardRow& b) {
    return smaller_is_better ? a.score.value < b.score.value : a.score.value > b.score.value;
  });
  std::size_t first = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Score best = with_ends(rows[first].score), own = with_ends(rows[i].score);
    const bool meets = own.high >= best.low && own.low <= best.high;
    if (!meets) first = i;
    rows[i].rank = static_cast<int>(first) + 1;
    rows[i].tied = i != first;
    if (i != first) rows[first].tied = true;
  }
}

void add_published(const std::vector<store::Published>& published, Board& board) {
  for (const auto& p : published) {
    if (p.data != board.data || p.protocol != board.protocol || p.metric != board.metric) continue;
    BoardRow row;
    row.origin = Origin::kPublished;
    row.method = p.method;
    row.score = {p.value, p.low, p.high};
    row.seconds = kNaN;
    row.source = p.source;
    board.rows.push_back(std::move(row));
  }
}

// Data sets with published rows only, where they are asked for by name.
void add_published_groups(const std::vector<store::Published>& published, const BoardFilter& filter,
                          Groups& groups) {
  if (filter.data.empty()) return;
  std::set<std::pair<std::string, std::string>> have;  // protocol, metric
  for (const auto& [key, series] : groups) have.emplace(std::get<2>(key), std::get<3>(key));
  for (const auto& p : published) {
    const bool wanted =
        p.data == filter.data && (filter.metric.empty() || p.metric == filter.metric);
    if (wanted && !have.contains({p.protocol, p.metric})) {
      groups[{p.data, "", p.protocol, p.metric}];
    }
  }
}

}  // namespace

std::vector<Board> boards(const std::string& store, const BoardFilter& filter) {
  auto found = stored(store);
  if (!found) return {};
  Groups groups;
  for (const auto& run : found->list({filter.data, "", 0})) add_run(run, filter, groups);
  const auto published = found->published();
  add_published_groups(published, filter, groups);
  std::vector<Board> out;
  for (const auto& [key, all] : groups) {
    Board board;
    std::tie(board.data, board.data_hash, board.protocol, board.metric) = key;
    const MetricKind kind = metric_kind(board.metric);
    board.smaller_is_better = kind.smaller_is_better;
    board.rows = own_rows(all, kind);
    add_published(published, board);
    rank(board.rows, kind.smaller_is_better);
    out.push_back(std::move(board));
  }
  return out;
}

}  // namespace refrain::api
