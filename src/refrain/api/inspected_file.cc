#include "refrain/api/inside/inspected_file.h"

#include <fmt/format.h>

#include <cmath>

#include "refrain/api/inside/forecast_run.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/byte_stream.h"
#include "refrain/base/encoding.h"
#include "refrain/data/pairs.h"
#include "refrain/data/pieces.h"
#include "refrain/data/spellings.h"
#include "refrain/task/classify/labels.h"

namespace refrain::api {
namespace {

constexpr std::size_t kBytesGuessed = std::size_t{1} << 24;
constexpr std::int64_t kToldEvery = 200000;  // samples between two remarks on progress

// Returns an encoding in which the file can be read, if it is not UTF-8 as asked for; "" if it is.
std::string other_encoding(const std::string& path, const task::Spec& spec) {
  if (spec.read.encoding != "utf-8") return "";
  try {
    std::string bytes(kBytesGuessed, '\0');
    bytes.resize(base::ByteStream(path).read(bytes.data(), bytes.size()));
    if (base::first_invalid_utf8(bytes) == std::string::npos) return "";
    if (base::guess_encoding(bytes) == "utf-8") return "";
    const auto guesses = base::guess_encodings(bytes);
    return guesses.empty() ? base::guess_encoding(bytes) : guesses.front().name;
  } catch (const Error&) {
    return "";  // a folder, or what the reader itself will name
  }
}

// Histories as series without labels.
data::Dataset dataset_of(const data::Histories& histories) {
  data::Dataset out;
  out.path = histories.path;
  out.format = histories.format;
  out.streams.push_back({"series", data::StreamKind::kSeries, 1, {}});
  for (const auto& h : histories.series) {
    data::Sample sample;
    sample.id = h.id;
    sample.line = h.line;
    data::Series series{static_cast<int>(h.steps()), 1, {}};
    for (const double v : h.value) series.values.push_back(static_cast<float>(v));
    sample.streams.emplace_back(std::move(series));
    out.samples.push_back(std::move(sample));
  }
  return out;
}

class Reading {
 public:
  Reading(const std::string& path, const task::Spec& spec, const InspectedFile* first,
          const base::Log& log)
      : path_(path),
        spec_(spec),
        first_(first),
        log_(log),
        quiet_([this](base::Level level, const std::string& s) {
          level == base::Level::kWarning ? out_.profile.warnings.push_back(s) : log_.info(s);
        }) {}

  InspectedFile run() {
    if (wants_forecast(spec_) && !wants_lives(spec_, path_)) {
      take(dataset_of(data::read_histories(path_, history_spec(spec_), quiet_)));
      out_.task = "forecast";
      return std::move(out_);
    }
    if (holds_pairs()) {
      take_pairs();
      return std::move(out_);
    }
    try {
      read_all();
    } catch (const Error& e) {
      const std::string other = e.code() == Code::kData ? other_encoding(path_, spec_) : "";
      if (other.empty()) throw;
      out_ = InspectedFile();
      spec_.read.encoding = other;
      read_all();
      out_.profile.encoding = other;
      out_.profile.encoding_remark =
          fmt::format("is not UTF-8; it was read as {}, which it looks like", other);
    }
    return std::move(out_);
  }

 private:
  // Texts or recordings with replies: the options say so, or there are two parallel files.
  bool holds_pairs() const {
    if (is_reply_task(spec_.task)) return true;
    return spec_.task == "auto" && data::pair_paths(path_).size() == 2;
  }

  // The replies stand as a stream beside what they reply to.
  void take_pairs() {
    out_.task = is_reply_task(spec_.task) ? spec_.task : transduce::kTranslate;
    data::Dataset d = read_replies({path_, out_.task, nullptr, true, false}, spec_, quiet_);
    const bool texts = out_.task == transduce::kTranslate;
    d.streams.front().name = texts ? "source" : "input";
    d.streams.push_back({texts ? "target" : "transcript", data::StreamKind::kText, 0, {}});
    for (auto& sample : d.samples) {
      sample.streams.emplace_back(std::move(sample.label));
      sample.label.clear();
    }
    take(std::move(d));
    out_.whole = true;
  }

  void read_all() {
    if (spec_.read.encoding != "utf-8") out_.profile.encoding = spec_.read.encoding;
    if (first_ != nullptr && first_->whole && matched()) return;
    int pieces = 0;
    data::read_in_pieces(path_, spec_.read, quiet_, [&](data::Dataset piece) {
      out_.whole = ++pieces == 1;
      if (pieces > 1) out_.data = {};
      take(std::move(piece));
    });
  }

  // Reads the file as a training would read it beside its training file: columns matched by name,
  // labels in one spelling. Returns whether it could.
  bool matched() {
    try {
      auto expected = data::expected_like(first_->data);
      expected.labelled = false;
      auto d = data::read_expected(path_, spec_.read, expected, quiet_);
      out_.whole = true;
      take(std::move(d));
      return true;
    } catch (const Error& e) {
      if (e.code() != Code::kData) throw;
      out_ = InspectedFile();
      return false;  // whether it can be read by itself, and how it differs, the checks will tell
    }
  }

  void settle(data::Dataset& d) {
    const bool numbers = out_.task == "regress";
    const auto spellings = numbers ? data::settle_groups(d) : data::settle_spellings(d);
    out_.profile.alike = spellings.alike;
    if (first_ == nullptr || !first_->whole || !d.has_labels || numbers) return;
    std::vector<int> all = all_of(first_->data);
    data::adopt_labels(d, task::labels_of({first_->data, all}));
  }

  void take(data::Dataset piece) {
    if (out_.task.empty()) {
      out_.task = first_ != nullptr ? first_->task : task_of_data(piece);
      out_.profile.number_labels = out_.task == "regress";
    }
    settle(piece);
    const std::int64_t before = out_.profile.samples / kToldEvery;
    out_.profile.add(piece);
    if (out_.profile.samples / kToldEvery > before) {
      log_.info(fmt::format("{}: {} samples so far", path_, out_.profile.samples));
    }
    if (out_.profile.samples == static_cast<std::int64_t>(piece.samples.size())) {
      out_.data = std::move(piece);
    }
  }

  std::string task_of_data(const data::Dataset& d) const {
    if (!d.has_labels && !d.has_tags) return "";
    return task::recognise_task(spec_, d, {});
  }

  std::string path_;
  task::Spec spec_;
  const InspectedFile* first_;
  const base::Log& log_;
  base::Log quiet_;
  InspectedFile out_;
};

}  // namespace

InspectedFile read_to_inspect(const std::string& path, const task::Spec& spec,
                              const InspectedFile* first, const base::Log& log) {
  return Reading(path, spec, first, log).run();
}

}  // namespace refrain::api
