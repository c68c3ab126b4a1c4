// Sections that every task has: scores, learning, data, settings.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/pages/parts.h"
#include "refrain/base/fields.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

using base::Json;
using report::both;
using report::Cells;
using report::escaped;
using report::folded;
using report::paragraph;
using report::table;
using report::Words;

Score plain_score(const store::Score& s) { return {s.value, s.low, s.high}; }

// Rows of simple methods below the model's own.
std::string beside_each_other(const store::Run& run) {
  report::IntervalPlot plot;
  plot.rows.push_back({run.model, plain_score(store::main_score(run)), true, ""});
  for (const auto& b : run.baselines) {
    if (b.score.metric != run.metric) continue;
    plot.rows.push_back({b.model, plain_score(b.score), false, ""});
  }
  if (plot.rows.size() < 2) return "";
  const Words metric = metric_words(run.metric);
  return figure("figure-methods",
                Words{"The model and simple methods on the same samples: ",
                      "模型与简单方法在相同样本上的比较："} +
                    metric + Words{" with 95 % intervals.", "及其 95% 区间。"},
                interval_plot(plot));
}

// Sentences of a run that are often the same; others stay in English.
Words in_words(const std::string& text) {
  static const std::pair<const char*, const char*> kKnown[] = {
      {"test file", "测试文件"},
      {"none found", "未发现"},
      {"none found: every scored value lies behind all that was trained on",
       "未发现：每个评分值都在训练数据之后"},
      {"all samples of the file", "文件中的所有样本"},
      {"the end of the text held out", "留出文本的末尾"}};
  for (const auto& [en, zh] : kKnown) {
    if (text == en) return {text, zh};
  }
  int held = 0, all = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%d of %d samples held ou%c", &held, &all, &rest) == 3 &&
      text.ends_with("held out")) {
    return {text, fmt::format("从 {} 个样本中留出 {} 个", all, held)};
  }
  return report::same(text);
}

std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && text.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-./,:=+@%") == std::string::npos;
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string option_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The command line of the run.
std::string command_of(const store::Run& run) {
  const Json job = parse_object(run.job);
  if (!job.contains("data")) return "";
  const std::string command = run.command.empty() ? "train" : run.command;
  std::string out = "refrain " + command + " " + shell_word(job.value("data", ""));
  for (const char* name : {"test", "valid", "out"}) {
    const std::string path = job.value(name, "");
    if (!path.empty()) out += fmt::format(" --{} {}", name, shell_word(path));
  }
  const Json options = job.value("options", Json::object());
  for (const auto& [name, value] : options.items()) {
    const std::string option = base::option_name(name);
    if (value.is_boolean()) {
      out += value.get<bool>() ? " --" + option : " --" + option + "=false";
    } else {
      out += " --" + option + " " + shell_word(option_text(value));
    }
  }
  return out;
}

std::string options_table(const store::Run& run) {
  const Json given = job_member(run, "options");
  std::vector<Cells> chosen, rest;
  const Json all = parse_object(run.options);
  for (const auto& [name, value] : all.items()) {
    const bool own = given.is_object() && given.contains(name);
    (own ? chosen : rest).push_back({escaped(name), escaped(option_text(value), 200)});
  }
  const Cells head = {both({"option", "选项"}), both({"value", "值"})};
  std::string out;
  if (!chosen.empty()) {
    out += folded({"Options that were given", "用户设定的选项"}, table(head, chosen));
  }
  return out + folded({"All other options", "其他所有选项"}, table(head, rest));
}

std::string receipt_table(const store::Run& run) {
  std::vector<Cells> rows;
  const auto add = [&](const Words& what, const std::string& text) {
    if (!text.empty()) rows.push_back({both(what), "<code>" + escaped(text, 300) + "</code>"});
  };
  add({"run", "运行"}, run.id);
  add({"created", "时间"}, run.created);
  add({"version", "版本"}, run.version);
  add({"machine", "机器"}, run.machine);
  add({"seed", "随机种子"}, std::to_string(run.seed));
  add({"parameters", "参数个数"}, run.parameters > 0 ? std::to_string(run.parameters) : "");
  add({"seconds to load, train, evaluate", "读取、训练、评估用时（秒）"},
      fmt::format("{:.2f}, {:.2f}, {:.2f}", run.seconds.load, run.seconds.train,
                  run.seconds.evaluate));
  add({"hash of the data", "数据哈希"}, run.data_hash);
  add({"hash of the split", "划分哈希"}, run.split_hash);
  add({"hash of the parameters", "参数哈希"}, run.parameters_hash);
  add({"hash of the predictions", "预测哈希"}, run.predictions_hash);
  return folded({"Receipt", "凭据"}, table({"", ""}, rows));
}

