#include "refrain/train/penalty.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/base/glob.h"
#include "refrain/base/nearest.h"
#include "refrain/train/tuning.h"

namespace refrain::train {
namespace {

struct Item {
  std::string pattern, kind;
  double value = 0;
};

Item parse(const std::string& text) {
  const auto colon = text.rfind(':'), equals = text.rfind('=');
  const bool formed =
      colon != std::string::npos && equals != std::string::npos && 0 < colon && colon < equals;
  if (!formed) {
    throw Error(Code::kUsage, fmt::format("--penalty: '{}' is not PATTERN:KIND=VALUE", text),
                "write for example: --penalty \"encoder.*:l2=1e-4,head.*:l1=1e-3\"");
  }
  Item item{text.substr(0, colon), text.substr(colon + 1, equals - colon - 1), 0};
  std::replace(item.kind.begin(), item.kind.end(), '-', '_');
  const std::vector<std::string> kinds = {"l1", "l2", "weight_decay"};
  if (std::find(kinds.begin(), kinds.end(), item.kind) == kinds.end()) {
    throw Error(Code::kUsage, fmt::format("--penalty: there is no penalty '{}'", item.kind),
                base::did_you_mean(item.kind, kinds));
  }
  const char *begin = text.data() + equals + 1, *end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(begin, end, item.value);
  if (code != std::errc() || stop != end || !(item.value >= 0 && item.value <= 1e3)) {
    throw Error(
        Code::kUsage,
        fmt::format("--penalty: '{}' must be a number in [0, 1000]", std::string(begin, end)),
        "write for example: --penalty \"head.*:l1=1e-3\"");
  }
  return item;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    items.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return items;
}

}  // namespace

Penalties::Penalties(const TrainSpec& spec, double weight_decay, const nn::ParamSet& params,
                     const std::vector<real>* start)
    : ranges_(optim::update_ranges(params, weight_decay)), start_(start) {
  const auto depths = depths_of(params);
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const nn::Param& p = params.params()[i];
    if (p.frozen) continue;
    parts_.push_back(p.weight ? Part{spec.l1, spec.l2} : Part{});
    if (start != nullptr && depths[i].from_head > 0) parts_.back().l2_sp = spec.l2_sp;
    names_.push_back(p.weight ? p.name : "");
  }
  for (const auto& item : split_at_commas(spec.penalty)) apply(item);
}

void Penalties::apply(const std::string& text) {
  const Item item = parse(text);
  bool any = false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i].empty() || !base::matches_glob(item.pattern, names_[i])) continue;
    any = true;
    if (item.kind == "l1") parts_[i].l1 = item.value;
    if (item.kind == "l2") parts_[i].l2 = item.value;
    if (item.kind == "weight_decay") ranges_[i].decay = item.value;
  }
  patterns_decay_ = patterns_decay_ || item.kind == "weight_decay";
  if (any) return;
  auto known = names_;
  std::erase(known, "");
  throw Error(Code::kUsage, fmt::format("--penalty: no weight is called '{}'", item.pattern),
              base::did_you_mean(item.pattern, known));
}

double Penalties::add(const real* values, real* d) const {
  double total = 0;
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (parts_[k].l2_sp > 0) total += add_l2_sp(k, values, d);
    const auto [l1, l2, from_start] = parts_[k];
    if (l1 == 0 && l2 == 0) continue;
    const real slope = static_cast<real>(l2);
    double absolute = 0, square = 0;
    for (std::size_t i = ranges_[k].begin; i < ranges_[k].end; ++i) {
      const double w = static_cast<double>(values[i]);
      absolute += std::abs(w);
      square += w * w;
      d[i] += slope * values[i];
    }
    total += l1 * absolute + l2 / 2 * square;
  }
  return total;
}

double Penalties::add_l2_sp(std::size_t part, const real* values, real* d) const {
  const real slope = static_cast<real>(parts_[part].l2_sp);
  double square = 0;
  for (std::size_t i = ranges_[part].begin; i < ranges_[part].end; ++i) {
    const real away = values[i] - (*start_)[i];
    square += static_cast<double>(away) * static_cast<double>(away);
    d[i] += slope * away;
  }
  return parts_[part].l2_sp / 2 * square;
}

void Penalties::shrink(double lr, real* values) const {
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (parts_[k].l1 == 0) continue;
    const real by = static_cast<real>(lr * parts_[k].l1);
    for (std::size_t i = ranges_[k].begin; i < ranges_[k].end; ++i) {
      const real w = values[i];
      values[i] = w > by ? w - by : w < -by ? w + by : real{0};
    }
  }
}

}  // namespace refrain::train
