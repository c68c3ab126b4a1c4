#include "refrain/augment/pipeline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "refrain/augment/parse.h"
#include "refrain/augment/pool.h"

namespace refrain::augment {

using base::Json;

enum class Form { kOperation, kCompose, kOneOf, kSomeOf, kRepeat };

struct Pipeline::Node {
  Form form = Form::kCompose;
  double p = 1;
  int low = 1, high = 1;  // n of some_of and repeat
  std::unique_ptr<Operation> operation;
  const Kind* kind = nullptr;
  std::string name, at, stream;  // stream "" = all of its kind
  std::vector<Node> parts;

  // Calls `visit(operation node, its draw)` for each operation that is done with this draw, in
  // turn.
  template <class Visit>
  void walk(const Draw& draw, const Visit& visit) const;
  template <class Visit>
  void walk_always(const Draw& draw, const Visit& visit) const;
  template <class Visit>
  void walk_parts(const Draw& draw, const Visit& visit) const;
  template <class Visit>
  void walk_chosen(const Draw& draw, const Visit& visit) const;
  int number(const Draw& draw) const;
};

namespace {

constexpr int kMostOperations = 1000;

Draw fork(const Draw& draw, std::uint64_t number) {
  return {draw.rng.fork(number), draw.pool, draw.self};
}

// The number of streams where there is none of this name.
int place_of(const std::string& stream, const data::Dataset& dataset) {
  std::size_t s = 0;
  while (s < dataset.streams.size() && dataset.streams[s].name != stream) ++s;
  return static_cast<int>(s);
}

// One part among those with these weights; -1 where all are 0. The chosen one's weight becomes 0.
int choose(std::vector<double>& weights, base::Rng& rng) {
  double total = 0;
  for (const double w : weights) total += w;
  if (total <= 0) return -1;
  double left = rng.uniform() * total;
  int last = -1;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = static_cast<int>(i);
    left -= weights[i];
    if (left < 0) break;
  }
  weights[static_cast<std::size_t>(last)] = 0;
  return last;
}

}  // namespace

int Pipeline::Node::number(const Draw& draw) const {
  base::Rng rng = draw.rng.fork("number");
  return low + static_cast<int>(rng.below(static_cast<std::uint64_t>(high - low) + 1));
}

template <class Visit>
void Pipeline::Node::walk(const Draw& draw, const Visit& visit) const {
  if (p <= 0) return;
  base::Rng rng = draw.rng.fork("probability");
  if (p < 1 && rng.uniform() >= p) return;
  walk_always(draw, visit);
}

template <class Visit>
void Pipeline::Node::walk_always(const Draw& draw, const Visit& visit) const {
  switch (form) {
    case Form::kOperation: {
      Draw own{draw.rng.fork("operation"), draw.pool, draw.self};
      own.in_step = kind->in_step;
      if (!stream.empty()) own.stream = place_of(stream, draw.pool.dataset());
      return visit(*this, own);
    }
    case Form::kCompose:
      return walk_parts(draw, visit);
    case Form::kOneOf:
    case Form::kSomeOf:
      return walk_chosen(draw, visit);
    case Form::kRepeat:
      break;
  }
  const int times = number(draw);
  for (int i = 0; i < times; ++i) {
    walk_parts({draw.rng.fork("time").fork(static_cast<std::uint64_t>(i)), draw.pool, draw.self},
               visit);
  }
}

template <class Visit>
void Pipeline::Node::walk_parts(const Draw& draw, const Visit& visit) const {
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].walk(fork(draw, i), visit);
}

template <class Visit>
void Pipeline::Node::walk_chosen(const Draw& draw, const Visit& visit) const {
  std::vector<double> weights;
  for (const Node& part : parts) weights.push_back(part.p);
  const int count = form == Form::kOneOf ? 1 : number(draw);
  base::Rng rng = draw.rng.fork("choice");
  std::vector<std::size_t> chosen;
  for (int i = 0; i < count; ++i) {
    const int part = choose(weights, rng);
    if (part >= 0) chosen.push_back(static_cast<std::size_t>(part));
  }
  std::sort(chosen.begin(), chosen.end());
  for (const std::size_t i : chosen) parts[i].walk_always(fork(draw, i), visit);
}

