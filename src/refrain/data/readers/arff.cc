// ARFF (Weka, the UCR and UEA archives): comments (%), @relation, @attribute lines, then @data and
// one case a line. Numeric attributes are the values in order; a relational attribute holds one
// channel a row, the rows parted by \n (--series-layout steps: one time step a row); a string
// attribute beside no numbers is a text. The label is the attribute that --target names or that is
// called class, label, target or y, else the last nominal one. "?" is a missing value.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/series.h"

namespace refrain::data {
namespace {

enum class AttributeKind { kNumber, kNominal, kString, kDate, kRelational };

struct Attribute {
  std::string name;
  AttributeKind kind = AttributeKind::kNumber;
  std::unordered_set<std::string> values;  // nominal
  std::size_t width = 0;                   // relational: numbers a row
};

struct ArffHeader {
  std::vector<Attribute> attributes;
  std::int64_t line = 0;  // of the last attribute
};

[[noreturn]] void refuse_arff(const Source& source, std::int64_t line, const std::string& what) {
  throw Error(
      Code::kData, fmt::format("{}:{}: {}", source.path, line, what),
      "an ARFF file has @relation, @attribute NAME numeric or {a,b}, then @data and a case a "
      "line");
}

// A word or a quoted string at the start of `rest`, up to one of `ends`; taken off. False where a
// quote is never closed.
bool take_value(std::string_view& rest, std::string_view ends, std::string& out) {
  out.clear();
  rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const char quote = rest.empty() ? '\0' : rest[0];
  if (quote != '\'' && quote != '"') {
    const std::size_t end = std::min(rest.find_first_of(ends), rest.size());
    out = trim(rest.substr(0, end));
    rest.remove_prefix(end);
    return true;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == quote) {
      rest.remove_prefix(i + 1);
      return true;
    }
    if (rest[i] != '\\' || i + 1 >= rest.size()) {
      out.push_back(rest[i]);
      continue;
    }
    ++i;
    out.push_back(rest[i] == 'n' ? '\n' : rest[i] == 't' ? '\t' : rest[i]);
  }
  return false;
}

Attribute read_attribute(const Source& source, const Line& line, std::string_view rest) {
  Attribute out;
  if (!take_value(rest, " \t", out.name) || out.name.empty()) {
    refuse_arff(source, line.number, "an @attribute without a name");
  }
  rest = trim(rest);
  if (rest.starts_with('{')) {
    out.kind = AttributeKind::kNominal;
    rest.remove_prefix(1);
    std::string value;
    while (take_value(rest, ",}", value) && !rest.empty()) {
      out.values.insert(value);
      rest = trim(rest);
      if (rest.empty() || rest[0] == '}') return out;
      rest.remove_prefix(1);
    }
    refuse_arff(source, line.number, "the list of values is never closed");
  }
  const std::string type = lower(take_word(rest));
  if (type == "numeric" || type == "real" || type == "integer") return out;
  if (type == "string") return out.kind = AttributeKind::kString, out;
  if (type == "date") return out.kind = AttributeKind::kDate, out;
  if (type == "relational") return out.kind = AttributeKind::kRelational, out;
  refuse_arff(source, line.number, fmt::format("the type {} is unknown", shown(type)));
}

// Leaves `lines` behind the @data line.
ArffHeader read_arff_header(const Source& source, Lines& lines) {
  ArffHeader header;
  Line line;
  bool inside = false;  // of a relational attribute
  while (lines.next_filled(line)) {
    std::string_view rest = trim(line.text);
    if (rest[0] == '%') continue;
    const std::string tag = lower(take_word(rest));
    if (tag == "@data") {
      if (header.attributes.empty()) refuse_arff(source, line.number, "no @attribute before @data");
      return header;
    }
    if (tag == "@end") {
      inside = false;
    } else if (tag == "@attribute") {
      Attribute attribute = read_attribute(source, line, rest);
      header.line = line.number;
      if (inside) {
        if (attribute.kind != AttributeKind::kNumber) {
          refuse_arff(source, line.number, "inside a relational attribute there are only numbers");
        }
        ++header.attributes.back().width;
        continue;
      }
      inside = attribute.kind == AttributeKind::kRelational;
      header.attributes.push_back(std::move(attribute));
    } else if (tag != "@relation") {
      refuse_arff(source, line.number, fmt::format("{} before @data", shown(trim(line.text))));
    }
  }
  throw Error(Code::kData, fmt::format("{}: no @data line", source.path),
              "an ARFF file has @attribute lines, then @data and a case a line");
}

struct ArffLayout {
  int label = kNoColumn, id = kNoColumn, group = kNoColumn, text = kNoColumn,
      relational = kNoColumn;
  std::vector<int> values;
};

int last_of(const ArffHeader& header, AttributeKind kind) {
  int found = kNoColumn;
  for (std::size_t i = 0; i < header.attributes.size(); ++i) {
    if (header.attributes[i].kind == kind) found = static_cast<int>(i);
  }
  return found;
}

ArffLayout arff_layout(const Source& source, const ArffHeader& header, const ReadSpec& spec) {
  Header names{source.path, {}};
  for (const auto& a : header.attributes) names.names.push_back(a.name);
  ArffLayout layout;
  layout.label = find_column(names, Role::kLabel, spec.target);
  layout.id = find_column(names, Role::kId, spec.id);
  layout.group = find_column(names, Role::kGroup, spec.group);
  if (layout.label == kNoColumn) layout.label = last_of(header, AttributeKind::kNominal);
  layout.relational = last_of(header, AttributeKind::kRelational);
  for (int i = 0; i < static_cast<int>(header.attributes.size()); ++i) {
    const AttributeKind kind = header.attributes[static_cast<std::size_t>(i)].kind;
    const bool taken = i == layout.label || i == layout.id || i == layout.group;
    if (taken) continue;
    if (kind == AttributeKind::kNumber) layout.values.push_back(i);
    if (kind == AttributeKind::kString && layout.text == kNoColumn) layout.text = i;
    if (kind == AttributeKind::kRelational && i != layout.relational) {
      refuse_arff(source, header.line, "several relational attributes");
    }
  }
  if (!spec.text_column.empty()) layout.text = find_column(names, Role::kText, spec.text_column);
  const bool series = layout.relational != kNoColumn || !layout.values.empty();
  if (series && spec.text_column.empty()) layout.text = kNoColumn;
  if (!series && layout.text == kNoColumn) {
    refuse_arff(source, header.line,
                "no numeric, relational or string attribute is left for values");
  }
  if (layout.relational != kNoColumn) layout.values.clear();
  return layout;
}

class ArffReader {
 public:
  // `steps`: a row of a relational attribute is a time step.
  ArffReader(const ArffHeader& header, const ArffLayout& layout, bool steps, Collector& collector)
      : header_(header),
        layout_(layout),
        steps_(steps),
        collector_(collector),
        problems_(collector.problems()) {}

