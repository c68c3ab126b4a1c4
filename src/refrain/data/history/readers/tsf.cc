// .tsf of the Monash archive: comments (#), a header of @ lines, then one series a line: the values
// of its attributes and the series, with ':' between; values with ',' between, "?" = missing.
#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/history/fixed_steps.h"
#include "refrain/data/history/history_reader.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

constexpr const char* kTsfHint =
    "a series is a line: the values of its attributes and v1,v2,... with ':' between; ? is a "
    "missing "
    "value";

struct TsfHeader {
  std::vector<std::string> attributes;
  std::optional<Calendar> frequency;
  std::string frequency_name;
  int horizon = 0;
  int id = -1, start = -1;  // which attributes
  std::vector<int> fixed;
};

[[noreturn]] void refuse_tsf(const Source& source, std::int64_t line, const std::string& what,
                             const std::string& hint) {
  throw Error(Code::kData, fmt::format("{}:{}: {}", source.path, line, what), hint);
}

void read_tsf_header_line(const Source& source, const Line& line, TsfHeader& header) {
  std::string_view rest = line.text;
  const std::string tag = lower(take_word(rest));
  const std::string_view value = take_word(rest);
  if (tag == "@attribute") {
    if (value.empty()) refuse_tsf(source, line.number, "an attribute without name", kTsfHint);
    header.attributes.emplace_back(value);
    const bool date = lower(take_word(rest)) == "date";
    if (date && header.start < 0) header.start = static_cast<int>(header.attributes.size()) - 1;
  } else if (tag == "@frequency") {
    header.frequency = frequency_named(value);
    header.frequency_name = value;
    if (!header.frequency) {
      refuse_tsf(source, line.number, fmt::format("{} is no known frequency", shown(value)),
                 "write yearly, quarterly, monthly, weekly, daily, hourly or 10_minutes");
    }
  } else if (tag == "@horizon") {
    constexpr double kLongestHorizon = 1e6;
    const double steps = parse_number(value).value;
    if (!(steps >= 1 && steps <= kLongestHorizon && steps == static_cast<int>(steps))) {
      refuse_tsf(source, line.number, fmt::format("{} is no horizon", shown(value)),
                 "write how many steps are to be forecast, such as @horizon 12");
    }
    header.horizon = static_cast<int>(steps);
  }
}

int attribute_named(const Source& source, const TsfHeader& header, const std::string& name) {
  const auto found = std::find_if(header.attributes.begin(), header.attributes.end(),
                                  [&](const auto& other) { return lower(other) == lower(name); });
  if (found == header.attributes.end()) {
    throw Error(Code::kData,
                fmt::format("{}: no attribute {}; there are {}", source.path, shown(name),
                            list_columns(header.attributes)),
                "--id, --time-column and --fixed name attributes of a .tsf");
  }
  return static_cast<int>(found - header.attributes.begin());
}

// Finds the attributes that are the id, the start and the numbers of the series.
void settle_attributes(const Source& source, const HistorySpec& spec, TsfHeader& header) {
  if (!spec.time.empty()) header.start = attribute_named(source, header, spec.time);
  if (!spec.id.empty()) header.id = attribute_named(source, header, spec.id);
  const auto& names = header.attributes;
  if (header.id < 0) {
    const auto found = std::find(names.begin(), names.end(), "series_name");
    const int first = header.start == 0 ? 1 : 0;
    header.id = found != names.end()                     ? static_cast<int>(found - names.begin())
                : first < static_cast<int>(names.size()) ? first
                                                         : -1;
  }
  for (const auto& name : names_in(spec.fixed)) {
    header.fixed.push_back(attribute_named(source, header, name));
  }
  if (!spec.target.empty() || !spec.known.empty() || !spec.past.empty()) {
    throw Error(Code::kUsage,
                fmt::format("{}: --target, --known and --past name columns, and a .tsf has none",
                            source.path),
                "leave them out");
  }
}

// Leaves `lines` behind the @data line.
TsfHeader read_tsf_header(const Source& source, Lines& lines) {
  TsfHeader header;
  Line line;
  while (lines.next_filled(line)) {
    line.text = trim(line.text);
    if (line.text[0] == '#') continue;
    if (lower(line.text) == "@data") return header;
    if (line.text[0] != '@') refuse_tsf(source, line.number, "a series before @data", kTsfHint);
    read_tsf_header_line(source, line, header);
  }
  throw Error(Code::kData, fmt::format("{}: no @data line", source.path),
              "a .tsf has a header of @ lines that ends with @data");
}

