#include "refrain/forecast/start.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "refrain/base/at.h"
#include "refrain/base/error.h"

namespace refrain::forecast {
namespace {

using base::at;

constexpr std::array kLevelWords = {"none", "last", "season", "window", "smoothing"};
constexpr std::array kSpreadWords = {"none", "ratio", "window", "series"};

// Copies the block [rows, columns] at the given places of both.
struct BlockCopy {
  std::size_t rows = 0, columns = 0, from_row = 0, to_row = 0;
};

std::size_t width_of(const tensor::Tensor& t) {
  return t.shape.rank() == 1 ? t.count() : at(t.columns());
}

void copy_block(const tensor::Tensor& from, const tensor::Tensor& to, const BlockCopy& block) {
  const auto from_width = width_of(from), to_width = width_of(to);
  for (std::size_t r = 0; r < block.rows; ++r) {
    std::copy_n(from.data + (block.from_row + r) * from_width, block.columns,
                to.data + (block.to_row + r) * to_width);
  }
}

// Numbers of a step that both put out alike: 0 where they do not.
std::size_t common_outputs(const NetworkForm& a, const NetworkForm& b) {
  if (a.head != b.head || a.quantiles != b.quantiles) return 0;
  return at(std::min(a.window.horizon, b.window.horizon)) *
         at(heads().at(a.head).width(a.levels()));
}

class TakingOver {
 public:
  TakingOver(const ForecastNetwork& source, ForecastNetwork& network)
      : source_(source), network_(network) {}

  TakenOver run() {
    TakenOver out;
    const auto& own = network_.params().params();
    for (std::size_t i = 0; i < own.size(); ++i) {
      (take(static_cast<int>(i)) ? out.taken : out.anew).push_back(own[i].name);
    }
    if (out.taken.empty()) {
      throw Error(Code::kData, "--init: no parameter of the source fits the network",
                  "name a source of the same --cell and --hidden");
    }
    return out;
  }

 private:
  bool take(int index) {
    nn::ParamSet& own = network_.params();
    const nn::Param& param = own.params()[at(index)];
    const auto& all = source_.params().params();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const nn::Param& p) { return p.name == param.name; });
    if (found == all.end()) return false;
    const auto from = source_.params().value(static_cast<int>(found - all.begin()));
    const auto to = own.in_block(index, own.values().data());
    // Coefficients of series are those of these very series.
    const NetworkForm &theirs = source_.form(), &ours = network_.form();
    if (param.name == "smoothing.series" && theirs.series != ours.series) return false;
    if (param.name.starts_with("horizon.")) return take_outputs(param.name, from, to);
    if (!(from.shape == to.shape)) return false;
    std::copy_n(from.data, to.count(), to.data);
    return true;
  }

  bool take_outputs(const std::string& name, const tensor::Tensor& from, const tensor::Tensor& to) {
    const WindowForm &theirs = source_.form().window, &ours = network_.form().window;
    BlockCopy block;
    block.columns = common_outputs(source_.form(), network_.form());
    if (name == "horizon.b") block.rows = 1;
    if (name == "horizon.w" && from.rows() == to.rows()) block.rows = at(from.rows());
    if (name == "horizon.side") {  // the steps that both linear paths read, the last ones
      block.rows = at(std::min(theirs.skip, ours.skip));
      block.from_row = at(theirs.skip) - block.rows;
      block.to_row = at(ours.skip) - block.rows;
    }
    copy_block(from, to, block);
    return block.rows > 0 && block.columns > 0;
  }

  const ForecastNetwork& source_;
  ForecastNetwork& network_;
};

template <class T>
void take_layers(const char* name, const T& theirs, T& ours, std::set<std::string>& given) {
  if (given.contains(name) && ours != theirs) {
    throw Error(Code::kUsage,
                fmt::format("--{} {} does not go with --init, whose network has {}",
                            base::option_name(name), ours, theirs),
                "leave the option out");
  }
  ours = theirs;
  given.insert(name);
}

}  // namespace

Settings formed_as(const Forecaster& source, Settings s) {
  if (source.networks.empty()) {
    throw Error(Code::kData, "--init: the source has no networks, simple methods alone",
                "name a forecaster that was trained with networks");
  }
  const NetworkForm& form = source.networks.front()->form();
  take_layers("cell", form.encoder.cell, s.encoder.cell, s.given);
  take_layers("hidden", form.encoder.hidden, s.encoder.hidden, s.given);
  take_layers("layers", form.encoder.layers, s.encoder.layers, s.given);
  take_layers("layer_norm", form.encoder.layer_norm, s.encoder.layer_norm, s.given);
  take_layers("residual", form.encoder.residual, s.encoder.residual, s.given);
  const WindowForm& w = form.window;
  const auto put = [&](const char* name, auto& to, auto value) {
    if (s.given.insert(name).second) to = value;
  };
  put("window", s.forecast.window, w.window);
  put("segment", s.encoder.segment, w.segment);
  put("linear_steps", s.forecast.linear_steps, w.skip);
  if (w.spread == Spread::kCount || w.level == Level::kSmoothing) return s;
  put("level", s.forecast.level, kLevelWords[static_cast<std::size_t>(w.level)]);
  put("spread", s.forecast.spread, kSpreadWords[static_cast<std::size_t>(w.spread)]);
  // Logarithms are for positive values, which the data may not have.
  if (w.transform == Transform::kNone) put("transform", s.forecast.transform, "none");
  return s;
}

TakenOver take_over(const ForecastNetwork& source, ForecastNetwork& network) {
  return TakingOver(source, network).run();
}

}  // namespace refrain::forecast
