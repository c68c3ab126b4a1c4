// The top of a page: what the run was, its score, and whether a simple method does as well.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/metric_kind.h"
#include "refrain/api/pages/parts.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

using base::Json;
using report::paragraph;
using report::Words;

struct Translated {
  const char *name, *en, *zh;
};

constexpr Translated kMetrics[] = {
    {"accuracy", "accuracy", "准确率"},
    {"balanced_accuracy", "balanced accuracy", "平衡准确率"},
    {"macro_f1", "macro F1", "宏平均 F1"},
    {"micro_f1", "micro F1", "微平均 F1"},
    {"weighted_f1", "weighted F1", "加权 F1"},
    {"f1", "F1", "F1"},
    {"precision", "precision", "精确率"},
    {"recall", "recall", "召回率"},
    {"log_loss", "log loss", "对数损失"},
    {"brier", "Brier score", "Brier 分数"},
    {"auroc", "area under the ROC curve", "ROC 曲线下面积"},
    {"average_precision", "average precision", "平均精确率"},
    {"matthews", "Matthews correlation", "马修斯相关系数"},
    {"kappa", "Cohen's kappa", "Cohen kappa"},
    {"calibration_error", "calibration error", "校准误差"},
    {"rmse", "root mean squared error", "均方根误差"},
    {"mae", "mean absolute error", "平均绝对误差"},
    {"r2", "R²", "R²"},
    {"median_absolute_error", "median absolute error", "绝对误差中位数"},
    {"spearman", "Spearman correlation", "Spearman 相关系数"},
    {"coverage", "coverage of the intervals", "区间覆盖率"},
    {"interval_width", "width of the intervals", "区间宽度"},
    {"token_accuracy", "accuracy of single tags", "单个标签准确率"},
    {"label_accuracy", "accuracy of the labels", "整体类别准确率"},
    {"exact", "samples that are right as a whole", "整条完全正确的比例"},
    {"event_f1", "F1 of events", "事件 F1"},
    {"bleu", "BLEU", "BLEU"},
    {"bleu_lower", "BLEU in lower case", "BLEU（不分大小写）"},
    {"chrf", "chrF", "chrF"},
    {"edit_distance", "edits of a sample", "每条编辑次数"},
    {"wer", "word error rate", "词错误率"},
    {"cer", "character error rate", "字错误率"},
    {"mase", "MASE", "MASE"},
    {"smape", "sMAPE", "sMAPE"},
    {"rmsse", "RMSSE", "RMSSE"},
    {"owa", "OWA", "OWA"},
    {"weighted_quantile_loss", "weighted quantile loss", "加权分位数损失"},
    {"mae_scaled", "scaled mean absolute error", "标准化平均绝对误差"},
    {"mse_scaled", "scaled mean squared error", "标准化均方误差"},
    {"perplexity", "perplexity", "困惑度"},
    {"nats", "nats of a unit", "每单位 nat"},
    {"word_perplexity", "perplexity of a word", "每词困惑度"},
    {"character_nats", "nats of a character", "每字符 nat"},
    {"bits_per_character", "bits of a character", "每字符比特"},
    {"backward_perplexity", "perplexity backwards", "反向困惑度"},
    {"nasa_score", "NASA score", "NASA 分数"}};

constexpr Translated kTasks[] = {{"classify", "Classification", "分类"},
                                 {"regress", "Regression", "回归"},
                                 {"tag", "Tagging", "序列标注"},
                                 {"forecast", "Forecast", "预测"},
                                 {"language-model", "Language model", "语言模型"},
                                 {"translate", "Translation", "翻译"},
                                 {"transcribe", "Transcription", "转写"}};

template <std::size_t N>
Words translated(const Translated (&list)[N], const std::string& name) {
  for (const auto& entry : list) {
    if (name == entry.name) return {entry.en, entry.zh};
  }
  std::string text = name;
  for (char& c : text) c = c == '_' ? ' ' : c;
  return report::same(text);
}

// The simple method with the best score; null where there is none.
const store::Baseline* best_baseline(const store::Run& run) {
  const bool smaller = run.metric == "perplexity" || metric_kind(run.metric).smaller_is_better;
  const store::Baseline* best = nullptr;
  for (const auto& b : run.baselines) {
    if (b.score.metric != run.metric || std::isnan(b.score.value)) continue;
    const bool better = best == nullptr || (smaller ? b.score.value < best->score.value
                                                    : b.score.value > best->score.value);
    if (better) best = &b;
  }
  return best;
}

