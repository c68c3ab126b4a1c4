#include "refrain/api/read.h"

#include <fmt/format.h>

#include "refrain/api/inside/forecast_run.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/settle.h"
#include "refrain/data/history/read.h"
#include "refrain/data/reader.h"
#include "refrain/data/recognised.h"
#include "refrain/data/target_numbers.h"
#include "refrain/data/words.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

void refuse_to_give(const data::Dataset& d) {
  if (d.lives) {
    throw Error(Code::kUnsupported, d.path + ": units that run to failure have no X and y",
                "train on the file itself: 'refrain train FILE'");
  }
  if (d.streams.size() == 1) return;
  throw Error(Code::kUnsupported,
              fmt::format("{}: its samples consist of {} streams", d.path, d.streams.size()),
              "train on the file itself: 'refrain train FILE'; or name one text column");
}

void give_value(const data::Sample& sample, FileSamples& out) {
  const data::Value& value = sample.streams.front();
  if (const auto* series = std::get_if<data::Series>(&value)) {
    out.series.push_back(series->values);
  } else if (const auto* sound = std::get_if<data::Sound>(&value)) {
    out.sounds.push_back({sound->rate, sound->samples});
  } else if (out.in_words) {
    out.words.push_back(data::words_at_blanks(std::get<std::string>(value), false));
  } else {
    out.texts.push_back(std::get<std::string>(value));
  }
}

// The labels as what the task learns.
void give_targets(const data::Dataset& d, FileSamples& out) {
  for (const auto& sample : d.samples) {
    if (out.task == "tag") out.tags.push_back(sample.tags);
    if (out.task == "classify" || is_reply_task(out.task)) out.labels.push_back(sample.label);
    if (out.task == "regress") out.numbers.push_back(sample.numbers);
  }
}

std::string kind_of(const data::StreamInfo& stream) {
  if (stream.kind == data::StreamKind::kText) return "text";
  return stream.kind == data::StreamKind::kSound ? "sound" : "series";
}

RecognisedData recognised_data(const data::Dataset& d) {
  return {d.format,     data::recognised(d), d.columns.label, d.columns.text, d.columns.group,
          d.columns.id, d.columns.time,      d.not_read,      d.warnings};
}

// Samples with their replies; recordings stay sound.
data::Dataset read_with_replies(const std::string& path, task::Spec& spec, const base::Log& log) {
  ReplySource source{path, spec.task};
  source.heard = false;
  return read_replies(source, spec, log);
}

}  // namespace

FileSamples read_samples(const std::string& path, const Options& options, const Hooks& hooks) {
  const base::Log log = log_of(hooks);
  task::Spec spec = options.impl().spec;
  const bool replies = wants_replies(spec);
  data::Dataset d = replies ? read_with_replies(path, spec, log) : data::read(path, spec.read, log);
  refuse_to_give(d);
  FileSamples out;
  if (replies) out.task = spec.task;
  if (d.has_labels || d.has_tags) {
    out.task = task::recognise_task(spec, d, log);
    spec.task = out.task;
    settle_targets(task::task_of(spec).aim, d);
    settle_names(d, log);
  }
  out.recognised = recognised_data(d);
  if (replies) out.recognised.summary = data::recognised_replies(d);
  out.kind = kind_of(d.streams.front());
  out.channels = d.streams.front().channels;
  out.channel_names = d.streams.front().channel_names;
  out.offset = d.offset;
  out.in_words = out.task == "tag" && out.kind == "text";
  for (const auto& sample : d.samples) {
    give_value(sample, out);
    out.groups.push_back(sample.group);
    out.ids.push_back(sample.id);
  }
  give_targets(d, out);
  return out;
}

FileHistories read_histories(const std::string& path, const Options& options, const Hooks& hooks) {
  const auto found = data::read_histories(path, history_spec(options.impl().spec), log_of(hooks));
  FileHistories out;
  out.format = found.format;
  out.summary = found.summary;
  out.horizon = found.horizon;
  for (const auto* names : {&found.known, &found.past, &found.fixed}) {
    out.covariates.insert(out.covariates.end(), names->begin(), names->end());
  }
  for (const auto& h : found.series) {
    auto& one = out.series.emplace_back(FileHistories::One{h.id, {}, h.value});
    for (std::size_t t = 0; t < h.steps(); ++t) {
      one.times.push_back(found.calendar.stamp(h.start, static_cast<std::int64_t>(t)));
    }
  }
  return out;
}

}  // namespace refrain::api