// Curves of one kind: a training and a validation loss share an axis, a score has its own.
std::string curve_figure(const std::vector<Curve>& curves, const store::Run& run, bool score) {
  static const std::pair<const char*, Words> kNames[] = {
      {"training loss", {"training loss", "训练损失"}},
      {"validation loss", {"validation loss", "验证损失"}},
      {"validation score", {"validation score", "验证得分"}}};
  const bool forecast = run.task == "forecast";
  report::LinePlot plot{{"epoch", "轮次"}, {}, {}, 0, {}};
  for (const auto& curve : curves) {
    // A forecast is watched in other units than the loss, and its curve is stored under two names.
    const bool apart = curve.name.ends_with("score");
    if (apart != score || (forecast && curve.name == "validation loss")) continue;
    Words name = report::same(curve.name);
    for (const auto& [en, words] : kNames) {
      if (curve.name == en) name = words;
    }
    plot.lines.push_back({name, curve.x, curve.y, false});
  }
  if (plot.lines.empty()) return "";
  const Json best = told_member(run, "best_epoch");
  if (best.is_number() && best.get<int>() > 0) {
    plot.mark = best.get<int>();
    plot.mark_name = {fmt::format("kept: epoch {}", best.get<int>()),
                      fmt::format("保留第 {} 轮", best.get<int>())};
  }
  const Words watched =
      forecast
          ? Words{"Error on the inner windows after each epoch.", "每轮之后在内部窗口上的误差。"}
          : Words{"Score on the validation part after each epoch.", "每轮之后在验证集上的得分。"};
  const Words loss{"Loss after each epoch; the weights of the marked epoch were kept.",
                   "每轮之后的损失；保留标记轮次的权重。"};
  return figure(score ? "figure-valid" : "figure-loss", score ? watched : loss, live_plot(plot));
}

// Draws one thin, unnamed line for each fold of a cross-validation.
std::string folds_figure(const store::Run& run, bool valid) {
  report::LinePlot plot{{"epoch", "轮次"}, {"loss", "损失"}, {}, 0, {}};
  std::pair<int, int> last{-1, -1};
  for (const auto& e : run.curve) {
    const double y = valid ? e.valid_loss : e.loss;
    if (std::pair(e.repeat, e.fold) != last) {
      last = {e.repeat, e.fold};
      plot.lines.push_back({report::same(fmt::format("{}.{}", e.repeat + 1, e.fold + 1)), {}, {}});
    }
    plot.lines.back().x.push_back(e.epoch);
    plot.lines.back().y.push_back(y);
  }
  std::erase_if(plot.lines, [](const report::Line& l) { return std::isnan(l.y.front()); });
  if (plot.lines.empty()) return "";
  const auto n = plot.lines.size();
  std::string picture = line_plot(plot);
  picture = picture.substr(0, picture.find("</svg>") + 7);  // no legend: the lines have no names
  return figure(valid ? "figure-valid" : "figure-loss",
                valid ? Words{fmt::format("Validation loss of {} fits.", n),
                              fmt::format("{} 次训练的验证损失。", n)}
                      : Words{fmt::format("Training loss of {} fits.", n),
                              fmt::format("{} 次训练的训练损失。", n)},
                picture);
}

}  // namespace

