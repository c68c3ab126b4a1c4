// NASA's layout of turbofan engines that run to failure (Saxena et al. 2008): lines without header,
// 26 numbers with blanks between: unit, cycle, three settings, 21 sensors. A unit is one sample,
// the series of all its cycles; its label is the life that remains at its last cycle. Files whose
// name begins with "test" end before the failures: for test_X.txt the remaining lives stand in
// RUL_X.txt beside it, one a line.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <optional>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/lives.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

constexpr std::size_t kLifeColumns = 26, kLifeSettings = 3;
constexpr std::size_t kLifeLinesLooked = 50;

void words_of_line(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) cells.push_back(word);
}

// The unit and the cycle of a line, where it looks like one.
std::optional<std::pair<double, double>> place_of(const std::vector<std::string_view>& cells) {
  if (cells.size() != kLifeColumns) return std::nullopt;
  for (const auto cell : cells) {
    if (!is_number(cell)) return std::nullopt;
  }
  const double unit = parse_number(cells[0]).value, cycle = parse_number(cells[1]).value;
  if (unit != std::floor(unit) || cycle != std::floor(cycle)) return std::nullopt;
  return std::pair{unit, cycle};
}

// The first line is the first cycle of a unit, and nearly all that follow go on from the one above.
int recognise_cmapss(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  std::vector<std::string_view> cells;
  std::optional<std::pair<double, double>> last;
  std::size_t count = 0, fitting = 0;
  for (; count < kLifeLinesLooked && lines.next_filled(line); ++count) {
    words_of_line(line.text, cells);
    const auto place = place_of(cells);
    if (count == 0 && (!place || place->second != 1)) return 0;
    const bool goes_on = place && (place->second == 1 || (last && place->first == last->first &&
                                                          place->second == last->second + 1));
    fitting += goes_on ? 1 : 0;
    if (place) last = place;
  }
  return count > 0 && 10 * fitting >= 8 * count ? 98 : 0;
}

std::vector<std::string> channels_of_cmapss() {
  std::vector<std::string> out;
  for (std::size_t i = 1; i <= kLifeSettings; ++i) out.push_back(fmt::format("setting{}", i));
  for (std::size_t i = 1; i <= kLifeColumns - 2 - kLifeSettings; ++i) {
    out.push_back(fmt::format("sensor{}", i));
  }
  return out;
}

bool ends_early(const std::filesystem::path& path) {
  return lower(path.filename().string()).starts_with("test");
}

// RUL_FD001.txt for test_FD001.txt.
std::string name_of_lives(const std::filesystem::path& path) {
  return "RUL" + path.filename().string().substr(4);
}

// Empty where it is not there.
std::string file_of_lives(const std::filesystem::path& path) {
  const auto out = path.parent_path() / name_of_lives(path);
  std::error_code ignored;
  return std::filesystem::is_regular_file(out, ignored) ? out.string() : "";
}

// One remaining life a unit, in their order.
void read_lives(const std::string& path, std::vector<Life>& lives) {
  const std::string text = base::read_file(path).bytes;
  Problems problems(path);
  Lines lines(text);
  Line line;
  std::size_t count = 0;
  std::vector<std::string_view> cells;
  while (lines.next_filled(line)) {
    words_of_line(line.text, cells);
    const Number number = parse_number(cells.front());
    if (cells.size() != 1 || number.kind != NumberKind::kFinite || number.value < 0) {
      problems.add(line.number, 0, fmt::format("{} is no remaining life", shown(trim(line.text))));
    } else if (count < lives.size()) {
      lives[count].remaining = number.value;
    }
    ++count;
  }
  if (count != lives.size()) {
    problems.add(line.number, 0,
                 fmt::format("{} remaining lives for {} units", count, lives.size()));
  }
  problems.throw_if_any("it holds one number a line, the remaining life of each unit in order");
}

// The unit numbers of training and test files are those of other engines.
std::string group_prefix(const std::string& path) {
  return std::filesystem::path(path).stem().string() + " ";
}

Dataset read_cmapss(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kSeries);
  LifeRows rows(kLifeColumns - 2, collector.problems());
  Lines lines(source.text);
  Line line;
  std::vector<std::string_view> cells;
  while (lines.next_filled(line)) {
    words_of_line(line.text, cells);
    if (cells.size() != kLifeColumns) {
      collector.problems().add(
          line.number, 0, fmt::format("{} columns in place of {}", cells.size(), kLifeColumns));
      continue;
    }
    rows.begin_step(cells[0], cells[1], line.number);
    for (std::size_t c = 2; c < cells.size(); ++c) {
      rows.add_value(cells[c], static_cast<std::int64_t>(c) + 1);
    }
  }
  collector.problems().throw_if_any(kLifeHint);
  auto lives = rows.finish();
  const bool asked = source.expected == nullptr || source.expected->labelled;
  const bool early = ends_early(source.path);
  const std::string beside = early && asked ? file_of_lives(source.path) : "";
  if (!early) {
    for (auto& life : lives) life.remaining = 0;
  } else if (!beside.empty()) {
    read_lives(beside, lives);
  }
  collector.name_channels(channels_of_cmapss());
  add_lives(std::move(lives), group_prefix(source.path), collector);
  Dataset out = collector.finish(kLifeHint);
  out.lives = out.measured = true;
  const auto& names = out.streams.front().channel_names;
  out.settings.assign(names.begin(), names.begin() + kLifeSettings);
  if (early && asked && beside.empty()) {
    out.warnings.push_back(source.path + " ends before the failures, and there is no " +
                           name_of_lives(source.path) + " beside it with the remaining lives");
  }
  if (!beside.empty()) out.remarks.push_back("remaining lives are read from " + beside);
  return out;
}

}  // namespace

Reader cmapss_reader() { return {recognise_cmapss, read_cmapss}; }

}  // namespace refrain::data