const std::vector<Group>& groups() {
  static const std::vector<Group> list = {
      {"compose", "group: its steps in turn", "p=1"},
      {"one_of", "group: one of its steps, weighed by their p", "p=0.5"},
      {"some_of", "group: n different ones of its steps, weighed by their p", "n=1..all, p=0.5"},
      {"repeat", "group: its steps n times", "n=2, p=1"}};
  return list;
}

namespace {

const base::Field& p_field() {
  struct P {
    double p = 1;
  };
  static const base::Field field =
      base::Fields<P>().field("p", &P::p, 0, 1, "probability").list().front();
  return field;
}

const base::Field& n_field() {
  struct N {
    int n = 1;
  };
  static const base::Field field =
      base::Fields<N>().field("n", &N::n, 1, kMostRepeats, "number").list().front();
  return field;
}

// Runs what may throw, and adds where in the specification that is.
template <class Work>
auto placed(const std::string& name, const std::string& at, Work work) {
  try {
    return work();
  } catch (const Error& e) {
    throw Error(e.code(), (name.empty() ? "" : name + ": ") + e.what() + at, e.hint());
  }
}

const Kind* kind_of_step(const Step& step) {
  std::vector<std::string> known = operations().names();
  for (const auto& group : groups()) known.emplace_back(group.name);
  if (const Kind* kind = operations().find(step.name)) return kind;
  if (std::find(known.begin(), known.end(), step.name) != known.end()) return nullptr;
  const std::string best = base::nearest(step.name, known);
  throw Error(Code::kUsage, fmt::format("unknown augmentation '{}'{}", step.name, step.at),
              best.empty() ? "'refrain list augmentations' names them"
                           : fmt::format("did you mean '{}'?", best));
}

Form form_of(const std::string& name) {
  if (name == "compose") return Form::kCompose;
  if (name == "one_of") return Form::kOneOf;
  return name == "some_of" ? Form::kSomeOf : Form::kRepeat;
}

}  // namespace

namespace {

// Makes nodes of steps and writes the steps in their one form.
template <class Node>
class Maker {
 public:
  Node make(const Step& step, Step& written) {
    Node node;
    node.name = step.name;
    node.at = step.at;
    node.kind = kind_of_step(step);
    const std::string outer = stream_;
    stream_ = node.stream = stream_of(step);
    written = {step.name};
    if (node.kind != nullptr) {
      make_operation(step, node, written);
    } else {
      node.form = form_of(step.name);
      make_parts(step, node, written);
      make_group(step, node, written);
    }
    stream_ = outer;
    return node;
  }

  void make_parts(const Step& step, Node& node, Step& written) {
    for (const Step& part : step.parts) {
      node.parts.push_back(make(part, written.parts.emplace_back()));
    }
  }

  // How many operations one sample may go through.
  static int count(const Node& node) {
    int sum = node.operation != nullptr ? 1 : 0;
    for (const Node& part : node.parts) sum += count(part);
    const int times = node.form == Form::kRepeat ? node.high : 1;
    if (sum * times > kMostOperations) {
      throw Error(Code::kUsage,
                  fmt::format("more than {} operations a sample{}", kMostOperations, node.at),
                  "repeat less");
    }
    return sum * times;
  }

 private:
  // Its own, or that of the group around it.
  std::string stream_of(const Step& step) const {
    for (const Option& option : step.options) {
      if (option.name != "stream") continue;
      if (option.value.is_string()) return option.value.template get<std::string>();
      placed(step.name, option.at, []() -> int {
        throw Error(Code::kUsage, "stream is no name", "write for example stream=accelerometer");
      });
    }
    return stream_;
  }

  // True where it was p.
  bool take_p(const Option& option, Node& node) {
    if (option.name != "p") return false;
    const Json p = check_option(p_field(), option.value);
    if (p.is_array()) throw Error(Code::kUsage, "p cannot be a range", "give one number");
    node.p = p.template get<double>();
    return true;
  }

  void make_operation(const Step& step, Node& node, Step& written) {
    node.form = Form::kOperation;
    node.p = node.kind->p;
    if (!step.parts.empty()) {
      throw Error(
          Code::kUsage,
          fmt::format("{} is no group: it has no parts{}", step.name, step.parts.front().at),
          "write options as name=value; compose, one_of, some_of and repeat are groups");
    }
    Json options = Json::object();
    for (const Option& option : step.options) {
      placed(step.name, option.at, [&] {
        check_once(option, written);
        Json value = option.value;
        const bool own = option.name != "p" && option.name != "stream";
        if (own) value = check(*node.kind, option);
        if (own) options[option.name] = value;
        take_p(option, node);
        written.options.push_back({option.name, option.name == "p" ? Json(node.p) : value});
      });
    }
    node.operation = placed(step.name, step.at, [&] { return node.kind->make(options); });
  }

