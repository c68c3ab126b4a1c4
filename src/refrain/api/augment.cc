#include "refrain/api/augment.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/inside/option_info.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/preview.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/output.h"
#include "refrain/augment/derive.h"
#include "refrain/augment/ledger.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/data/content.h"
#include "refrain/data/recording_writer.h"
#include "refrain/data/writer.h"

namespace refrain::api {
namespace {

using augment::LedgerLine;
using augment::Pipeline;
using data::Dataset;
using data::Sample;

class Augmenting {
 public:
  explicit Augmenting(const AugmentJob& job) : job_(job), spec_(job.options.impl().spec) {}

  Augmented run() {
    check_job();
    if (is_reply_task(spec_.task)) {
      throw Error(
          Code::kUsage,
          fmt::format("augment writes samples with labels, and --task {} has replies", spec_.task),
          "vary the sources while training: refrain train DATA --task " + spec_.task +
              " --augment SPEC");
    }
    data_ = data::read(job_.data, spec_.read, log_of(job_.hooks));
    data_id_ = fmt::format("{:016x}", data::dataset_hash(data_));
    check_out();
    const augment::Pool pool(data_, all_of(data_));
    out_.sources = pool.size();
    job_.replay.empty() ? derive_all(pool) : replay(pool);
    out_.derived = static_cast<int>(derived_.size());
    std::string page;
    if (!job_.preview.empty()) page = preview_page(prepared(out_.spec, pool), pool, job_, out_);
    write(page);
    return out_;
  }

 private:
  std::int64_t seed() const { return spec_.train.seed; }
  int threads() const { return spec_.train.threads > 0 ? spec_.train.threads : base::core_count(); }

  std::string extension() const {
    const std::string e = std::filesystem::path(job_.out).extension().string();
    return e.empty() ? e : e.substr(1);
  }

  // Recordings become a folder.
  bool sound() const { return data_.streams.front().kind == data::StreamKind::kSound; }

  void check_out() const {
    if (job_.out.empty()) return;
    if (sound() && std::filesystem::exists(job_.out)) {
      throw Error(Code::kUsage, fmt::format("--out {} is there already", job_.out),
                  "recordings are written to a new folder: name one that is not there");
    }
    if (sound() || data::can_write(data_, extension())) return;
    data::write_samples(data_, extension());  // says what could be written
  }

  void check_job() const {
    require_apart({job_.data, job_.replay}, {job_.out, job_.ledger, job_.preview});
    for (const auto& path : {job_.out, job_.ledger, job_.preview}) {
      if (!path.empty()) require_writable(path);
    }
    const std::string& spec = spec_.augment.augment;
    if (!job_.replay.empty() && !spec.empty()) {
      throw Error(Code::kUsage, "--replay and --augment: the ledger says what was done",
                  "leave one of them out");
    }
    if (job_.replay.empty()) require_augment(spec_);
  }

  // Prepares a pipeline and reports each of its preparation steps once.
  Pipeline prepared(const std::string& spec, const augment::Pool& pool) {
    Pipeline pipeline = Pipeline::from(spec);
    pipeline.check(data_);
    for (const auto& note : pipeline.prepare(pool)) {
      if (told_.insert(note).second && job_.hooks.message) job_.hooks.message(note, false);
    }
    return pipeline;
  }

  void derive_all(const augment::Pool& pool) {
    const Pipeline pipeline = prepared(spec_.augment.augment, pool);
    out_.spec = pipeline.text();
    std::set<std::string> seen;
    for (int i = 0; i < pool.size(); ++i) seen.insert(augment::plain_digest(pool[i]));
    std::vector<std::string> digests(data_.samples.size());
    for (int k = 0; k < job_.copies; ++k) {
      auto copy = augment::derive_all(pipeline, pool, augment::epoch_rng(seed(), k), threads());
      base::parallel_for(pool.size(), threads(), [&](int i) {
        const auto at = static_cast<std::size_t>(i);
        digests[at] = augment::content_digest(copy[at]);
      });
      for (std::size_t i = 0; i < copy.size(); ++i) {
        const std::string plain = augment::plain_digest(copy[i]);
        const bool fresh = seen.insert(plain).second;
        if (fresh) {
          add(std::move(copy[i]),
              {"", static_cast<std::int64_t>(i), "", seed(), k, out_.spec, data_id_, digests[i]});
        } else {
          const bool source = plain == augment::plain_digest(data_.samples[i]);
          ++(source ? out_.unchanged : out_.duplicates);
        }
      }
    }
  }

  void add(Sample sample, LedgerLine line) {
    const Sample& source = data_.samples[static_cast<std::size_t>(line.source)];
    line.source_id = source.id;
    line.id = sample.id = fmt::format("{}#{}", source.id, line.copy + 1);
    sample.source = line.source;
    if (!sample.shares.empty()) {
      ++out_.mixed;
      sample.label = std::string(augment::main_label(sample));
    }
    derived_.push_back(std::move(sample));
    ledger_.push_back(std::move(line));
  }

  void replay(const augment::Pool& pool) {
    std::string spec;
    Pipeline pipeline;
    for (const auto& line : augment::read_ledger(base::read_file(job_.replay).bytes, job_.replay)) {
      const bool known = line.source >= 0 && line.source < pool.size();
      if (!known || line.data != data_id_) {
        throw Error(Code::kData,
                    fmt::format("{}: the ledger is of other data than {}", job_.replay, job_.data),
                    "give the data that were augmented, unchanged");
      }
      if (line.spec != spec || pipeline.empty()) pipeline = prepared(spec = line.spec, pool);
      const auto rng = augment::epoch_rng(line.seed, line.copy);
      Sample sample = augment::derive(pipeline, pool, static_cast<int>(line.source), rng);
      if (augment::content_digest(sample) != line.digest) {
        throw Error(
            Code::kData,
            fmt::format("{}: sample {} comes out otherwise than it did", job_.replay, line.id),
            "the operations or what they read (lexicons, commands) have changed since");
      }
      add(std::move(sample), line);
    }
    out_.spec = spec;
  }

  void write(const std::string& page) {
    if (!job_.out.empty()) {
      Dataset all = data_;
      all.samples.insert(all.samples.end(), derived_.begin(), derived_.end());
      if (sound()) {
        data::write_recordings(job_.out, all);
      } else {
        write_file(job_.out, data::write_samples(all, extension()));
      }
    }
    if (!job_.ledger.empty()) write_file(job_.ledger, augment::write_ledger(ledger_));
    if (!job_.preview.empty()) write_file(job_.preview, page);
  }

  const AugmentJob& job_;
  const task::Spec& spec_;
  Dataset data_;
  std::string data_id_;
  std::vector<Sample> derived_;
  std::vector<LedgerLine> ledger_;
  std::set<std::string> told_;
  Augmented out_;
};

}  // namespace

std::string Augmented::json() const {
  const base::Json out = {{"sources", sources},     {"derived", derived},
                          {"unchanged", unchanged}, {"duplicates", duplicates},
                          {"mixed", mixed},         {"augment", spec}};
  return out.dump(2);
}

Augmented augment(const AugmentJob& job) { return Augmenting(job).run(); }

}  // namespace refrain::api
