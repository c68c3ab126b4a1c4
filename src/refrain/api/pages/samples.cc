// The content of a sample as a page shows it: text or curves.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/pages/parts.h"
#include "refrain/report/axis.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

using base::Json;

constexpr std::size_t kMostText = 400;  // characters
constexpr int kMostContentPoints = 80, kMostChannelLines = 3;

// The channels of a series as numbers from 0 to 100, each on a scale of its own. Of many steps each
// point is the value that is furthest from the middle of its piece: spikes stay.
Json channel_lines(const float* values, int steps, int channels) {
  Json out = Json::array();
  for (int c = 0; c < std::min(channels, kMostChannelLines); ++c) {
    const auto value = [&](int t) { return static_cast<double>(values[t * channels + c]); };
    report::Range range;
    for (int t = 0; t < steps; ++t) range.see(value(t));
    const double size = range.high > range.low ? range.high - range.low : 1;
    const double middle = (range.high + range.low) / 2;
    Json line = Json::array();
    const int points = std::min(steps, kMostContentPoints);
    for (int p = 0; p < points; ++p) {
      const auto from = static_cast<int>(static_cast<std::int64_t>(p) * steps / points);
      const auto to = static_cast<int>(static_cast<std::int64_t>(p + 1) * steps / points);
      double shown = std::nan("");
      for (int t = from; t < to; ++t) {
        if (!std::isfinite(value(t))) continue;
        if (std::isnan(shown) || std::fabs(value(t) - middle) > std::fabs(shown - middle)) {
          shown = value(t);
        }
      }
      if (std::isnan(shown)) {
        line.push_back(nullptr);
      } else {
        line.push_back(range.high > range.low ? std::lround(100 * (shown - range.low) / size) : 50);
      }
    }
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace

Json content_of(const data::Sample& sample) {
  if (const auto* text = data::text_of(sample)) return report::harmless(*text, kMostText);
  if (sample.recording != nullptr) {
    const auto& x = sample.recording->samples;
    return channel_lines(x.data(), static_cast<int>(x.size()), 1);
  }
  for (const auto& value : sample.streams) {
    if (const auto* series = std::get_if<data::Series>(&value)) {
      return channel_lines(series->values.data(), series->steps, series->channels);
    }
  }
  return nullptr;
}

std::string content_markup(const data::Sample& sample) {
  if (const auto* text = data::text_of(sample)) {
    return "<bdi class=\"text\">" + report::escaped(*text, kMostText) + "</bdi>";
  }
  const Json lines = content_of(sample);
  if (!lines.is_array()) return "";
  std::string out =
      "<svg viewBox=\"0 0 100 40\" preserveAspectRatio=\"none\" aria-hidden=\"true\">";
  for (const auto& line : lines) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < line.size(); ++i) {
      x.push_back(static_cast<double>(i));
      y.push_back(line[i].is_null() ? std::nan("") : line[i].get<double>());
    }
    const double last = std::max(1.0, static_cast<double>(line.size()) - 1);
    out += "<path d=\"" +
           path_of(x, y, report::Axis{{0, last}, 0, 100}, report::Axis{{0, 100}, 38, 2}) + "\"/>";
  }
  return out + "</svg>";
}

}  // namespace refrain::api