// States the result of the run's test against the best simple method; without a test, only both
// scores.
Words against_words(const store::Run& run, const store::Baseline& best) {
  const std::string value = report::number_text(best.score.value);
  const Json a = told_member(run, "against");
  if (!a.is_object()) {
    return {fmt::format("The best simple method, {}, has {}.", best.model, value),
            fmt::format("最好的简单方法 {} 的得分是 {}。", best.model, value)};
  }
  const std::string name = a.value("baseline", best.model);
  const double d = a.value("difference", 0.0), low = a.value("low", 0.0),
               high = a.value("high", 0.0);
  const std::string low_text = fmt::format("{:+.3g}", low),
                    high_text = fmt::format("{:+.3g}", high);
  const std::string en_range =
      fmt::format("difference {:+.3g}, 95 % interval {} to {}", d, low_text, high_text);
  const std::string zh_range =
      fmt::format("差值 {:+.3g}，95% 区间 {} 至 {}", d, low_text, high_text);
  if (d == 0 && low == 0 && high == 0) {
    return {fmt::format("On these samples it does exactly as well as the simple method {} ({}).",
                        name, value),
            fmt::format("在这些样本上，它与简单方法 {}（{}）得分完全相同。", name, value)};
  }
  if (!a.value("distinguishable", false)) {
    const double needed = a.value("samples_needed", 0.0);
    Words out{fmt::format("These samples cannot tell the model from the simple method {} ({}; {}).",
                          name, value, en_range),
              fmt::format("这些样本不足以区分它与简单方法 {}（{}；{}）。", name, value, zh_range)};
    if (needed > 0 && needed < 1e7) {
      const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(needed)) - 1));
      const double rounded = std::ceil(needed / unit) * unit;
      out =
          out + Words{fmt::format(" To tell, about {:.0f} test samples would be needed.", rounded),
                      fmt::format("要区分两者，大约需要 {:.0f} 个测试样本。", rounded)};
    }
    return out;
  }
  if (d > 0) {
    return {fmt::format(
                "It is better than the best simple method, {} ({}), by more than chance explains "
                "({}).",
                name, value, en_range),
            fmt::format("它优于最好的简单方法 {}（{}），不能用偶然解释（{}）。", name, value,
                        zh_range)};
  }
  return {
      fmt::format("The simple method {} ({}) is better ({}): use it, or look for what is wrong.",
                  name, value, en_range),
      fmt::format("简单方法 {}（{}）更好（{}）：请改用它，或找出问题所在。", name, value,
                  zh_range)};
}

Words sizes(const store::Run& run) {
  if (run.task == "forecast") {
    return {fmt::format("{} series, {} scored windows", run.n_train, run.n_test),
            fmt::format("{} 条序列，{} 个评分窗口", run.n_train, run.n_test)};
  }
  if (run.task == "language-model") {
    return {fmt::format("{} training, {} validation, {} test units", run.n_train, run.n_valid,
                        run.n_test),
            fmt::format("训练 {}、验证 {}、测试 {} 个单位", run.n_train, run.n_valid, run.n_test)};
  }
  return {fmt::format("{} training, {} validation, {} test samples", run.n_train, run.n_valid,
                      run.n_test),
          fmt::format("训练 {}、验证 {}、测试 {} 个样本", run.n_train, run.n_valid, run.n_test)};
}

}  // namespace

Words metric_words(const std::string& metric) { return translated(kMetrics, metric); }

Words task_words(const std::string& task) { return translated(kTasks, task); }

void put_verdict(const Told& told, const std::vector<Words>& more, report::Page& page) {
  const store::Run& run = told.run;
  const auto score = store::main_score(run);
  std::string out = "<h1>" + both(task_words(run.task)) + " · <bdi>" +
                    report::escaped(run.data, 80) + "</bdi></h1>\n";
  out += "<p class=\"quiet\">" + report::escaped(run.model) + " · " + both(sizes(run)) + " · " +
         report::escaped(run.created.substr(0, 10)) +
         (run.id.empty() ? "" : " · " + both(Words{"run ", "运行 "}) + report::escaped(run.id)) +
         "</p>\n<div class=\"verdict\">\n";
  if (!std::isnan(score.value)) {
    out += "<div class=\"score\">" + report::number_text(score.value) + "<small>" +
           both(metric_words(run.metric));
    if (std::isfinite(score.low) && std::isfinite(score.high)) {
      const std::string low = report::number_text(score.low),
                        high = report::number_text(score.high);
      out += both(Words{fmt::format(", 95 % interval {} to {}", low, high),
                        fmt::format("，95% 区间 {} 至 {}", low, high)});
    } else {
      out += both(Words{", no interval: the samples are too few", "，样本太少，没有区间"});
    }
    out += "</small></div>\n";
  } else {
    out += paragraph({"Nothing was scored: these samples were all for training.",
                      "没有评分：样本全部用于训练。"});
  }
  if (const auto* best = best_baseline(run)) out += paragraph(against_words(run, *best));
  if (const Json other = told_member(run, "other"); other.is_string() && !other.empty()) {
    const auto sentence = other.get<std::string>();
    if (!sentence.empty()) {
      out += paragraph({"Another kind of model than usual: " + sentence + ".",
                        "模型种类与默认不同：" + sentence + "。"});
    }
  }
  for (const auto& words : more) out += paragraph(words);
  page.head(out + "</div>\n");
}

}  // namespace refrain::api