  void read(const Line& line) {
    line_ = line.number;
    const std::string_view text = trim(line.text);
    if (text.starts_with('{')) {
      problems_.add(line_, 0, "sparse ARFF: write all values of the case");
      return;
    }
    if (!cut(text)) return;
    Sample sample;
    sample.line = line_;
    sample.label = label();
    sample.id = value(layout_.id);
    sample.group = value(layout_.group);
    if (layout_.text != kNoColumn) {
      collector_.add(std::move(sample), value(layout_.text));
      return;
    }
    RawSeries series = layout_.relational == kNoColumn ? plain() : rows();
    if (layout_.relational != kNoColumn && !steps_) series = turned_round(series);
    cut_padding(series);
    collector_.add(std::move(sample), std::move(series));
  }

 private:
  bool cut(std::string_view rest) {
    cells_.clear();
    for (bool more = true; more;) {
      std::string cell;
      if (!take_value(rest, ",", cell)) {
        problems_.add(line_, static_cast<std::int64_t>(cells_.size()) + 1,
                      "this quote is never closed");
        return false;
      }
      cells_.push_back(std::move(cell));
      rest = trim(rest);
      more = rest.starts_with(',');
      if (more) rest.remove_prefix(1);
    }
    const std::size_t wanted = header_.attributes.size();
    if (cells_.size() == wanted && rest.empty()) return true;
    problems_.add(line_, 0,
                  fmt::format("{} values, but there are {} attributes", cells_.size(), wanted));
    return false;
  }

  std::string value(int column) const {
    if (column == kNoColumn) return "";
    const std::string& cell = cells_[static_cast<std::size_t>(column)];
    return cell == "?" ? "" : cell;
  }

