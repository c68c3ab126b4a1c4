#include "refrain/api/rank.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "refrain/api/inside/metric_kind.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/output.h"
#include "refrain/base/error.h"
#include "refrain/score/metrics.h"
#include "refrain/score/ranking.h"

namespace refrain::api {
namespace {

using base::Json;
using Seeds = std::map<long long, double>;        // the newest score of each seed
using Scores = std::map<std::string, Seeds>;      // by method
using Protocols = std::map<std::string, Scores>;  // by protocol
using ScoreGrid = std::map<std::string, std::map<std::string, double>>;  // set, method -> mean

// Options of a run that describe its data or machine and do not tell methods apart.
constexpr const char* kNotOfMethod[] = {
    "seed",      "threads",   "encoding",   "format",      "target",        "text_column",
    "group",     "id",        "time",       "time_column", "series_layout", "allow_overlap",
    "baselines", "recompute", "tag_column", "scheme"};

Json method_options(const store::Run& run) {
  Json options = parse_object(run.job).value("options", Json::object());
  if (!options.is_object()) return Json::object();
  for (const char* name : kNotOfMethod) options.erase(name);
  return options;
}

// "gru", or "gru (hidden 32)" where other runs of this model had other options.
class Names {
 public:
  explicit Names(const std::vector<store::Run>& runs) {
    for (const auto& run : runs) {
      const Json options = method_options(run);
      for (const auto& [name, value] : options.items()) {
        seen_[run.model][name].insert(value.dump());
      }
    }
  }

  std::string of(const store::Run& run) const {
    std::vector<std::string> parts;
    const Json options = method_options(run);
    for (const auto& [name, values] : seen_.at(run.model)) {
      if (values.size() < 2 || !options.contains(name)) continue;
      const Json& value = options[name];
      parts.push_back(name + " " + (value.is_string() ? value.get<std::string>() : value.dump()));
    }
    return parts.empty() ? run.model : fmt::format("{} ({})", run.model, fmt::join(parts, "; "));
  }

