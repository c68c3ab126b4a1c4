// .tsf of the Monash archive: "@attribute" lines, "@frequency", "@horizon", then "@data" and lines
// of attributes and values, "id:1979-01-01 00-00-00:1,2,?,4".
#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/history/readers.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

struct TsfHead {
  std::vector<std::string> attributes;  // names
  std::string frequency;
  int id = -1, start = -1;
};

void read_tsf_word(const Line& line, TsfHead& head, Histories& out) {
  std::string_view rest = line.text;
  const std::string word = lower(take_word(rest));
  const std::string value(take_word(rest));
  if (word == "@frequency") head.frequency = value;
  if (word == "@horizon") {
    std::from_chars(value.data(), value.data() + value.size(), out.horizon);
    if (out.horizon < 0 || out.horizon > 100'000) out.horizon = 0;
  }
  if (word != "@attribute") return;
  const std::string kind = lower(take_word(rest));
  if (kind == "date" && head.start < 0) head.start = static_cast<int>(head.attributes.size());
  if (kind == "string" && head.id < 0) head.id = static_cast<int>(head.attributes.size());
  head.attributes.push_back(value);
}

PlainHistory tsf_line(const Line& line, const TsfHead& head, std::size_t number,
                      Problems& problems) {
  PlainHistory out;
  out.history.line = line.number;
  out.history.id = fmt::format("T{}", number);
  std::string_view rest = line.text;
  for (std::size_t a = 0; a < head.attributes.size(); ++a) {
    const std::string part(trim(take_until(rest, ':')));
    if (static_cast<int>(a) == head.id) out.history.id = part;
    if (static_cast<int>(a) == head.start) out.first = part;
  }
  std::int64_t place = 1;
  while (!rest.empty()) {
    out.history.value.push_back(read_value(take_until(rest, ','), line.number, place++, problems));
  }
  return out;
}

}  // namespace

int recognise_tsf(const HistorySource& source, const HistorySpec&) {
  if (source.extension == "tsf") return 100;
  return source.text.starts_with('#') || source.text.starts_with('@')
             ? (source.text.find("@frequency") != std::string_view::npos ? 90 : 0)
             : 0;
}

void read_tsf(const HistorySource& source, const HistorySpec&, Histories& out) {
  TsfHead head;
  Problems problems(source.path);
  Lines lines(source.text);
  std::vector<PlainHistory> series;
  std::set<std::string> ids;
  bool data = false;
  for (Line line; lines.next_filled(line);) {
    const std::string_view text = trim(line.text);
    if (text.starts_with('#')) continue;
    if (!data && text.starts_with('@')) {
      data = lower(text).starts_with("@data");
      if (!data) read_tsf_word(line, head, out);
      continue;
    }
    if (!data) {
      problems.add(line.number, 0, "a line before @data that does not begin with @");
      continue;
    }
    series.push_back(tsf_line(line, head, series.size() + 1, problems));
    const auto& id = series.back().history.id;
    if (!ids.insert(id).second) {
      problems.add(line.number, 0, fmt::format("series {} is there twice", shown(id)));
    }
  }
  if (!data) throw Error(Code::kData, source.path + " has no @data", "give a whole .tsf file");
  problems.throw_if_any("mend these lines");
  place_histories(std::move(series), head.frequency, problems, out);
}

}  // namespace refrain::data
