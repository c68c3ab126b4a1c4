#include "refrain/augment/operation.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace refrain::augment {
namespace {

using base::Field;
using base::FieldType;
using base::Json;

// base::check_value names options as the command line does; these stand in a specification.
Json check_single(const Field& field, const Json& value) {
  try {
    return base::check_value(field, value);
  } catch (const Error& e) {
    const std::string flag = "--" + base::option_name(field.name);
    std::string message = e.what();
    if (message.starts_with(flag)) message = field.name + message.substr(flag.size());
    const char* ranges = "'refrain list augmentations' tells what it may be";
    throw Error(e.code(), message, e.hint().empty() ? ranges : e.hint());
  }
}

const Field& find_field(const std::vector<Field>& fields, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& field : fields) {
    if (base::option_name(field.name) == base::option_name(name)) return field;
    known.push_back(field.name);
  }
  throw Error(
      Code::kUsage, fmt::format("unknown option '{}'", name),
      known.empty() ? "it has no options but p" : base::did_you_mean(name, known) + " (or p)");
}

}  // namespace

Json check_option(const Field& field, const Json& value) {
  const bool number = field.type == FieldType::kInteger || field.type == FieldType::kNumber;
  if (!value.is_array()) return check_single(field, value);
  if (!number || value.size() != 2) {
    throw Error(Code::kUsage, fmt::format("{} cannot be a range, got {}", field.name, value.dump()),
                number ? "a range is two numbers" : "give one value");
  }
  Json range = {check_single(field, value[0]), check_single(field, value[1])};
  if (!range[0].is_number() || !range[1].is_number() || range[0] > range[1]) {
    throw Error(Code::kUsage,
                fmt::format("the range of {} runs backwards: {}", field.name, value.dump()),
                "the smaller number stands first");
  }
  return range;
}

void Configured::configure(std::vector<Field> fields, const Json& options) {
  fields_ = std::move(fields);
  void* own = const_cast<void*>(spec());
  for (const auto& [name, value] : options.items()) {
    const Field& field = find_field(fields_, name);
    const Json checked = check_option(field, value);
    if (!checked.is_array()) {
      field.set(own, checked);
    } else {
      ranges_.push_back({field, checked[0].get<double>(), checked[1].get<double>()});
    }
  }
}

Json Configured::options() const { return base::fields_to_json(fields_, spec()); }

namespace {

Json drawn_value(const Range& range, double u) {
  if (range.field.type != FieldType::kInteger) return range.low + u * (range.high - range.low);
  const double whole = std::floor(range.low + u * (range.high - range.low + 1));
  return static_cast<std::int64_t>(std::min(whole, range.high));
}

}  // namespace

Json Configured::drawn(const base::Rng& rng) const {
  Json out = options();
  base::Rng own = rng.fork("options");
  for (const Range& range : ranges_) out[range.field.name] = drawn_value(range, own.uniform());
  return out;
}

void Configured::draw_options(base::Rng rng, void* spec) const {
  for (const Range& range : ranges_) range.field.set(spec, drawn_value(range, rng.uniform()));
}

std::function<std::unique_ptr<Operation>(const Json& options)> maker(
    std::vector<Field> fields, std::function<std::unique_ptr<Configured>()> create) {
  return [fields = std::move(fields), create = std::move(create)](const Json& options) {
    auto made = create();
    made->configure(fields, options);
    return std::unique_ptr<Operation>(std::move(made));
  };
}

void go_on(const base::Rng& start, std::size_t stream, Draw& draw) {
  draw.rng = draw.in_step ? start : start.fork("stream").fork(stream);
}

}  // namespace refrain::augment