class TsfReader {
 public:
  TsfReader(const TsfHeader& header, Problems& problems)
      : header_(header), problems_(problems), starts_(problems) {}

  void read(const Line& line) {
    std::vector<std::string_view> parts(header_.attributes.size());
    std::string_view values = trim(line.text);
    cut_attributes(values, parts);
    if (parts.empty() && !header_.attributes.empty()) {
      return problems_.add(
          line.number, 0,
          fmt::format("fewer than the {} attributes of the header", header_.attributes.size()));
    }
    const auto part = [&](int which) {
      return which < 0 ? std::string_view() : trim(parts[static_cast<std::size_t>(which)]);
    };
    History history;
    history.line = line.number;
    history.id = header_.id < 0 ? fmt::format("T{}", series_.size() + 1) : part(header_.id);
    starts_.add(part(header_.start), line.number);
    for (const int which : header_.fixed) {
      history.fixed.push_back(read_value(part(which), line.number, which + 1, problems_));
    }
    read_values(values, history);
    series_.push_back(std::move(history));
  }

  void finish(const Source& source, Histories& out) {
    problems_.throw_if_any(kTsfHint);
    const auto starts = starts_.settle(source.path, header_.frequency, out.calendar);
    if (header_.frequency && !starts_.any()) {
      out.remarks.push_back(
          fmt::format("{}: its series are {} and have no start; their steps are numbered",
                      source.path, header_.frequency->name()));
    } else if (starts_.any() && !header_.frequency) {
      out.remarks.push_back(fmt::format("{}: no @frequency; steps are numbered", source.path));
    }
    HistoryGatherer gatherer(out, problems_);
    for (std::size_t i = 0; i < series_.size(); ++i) {
      series_[i].start = starts[i];
      gatherer.add(std::move(series_[i]));
    }
    gatherer.finish(kTsfHint);
  }

 private:
  // Takes the attributes off; none are left in `parts` where there are too few. A start such as
  // "2020-01-01 00:00:00" holds the sign that parts attributes.
  void cut_attributes(std::string_view& values, std::vector<std::string_view>& parts) const {
    const std::size_t last = values.rfind(':');
    if (parts.empty() || last == std::string_view::npos) return parts.clear();
    std::string_view rest = values.substr(0, last);
    values.remove_prefix(last + 1);
    auto more =
        std::count(rest.begin(), rest.end(), ':') + 1 - static_cast<std::int64_t>(parts.size());
    if (more < 0 || (more > 0 && header_.start < 0)) return parts.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::size_t size = rest.find(':');
      for (; static_cast<int>(i) == header_.start && more > 0; --more)
        size = rest.find(':', size + 1);
      size = std::min(size, rest.size());
      parts[i] = rest.substr(0, size);
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }

  void read_values(std::string_view text, History& history) {
    std::int64_t column = 0;
    for (bool more = true; more;) {
      more = text.find(',') != std::string_view::npos;
      history.value.push_back(read_value(take_until(text, ','), history.line, ++column, problems_));
    }
  }

  const TsfHeader& header_;
  Problems& problems_;
  Starts starts_;
  std::vector<History> series_;
};

int recognise_tsf(const Source& source, const HistorySpec&) {
  Lines lines(source.text);
  Line line;
  bool relation = false;
  while (lines.next_filled(line)) {
    std::string_view rest = trim(line.text);
    if (rest[0] == '#') continue;
    if (rest[0] != '@') break;
    const std::string tag = lower(take_word(rest));
    if (tag == "@problemname" || tag == "@classlabel") return 0;  // .ts, for classification
    relation = relation || tag == "@frequency" || tag == "@horizon" || tag == "@attribute";
    if (tag == "@data") return relation || source.extension == "tsf" ? 100 : 0;
  }
  return source.extension == "tsf" ? 90 : 0;
}

Histories read_tsf(const Source& source, const HistorySpec& spec) {
  Lines lines(source.text);
  TsfHeader header = read_tsf_header(source, lines);
  settle_attributes(source, spec, header);
  Histories out;
  out.path = source.path;
  out.horizon = header.horizon;
  for (const int which : header.fixed) {
    out.fixed.push_back(header.attributes[static_cast<std::size_t>(which)]);
  }
  Problems problems(source.path);
  TsfReader reader(header, problems);
  Line line;
  while (lines.next_filled(line)) {
    if (trim(line.text)[0] != '#') reader.read(line);
  }
  reader.finish(source, out);
  return out;
}

}  // namespace

HistoryReader tsf_history_reader() { return {recognise_tsf, read_tsf, "Monash .tsf"}; }

}  // namespace refrain::data