  static void check_once(const Option& option, const Step& written) {
    for (const Option& earlier : written.options) {
      if (earlier.name == option.name) {
        throw Error(Code::kUsage, fmt::format("{} stands there twice", option.name),
                    "leave one of them out");
      }
    }
  }

  // One option by itself, so that its own place is named.
  static Json check(const Kind& kind, const Option& option) {
    kind.make({{option.name, option.value}});
    for (const auto& field : kind.fields) {
      if (base::option_name(field.name) == base::option_name(option.name)) {
        return check_option(field, option.value);
      }
    }
    return option.value;
  }

  void make_group(const Step& step, Node& node, Step& written) {
    const bool choice = node.form == Form::kOneOf || node.form == Form::kSomeOf;
    const int parts = static_cast<int>(node.parts.size());
    if (parts == 0) {
      throw Error(Code::kUsage, fmt::format("{} has no parts{}", step.name, step.at),
                  fmt::format("write for example {}(scale, time_warp)", step.name));
    }
    if (choice) node.p = 0.5;
    if (node.form == Form::kSomeOf) node.high = parts;
    if (node.form == Form::kRepeat) node.low = node.high = 2;
    for (const Option& option : step.options) {
      placed(step.name, option.at, [&] {
        check_once(option, written);
        Json value = option.value;
        if (option.name != "stream") {
          value = take_p(option, node) ? Json(node.p) : take_n(option, node);
        }
        written.options.push_back({option.name, value});
      });
    }
    if (node.form == Form::kSomeOf && node.high > parts) {
      throw Error(Code::kUsage,
                  fmt::format("some_of: n is {}, of {} parts{}", node.high, parts, step.at),
                  "a part is taken once; repeat takes it again");
    }
  }

  Json take_n(const Option& option, Node& node) {
    const bool counted = node.form == Form::kSomeOf || node.form == Form::kRepeat;
    if (option.name != "n" || !counted) {
      throw Error(Code::kUsage, fmt::format("unknown option '{}'", option.name),
                  counted ? "its options are n and p" : "its option is p");
    }
    const Json n = check_option(n_field(), option.value);
    node.low = (n.is_array() ? n[0] : n).template get<int>();
    node.high = (n.is_array() ? n[1] : n).template get<int>();
    return n;
  }

  std::string stream_;  // of the group that is being made
};

}  // namespace

Pipeline::Pipeline() = default;
Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

static bool any_is(const auto& node, bool Kind::*property) {
  return (node.kind != nullptr && node.kind->*property) ||
         std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const auto& part) { return any_is(part, property); });
}

Pipeline Pipeline::make(const Step& spec) {
  Pipeline out;
  out.root_ = std::make_unique<Node>();
  out.spec_ = std::make_unique<Step>(Step{"compose"});
  Maker<Node> maker;
  maker.make_parts(spec, *out.root_, *out.spec_);
  Maker<Node>::count(*out.root_);
  out.mixes_ = any_is(*out.root_, &Kind::mixes);
  out.borrows_ = any_is(*out.root_, &Kind::borrows);
  out.hides_words_ = any_is(*out.root_, &Kind::hides_words);
  return out;
}

Pipeline Pipeline::from(const std::string& spec) { return make(parse_any(spec)); }

std::string Pipeline::text() const { return to_text(spec_ == nullptr ? Step() : *spec_); }

Json Pipeline::json() const { return to_json(spec_ == nullptr ? Step() : *spec_); }

bool Pipeline::empty() const { return root_ == nullptr || root_->parts.empty(); }