void put_score_part(const Told& told, report::Page& page) {
  const store::Run& run = told.run;
  std::vector<Cells> rows;
  for (const auto& s : run.scores) {
    const bool interval = std::isfinite(s.low) && std::isfinite(s.high);
    rows.push_back({both(metric_words(s.metric)), report::number_text(s.value),
                    interval ? report::number_text(s.low) + "\u2013" + report::number_text(s.high)
                             : "\u2013"});
  }
  std::string out = beside_each_other(run);
  if (!rows.empty()) {
    out += table(
        {both({"metric", "指标"}), both({"value", "值"}), both({"95 % interval", "95% 区间"})},
        rows);
  }
  if (!run.interval_holds.empty()) {
    out += paragraph({"The intervals hold " + run.interval_holds + ".",
                      "区间反映的不确定性来源（英文）：" + run.interval_holds + "。"},
                     "quiet");
  }
  page.add("scores", {"Score", "得分"}, out);
}

std::string table_markup(const Table& t) {
  Cells head = {escaped(t.row)};
  for (const auto& column : t.columns) {
    std::string name = column;
    std::replace(name.begin(), name.end(), '_', ' ');
    head.push_back(escaped(name, 60));
  }
  std::vector<Cells> rows;
  for (const auto& row : t.rows) {
    rows.push_back({"<bdi>" + escaped(row.name, 120) + "</bdi>"});
    for (const auto& cell : row.cells) {
      const auto* s = std::get_if<Score>(&cell);
      rows.back().push_back(s != nullptr ? both(report::score_words(*s))
                                         : escaped(cell_text(cell), 400));
    }
  }
  return table(head, rows, report::same(t.title));
}

void put_learning(const Told& told, report::Page& page) {
  const store::Run& run = told.run;
  std::string out;
  bool one = true;
  for (const auto& e : run.curve) {
    one = one && e.repeat == run.curve.front().repeat && e.fold == run.curve.front().fold;
  }
  if (one) {
    const auto curves = curves_of(run.curve);
    out = curve_figure(curves, run, false);
    out += curve_figure(curves, run, true);
    if (!out.empty()) page.needs_plots();
  } else {
    out = folds_figure(run, false) + folds_figure(run, true);
  }
  const Json findings = told_member(run, "findings");
  std::string list;
  if (findings.is_array()) {
    for (const auto& f : findings) list += "<li>" + escaped(f.get<std::string>()) + "</li>\n";
  }
  if (!list.empty()) out += "<ul lang=\"en\">\n" + list + "</ul>\n";
  page.add("learning", {"Training", "训练过程"}, out);
}

void put_data_part(const Told& told, report::Page& page) {
  const store::Run& run = told.run;
  std::vector<Cells> rows;
  const auto add = [&](const Words& what, const std::string& text) {
    if (text.empty()) return;
    const Words words = in_words(report::harmless(text, 600));
    rows.push_back({both(what), "<bdi>" + both(words) + "</bdi>"});
  };
  const Json recognised = job_member(run, "recognised");
  add({"data", "数据"}, run.data_path);
  add({"test file", "测试文件"},
      job_member(run, "test").is_string() ? job_member(run, "test").get<std::string>() : "");
  add({"taken for", "识别为"}, recognised.is_string() ? recognised.get<std::string>() : "");
  add({"scored on", "评分方式"}, run.protocol);
  add({"leaks between the parts", "各部分之间的泄漏"}, run.leak_check);
  std::string out = rows.empty() ? "" : table({"", ""}, rows);
  if (!told.why_not.en.empty()) out += paragraph(told.why_not, "quiet");
  page.add("data", {"Data", "数据"}, out);
}

void put_settings(const Told& told, report::Page& page) {
  const store::Run& run = told.run;
  std::string out;
  const std::string command = command_of(run);
  if (!command.empty()) {
    out += paragraph({"This command trains and scores the same model again:",
                      "以下命令会重新训练并评估同一个模型："});
    out += "<pre><code>" + escaped(command) + "</code></pre>\n";
  }
  if (!run.id.empty() && !command.empty()) {
    out += paragraph({"This one does so and compares it with the run bit for bit:",
                      "以下命令重新训练并与本次运行逐位比较："});
    out += "<pre><code>refrain runs verify " + escaped(run.id) + "</code></pre>\n";
  }
  out += options_table(run) + receipt_table(run);
  page.add("settings", {"Settings and receipt", "设置与凭据"}, out);
}

}  // namespace refrain::api
