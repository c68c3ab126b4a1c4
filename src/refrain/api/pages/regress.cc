// The page of a regression: predicted against true, the size of the errors; of remaining lives each
// unit's way to its end.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "refrain/api/pages/parts.h"
#include "refrain/report/escape.h"
#include "refrain/score/regression.h"

namespace refrain::api {
namespace {

using report::escaped;
using report::figure;
using report::paragraph;
using report::Words;

constexpr std::size_t kMostScatterPoints = 4000, kLargestErrors = 8, kMostUnits = 12,
                      kMostTargets = 4;

const score::Regression& numbers_of_repeat(const ToldAnswers& r) {
  return dynamic_cast<const score::Regression&>(*r.answers);
}

// One number that was predicted, beside the truth.
struct Told1 {
  double truth, predicted, low, high;
  int prediction;  // its number in the run
};

// The place of a column in the stored numbers; -1 where there is none.
int place_of(const store::Run& run, const std::string& column) {
  const auto found = std::find(run.classes.begin(), run.classes.end(), column);
  return found == run.classes.end() ? -1 : static_cast<int>(found - run.classes.begin());
}

std::vector<Told1> values_of(const Told& told, int target) {
  const store::Run& run = told.run;
  const std::string name = run.classes.empty() ? "" : run.classes[static_cast<std::size_t>(target)];
  const int width = numbers_of_repeat(told.repeats.front()).width;
  const int low = place_of(run, width > 1 ? name + "_low" : "low"),
            high = place_of(run, width > 1 ? name + "_high" : "high");
  std::vector<Told1> out;
  for (const auto& r : told.repeats) {
    const auto& a = numbers_of_repeat(r);
    for (std::size_t i = 0; i < r.which.size(); ++i) {
      const auto& p = run.predictions[static_cast<std::size_t>(r.which[i])];
      const auto number = [&](int place) {
        const auto at = static_cast<std::size_t>(place);
        return place >= 0 && at < p.probability.size() ? p.probability[at] : std::nan("");
      };
      const std::size_t at =
          i * static_cast<std::size_t>(a.width) + static_cast<std::size_t>(target);
      out.push_back({a.truth[at], a.predicted[at], number(low), number(high), r.which[i]});
    }
  }
  return out;
}

void put_scatter(const Told& told, report::Page& page) {
  std::string out;
  const int width = numbers_of_repeat(told.repeats.front()).width;
  for (int target = 0; target < std::min(width, static_cast<int>(kMostTargets)); ++target) {
    const auto values = values_of(told, target);
    const std::size_t step = 1 + values.size() / kMostScatterPoints;
    report::ScatterPlot plot{{"true", "真实值"}, {"predicted", "预测值"}, {}, {}, {}, {}};
    std::vector<double> errors;
    for (std::size_t i = 0; i < values.size(); ++i) {
      errors.push_back(values[i].predicted - values[i].truth);
      if (i % step != 0) continue;
      plot.across.push_back(values[i].truth), plot.up.push_back(values[i].predicted);
      if (values.size() <= 300) {
        plot.low.push_back(values[i].low), plot.high.push_back(values[i].high);
      }
    }
    const std::string name =
        width > 1 ? told.run.classes[static_cast<std::size_t>(target)] + ": " : "";
    out += figure(
        fmt::format("figure-scatter{}", target),
        report::same(name) + Words{"Predicted against true. On the dashed line both are equal; "
                                   "thin lines are prediction intervals.",
                                   "预测值与真实值。虚线上两者相等；细线是预测区间。"},
        scatter_plot(plot));
    out += figure(fmt::format("figure-errors{}", target),
                  report::same(name) + Words{"How large the errors are: predicted less true.",
                                             "误差的分布：预测值减真实值。"},
                  report::histogram(errors, {"error", "误差"}));
  }
  page.add("errors", {"Predicted and true", "预测与真实"}, out);
}

Measured absolute_errors(const Told& told) {
  Measured out{{}, false, {"Mean absolute error", "平均绝对误差"}};
  for (const auto& r : told.repeats) {
    const auto& a = numbers_of_repeat(r);
    const auto width = static_cast<std::size_t>(a.width);
    auto& list = out.values.emplace_back(a.size());
    for (std::size_t i = 0; i < a.truth.size(); ++i) {
      list[i / width] += std::fabs(a.predicted[i] - a.truth[i]) / static_cast<double>(width);
    }
  }
  return out;
}

void put_largest(const Told& told, report::Page& page) {
  auto values = values_of(told, 0);
  std::stable_sort(values.begin(), values.end(), [](const Told1& a, const Told1& b) {
    return std::fabs(a.predicted - a.truth) > std::fabs(b.predicted - b.truth);
  });
  std::string list;
  for (std::size_t i = 0; i < std::min(values.size(), kLargestErrors); ++i) {
    const auto& v = values[i];
    const auto& p = told.run.predictions[static_cast<std::size_t>(v.prediction)];
    list += "<li><bdi class=\"quiet\">" + escaped(p.sample, 60) + "</bdi> · " +
            both(Words{"true ", "真实值 "}) + report::number_text(v.truth) +
            both(Words{", predicted ", "，预测值 "}) + report::number_text(v.predicted);
    if (const auto* sample = told.sample(v.prediction)) list += content_markup(*sample);
    list += "</li>\n";
  }
  page.add(
      "largest", {"The largest errors", "最大的误差"},
      paragraph({"Look at these samples first: a wrong number in the file looks like this, too.",
                 "请先检查这些样本：文件中的错误数值也会表现为这样。"}) +
          "<ul class=\"samples\">\n" + list + "</ul>\n");
}

// Draws for each unit the predicted and the true remaining life at each window.
void put_units(const Told& told, report::Page& page) {
  std::map<std::string, std::vector<Told1>> units;
  for (const auto& v : values_of(told, 0)) {
    const auto& p = told.run.predictions[static_cast<std::size_t>(v.prediction)];
    if (p.repeat == 0 && !p.group.empty()) units[p.group].push_back(v);
  }
  std::vector<std::pair<double, std::string>> worst;  // error, unit
  for (const auto& [name, list] : units) {
    double sum = 0;
    for (const auto& v : list) sum += std::fabs(v.predicted - v.truth);
    if (list.size() > 1) worst.emplace_back(-sum / static_cast<double>(list.size()), name);
  }
  std::sort(worst.begin(), worst.end());
  std::string out;
  for (std::size_t k = 0; k < std::min(worst.size(), kMostUnits); ++k) {
    const auto& list = units[worst[k].second];
    report::LinePlot plot{{"life left", "剩余寿命"}, {}, {}, 0, {}};
    report::Line truth{{"true", "真实"}, {}, {}, true},
        predicted{{"predicted", "预测"}, {}, {}, false};
    for (const auto& v : list) {
      truth.x.push_back(-v.truth), predicted.x.push_back(-v.truth);
      truth.y.push_back(v.truth), predicted.y.push_back(v.predicted);
    }
    plot.lines = {predicted, truth};
    out += figure(fmt::format("figure-unit{}", k),
                  report::same(report::harmless(worst[k].second, 40)), line_plot(plot));
  }
  if (out.empty()) return;
  page.add(
      "units", {"Each unit's way to its end", "各单元直至失效的过程"},
      paragraph({fmt::format("Of {} units those whose lives were told worst. From left to right a "
                             "unit comes closer to its failure, at 0.",
                             worst.size()),
                 fmt::format("共 {} 个单元，这里是误差最大的几个。从左到右逐渐接近失效（0）。",
                             worst.size())}) +
          "<div class=\"pictures\">\n" + out + "</div>\n");
}

}  // namespace

void put_regress(const Told& told, report::Page& page) {
  std::vector<Words> more;
  if (!told.run.predictions.empty() && told.repeats.size() == 1) {
    auto values = values_of(told, 0);
    std::vector<double> errors;
    for (const auto& v : values) errors.push_back(std::fabs(v.predicted - v.truth));
    const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
    std::nth_element(errors.begin(), middle, errors.end());
    const std::string text = report::number_text(*middle);
    more = {{"Half of its answers are off by less than " + text + ".",
             "一半的回答误差小于 " + text + "。"}};
  }
  put_verdict(told, more, page);
  put_score_part(told, page);
  put_learning(told, page);
  if (told.run.predictions.empty()) return;
  put_scatter(told, page);
  if (told.data != nullptr && told.data->data.lives) put_units(told, page);
  put_largest(told, page);
  put_slices(told, absolute_errors(told), page);
}

}  // namespace refrain::api