static std::string drawn_text(const Json& value) {
  if (value.is_number_float()) return fmt::format("{:.3g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

static const char* plural(data::StreamKind kind) {
  if (kind == data::StreamKind::kSound) return "recordings";
  return kind == data::StreamKind::kText ? "texts" : "series";
}

// Throws usage where the stream that a step names is not there or of another kind.
static void check_stream_of(const auto& node, const data::Dataset& dataset) {
  std::vector<std::string> names;
  for (const auto& stream : dataset.streams) {
    names.push_back(stream.name);
    if (stream.name != node.stream) continue;
    if (stream.kind == node.kind->input) return;
    throw Error(
        Code::kUsage,
        fmt::format("{} changes {}, and the stream '{}' of '{}' is {}{}", node.name,
                    plural(node.kind->input), stream.name, dataset.path,
                    stream.kind == data::StreamKind::kText ? "a text" : "a series", node.at),
        "'refrain list augmentations' tells what each one is for");
  }
  const std::string best = base::nearest(node.stream, names);
  throw Error(
      Code::kUsage,
      fmt::format("{}: '{}' has no stream '{}'; {} {}{}", node.name, dataset.path, node.stream,
                  names.size() == 1 ? "it has" : "they are", fmt::join(names, ", "), node.at),
      best.empty() ? "leave stream= out, and every stream of its kind is changed"
                   : fmt::format("did you mean '{}'?", best));
}

// Recordings that became series are both.
static void check_node(const auto& node, const data::Dataset& dataset) {
  for (const auto& part : node.parts) check_node(part, dataset);
  if (node.kind == nullptr) return;
  if (!node.stream.empty()) return check_stream_of(node, dataset);
  const data::StreamKind input = node.kind->input;
  const auto fits = [&](const data::StreamInfo& stream) { return stream.kind == input; };
  if (std::any_of(dataset.streams.begin(), dataset.streams.end(), fits)) return;
  if (input == data::StreamKind::kSound && dataset.front != nullptr) return;
  const auto found =
      dataset.streams.empty() ? data::StreamKind::kSeries : dataset.streams.front().kind;
  throw Error(Code::kUsage,
              fmt::format("{} changes {}, and the samples of '{}' are {}{}", node.name,
                          plural(input), dataset.path, plural(found), node.at),
              "'refrain list augmentations' tells what each one is for");
}

void Pipeline::check(const data::Dataset& dataset) const {
  if (root_ != nullptr) check_node(*root_, dataset);
}

static void prepare_node(auto& node, const Pool& pool, std::vector<std::string>& notes) {
  for (auto& part : node.parts) prepare_node(part, pool, notes);
  if (node.operation == nullptr) return;
  std::string note = placed(node.name, node.at, [&] { return node.operation->prepare(pool); });
  if (!note.empty()) notes.push_back(node.name + ": " + note);
}

std::vector<std::string> Pipeline::prepare(const Pool& pool) {
  std::vector<std::string> notes;
  if (root_ != nullptr) prepare_node(*root_, pool, notes);
  return notes;
}

static bool any_of_kind(const auto& node, data::StreamKind kind) {
  return (node.kind != nullptr && node.kind->input == kind) ||
         std::any_of(node.parts.begin(), node.parts.end(),
                     [kind](const auto& part) { return any_of_kind(part, kind); });
}

bool Pipeline::changes(data::StreamKind kind) const {
  return root_ != nullptr && any_of_kind(*root_, kind);
}

void Pipeline::apply(data::Sample& sample, const Draw& draw) const {
  if (root_ == nullptr) return;
  root_->walk(draw, [&](const Node& node, Draw& own) { node.operation->apply(sample, own); });
}

std::vector<Done> Pipeline::done(const Draw& draw) const {
  std::vector<Done> out;
  if (root_ == nullptr) return out;
  root_->walk(draw, [&](const Node& node, const Draw& own) {
    Done& done = out.emplace_back(Done{node.name, {}});
    const Json drawn = node.operation->drawn(own.rng);
    for (const auto& [option, value] : drawn.items()) {
      done.options.emplace_back(option, drawn_text(value));
    }
  });
  return out;
}

base::Rng sample_rng(const base::Rng& epoch, std::int64_t sample) {
  return epoch.fork("augment").fork(static_cast<std::uint64_t>(sample));
}

base::Rng epoch_rng(std::int64_t seed, std::int64_t epoch) {
  return base::Rng(static_cast<std::uint64_t>(seed))
      .fork("epoch")
      .fork(static_cast<std::uint64_t>(epoch));
}

bool can_be_done(const std::string& spec, const Pool& pool) {
  try {
    Pipeline::from(spec).prepare(pool);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string canonical(const std::string& spec) {
  if (spec.empty() || spec == "none") return "";
  return spec == "auto" ? spec : Pipeline::from(spec).text();
}

}  // namespace refrain::augment