 private:
  std::map<std::string, std::map<std::string, std::set<std::string>>> seen_;
};

void add_run(const store::Run& run, const std::string& method, const std::string& metric,
             Scores& scores) {
  const auto add = [&](const std::string& name, const store::Score& s) {
    if (s.metric == metric && !std::isnan(s.value)) scores[name].try_emplace(run.seed, s.value);
  };
  for (const auto& s : run.scores) add(method, s);
  for (const auto& b : run.baselines) add(b.model, b.score);
}

double mean_of(const Seeds& seeds) {
  double sum = 0;
  for (const auto& [seed, value] : seeds) sum += value;
  return sum / static_cast<double>(seeds.size());
}

// Runs are there newest first; of a data set whose content changed only the newest content counts.
ScoreGrid collect(store::Store& store, const RankFilter& filter) {
  const auto runs = store.list({"", "", 0});
  const Names names(runs);
  std::map<std::string, Protocols> found;
  std::map<std::string, std::string> content;
  for (const auto& run : runs) {
    if (run.protocol.find(filter.protocol) == std::string::npos) continue;
    if (content.try_emplace(run.data, run.data_hash).first->second != run.data_hash) continue;
    add_run(run, names.of(run), filter.metric, found[run.data][run.protocol]);
  }
  for (const auto& p : store.published()) {
    const auto data = found.find(p.data);
    if (p.metric != filter.metric || data == found.end()) continue;
    const auto protocol = data->second.find(p.protocol);
    if (protocol != data->second.end())
      protocol->second[p.method + " (published)"] = {{0, p.value}};
  }
  ScoreGrid table;
  for (const auto& [data, protocols] : found) {
    const auto most = std::max_element(
        protocols.begin(), protocols.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    for (const auto& [method, seeds] : most->second) table[data][method] = mean_of(seeds);
  }
  return table;
}

std::map<std::string, std::size_t> count_sets(const ScoreGrid& table) {
  std::map<std::string, std::size_t> count;
  for (const auto& [set, methods] : table) {
    for (const auto& [method, score] : methods) ++count[method];
  }
  return count;
}

std::vector<std::string> choose_methods(const ScoreGrid& table, const RankFilter& filter,
                                        std::vector<std::string>& others) {
  const auto count = count_sets(table);
  std::vector<std::string> chosen;
  for (const auto& name : filter.methods) {
    if (!count.contains(name)) {
      std::vector<std::string> known;
      for (const auto& [method, sets] : count) known.push_back(method);
      throw Error(Code::kUsage, "no run of the method '" + name + "'",
                  fmt::format("there are: {}", fmt::join(known, "; ")));
    }
    chosen.push_back(name);
  }
  for (const auto& [method, sets] : count) {
    const bool named = std::find(chosen.begin(), chosen.end(), method) != chosen.end();
    if (filter.methods.empty() && 2 * sets >= table.size()) {
      chosen.push_back(method);
    } else if (!named) {
      others.push_back(method);
    }
  }
  return chosen;
}

void put_methods(const score::Ranking& r, const score::ScoreTable& scores,
                 const std::vector<std::string>& names, SetRanking& out) {
  const auto told_apart = [&](int a, int b) {
    return std::none_of(r.cliques.begin(), r.cliques.end(), [&](const std::vector<int>& clique) {
      return std::count(clique.begin(), clique.end(), a) > 0 &&
             std::count(clique.begin(), clique.end(), b) > 0;
    });
  };
  std::size_t first = 0;
  for (std::size_t place = 0; place < r.order.size(); ++place) {
    const auto m = static_cast<std::size_t>(r.order[place]);
    const bool shares = place != first && !told_apart(r.order[first], r.order[place]);
    if (!shares) first = place;
    RankedMethod row{static_cast<int>(first) + 1, shares, names[m], r.average_rank[m], 0, {}};
    for (const auto& set : scores) {
      row.scores.push_back(out.smaller_is_better ? -set[m] : set[m]);
      row.mean += row.scores.back() / static_cast<double>(scores.size());
    }
    if (shares) out.methods[first].tied = true;
    out.methods.push_back(std::move(row));
  }
}

void put_tests(const score::Ranking& r, const std::vector<std::string>& names, SetRanking& out) {
  out.friedman_p = r.friedman.f_p;
  out.critical_difference = r.critical_difference;
  for (const auto& clique : r.cliques) {
    auto& together = out.not_apart.emplace_back();
    for (const int m : clique) together.push_back(names[static_cast<std::size_t>(m)]);
  }
  for (std::size_t i = 0; i < r.order.size(); ++i) {
    for (std::size_t k = i + 1; k < r.order.size(); ++k) {
      const auto a = static_cast<std::size_t>(r.order[i]), b = static_cast<std::size_t>(r.order[k]);
      out.pairs.push_back({names[a], names[b], r.pair_p[a][b]});
    }
  }
}

std::string p_text(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

}  // namespace

SetRanking rank_sets(const std::string& store, const RankFilter& filter) {
  auto runs = stored_runs(store);
  if (!is_metric(filter.metric)) score::classification_metrics().at(filter.metric);  // throws
  SetRanking out;
  out.metric = filter.metric;
  out.smaller_is_better = metric_kind(filter.metric).smaller_is_better;
  const ScoreGrid table = collect(runs, filter);
  const auto names = choose_methods(table, filter, out.other_methods);
  score::ScoreTable scores;
  for (const auto& [set, found] : table) {
    std::vector<double> row;
    for (const auto& name : names) {
      const auto score = found.find(name);
      if (score != found.end()) {
        row.push_back(out.smaller_is_better ? -score->second : score->second);
      }
    }
    const bool whole = row.size() == names.size();
    (whole ? out.sets : out.other_sets).push_back(set);
    if (whole) scores.push_back(std::move(row));
  }
  if (scores.size() < 2 || names.size() < 2) {
    throw Error(Code::kData,
                fmt::format("a ranking needs two data sets that two methods have scores on; there "
                            "are {} sets and {} methods",
                            scores.size(), names.size()),
                "run the same methods on more sets, or name methods with --methods");
  }
  const score::Ranking r = score::rank_methods(scores);
  put_methods(r, scores, names, out);
  put_tests(r, names, out);
  return out;
}

std::string SetRanking::text() const {
  std::string out = fmt::format(
      "{} methods over {} data sets by {} ({} is better)\n"
      "all alike? Friedman p {}{}\n\n{:<6}{:<14}{:<10}{}\n",
      methods.size(), sets.size(), metric, smaller_is_better ? "less" : "more",
      friedman_p < 0.001 ? "" : "= ", p_text(friedman_p), "rank", "average rank", "mean", "method");
  for (const auto& m : methods) {
    out +=
        fmt::format("{:<6}{:<14.2f}{:<10.3f}{}\n", fmt::format("{}{}", m.rank, m.tied ? "=" : ""),
                    m.average_rank, m.mean, m.method);
  }
  out +=
      fmt::format("= a tie: average ranks closer than {:.2f} are not told apart (Nemenyi, 95 %)\n",
                  critical_difference);
  for (const auto& together : not_apart) {
    out += fmt::format("not told apart: {}\n", fmt::join(together, ", "));
  }
  out += "\npairs, Wilcoxon's signed ranks with Holm's correction\n";
  for (const auto& pair : pairs) {
    out += fmt::format("{:<9} {} before {}\n", p_text(pair.p), pair.better, pair.worse);
  }
  const double least = std::pow(2.0, 1 - static_cast<double>(sets.size()));
  if (least > 0.05) {
    out += fmt::format("with {} sets the p-value of a pair cannot be less than {:.2g}\n",
                       sets.size(), least);
  }
  if (!other_sets.empty()) {
    out += fmt::format("\nleft out, not scored by all these methods: {}\n",
                       fmt::join(other_sets, ", "));
  }
  if (!other_methods.empty()) {
    out += fmt::format("\nleft out, scored on too few sets or not asked for: {}\n",
                       fmt::join(other_methods, ", "));
  }
  return out;
}

std::string SetRanking::json() const {
  Json ranked = Json::array(), tested = Json::array();
  for (const auto& m : methods) {
    ranked.push_back({{"rank", m.rank},
                      {"tied", m.tied},
                      {"method", m.method},
                      {"average_rank", m.average_rank},
                      {"mean", m.mean},
                      {"scores", m.scores}});
  }
  for (const auto& p : pairs) {
    tested.push_back({{"better", p.better}, {"worse", p.worse}, {"p", p.p}});
  }
  const Json out = {{"metric", metric},
                    {"smaller_is_better", smaller_is_better},
                    {"sets", sets},
                    {"methods", ranked},
                    {"friedman_p", friedman_p},
                    {"critical_difference", critical_difference},
                    {"not_apart", not_apart},
                    {"pairs", tested},
                    {"other_sets", other_sets},
                    {"other_methods", other_methods}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string SetRanking::csv() const {
  std::string out = "item,method,other,value\n";
  const auto add = [&](const char* item, const std::string& a, const std::string& b, double value) {
    out += fmt::format("{},{},{},{:.6g}\n", item, csv_field(a), csv_field(b), value);
  };
  add("critical_difference", "", "", critical_difference);
  add("friedman_p", "", "", friedman_p);
  for (const auto& m : methods) add("average_rank", m.method, "", m.average_rank);
  for (const auto& m : methods) add("mean", m.method, "", m.mean);
  for (std::size_t i = 0; i < not_apart.size(); ++i) {
    for (const auto& m : not_apart[i]) add("not_apart", m, "", static_cast<double>(i + 1));
  }
  for (const auto& p : pairs) add("pair_p", p.better, p.worse, p.p);
  return out;
}

}  // namespace refrain::api