  std::string label() {
    std::string out = value(layout_.label);
    if (out.empty()) return out;
    const auto& known = header_.attributes[static_cast<std::size_t>(layout_.label)];
    if (known.kind == AttributeKind::kNominal && !known.values.contains(out)) {
      problems_.add(line_, layout_.label + 1,
                    fmt::format("label {} is not in the list of its @attribute", shown(out)));
    }
    return out;
  }

  RawSeries plain() {
    RawSeries series{static_cast<int>(layout_.values.size()), 1, {}};
    for (const int column : layout_.values) {
      series.values.push_back(
          read_value(cells_[static_cast<std::size_t>(column)], line_, column + 1, problems_));
    }
    return series;
  }

  static RawSeries turned_round(const RawSeries& rows) {
    RawSeries out{rows.channels, rows.steps, {}};
    for (int t = 0; t < rows.channels; ++t) {
      for (int c = 0; c < rows.steps; ++c) {
        out.values.push_back(rows.values[static_cast<std::size_t>(c * rows.channels + t)]);
      }
    }
    return out;
  }

  // Reads the rows as they stand, as wide as there are attributes within.
  RawSeries rows() {
    const auto at = static_cast<std::size_t>(layout_.relational);
    std::string_view rest = trim(cells_[at]);
    RawSeries series;
    while (!rest.empty()) {
      std::string_view row = trim(take_until(rest, '\n'));
      const std::size_t before = series.values.size();
      for (bool more = !row.empty(); more;) {
        more = row.find(',') != std::string_view::npos;
        series.values.push_back(
            read_value(take_until(row, ','), line_, layout_.relational + 1, problems_));
      }
      const std::size_t width = series.values.size() - before;
      if (width == 0) continue;
      const std::size_t wanted = header_.attributes[at].width;
      if (width != wanted) {
        problems_.add(line_, layout_.relational + 1,
                      fmt::format("row {} has {} values, but there are {} attributes",
                                  series.steps + 1, width, wanted));
        return {};
      }
      ++series.steps;
      series.channels = static_cast<int>(width);
    }
    return series;
  }

  const ArffHeader& header_;
  const ArffLayout& layout_;
  bool steps_;
  Collector& collector_;
  Problems& problems_;
  std::vector<std::string> cells_;
  std::int64_t line_ = 0;
};

void note_attributes(const ArffHeader& header, const ArffLayout& layout, Dataset& out) {
  for (int i = 0; i < static_cast<int>(header.attributes.size()); ++i) {
    const bool used =
        i == layout.label || i == layout.id || i == layout.group || i == layout.text ||
        i == layout.relational ||
        std::find(layout.values.begin(), layout.values.end(), i) != layout.values.end();
    if (!used) out.not_read.push_back(header.attributes[static_cast<std::size_t>(i)].name);
  }
}

int recognise_arff(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  while (lines.next_filled(line)) {
    std::string_view rest = trim(line.text);
    if (rest[0] == '%') continue;
    const std::string tag = lower(take_word(rest));
    if (tag != "@relation" && tag != "@attribute") break;
    // The attributes of .tsf files (forecasting) have no quotes, braces or these types.
    if (tag == "@relation") continue;
    std::string name;
    take_value(rest, " \t", name);
    const std::string type = lower(take_word(rest));
    const bool own = type.starts_with('{') || type == "numeric" || type == "real" ||
                     type == "integer" || type == "relational" || source.extension == "arff";
    return own ? 100 : 0;
  }
  return source.extension == "arff" ? 30 : 0;
}

Dataset read_arff(const Source& source, const ReadSpec& spec) {
  Lines lines(source.text);
  const ArffHeader header = read_arff_header(source, lines);
  const ArffLayout layout = arff_layout(source, header, spec);
  Collector collector(source, layout.text != kNoColumn ? StreamKind::kText : StreamKind::kSeries);
  ArffReader reader(header, layout, spec.series_layout == "steps", collector);
  Line line;
  while (lines.next_filled(line)) {
    if (trim(line.text)[0] != '%') reader.read(line);
  }
  Dataset out = collector.finish("a case has one value for each @attribute; ? is a missing value");
  note_attributes(header, layout, out);
  return out;
}

}  // namespace

Reader arff_reader() { return {recognise_arff, read_arff}; }

}  // namespace refrain::data
