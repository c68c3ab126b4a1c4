#include "refrain/api/model.h"

#include <algorithm>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/evaluated.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/threads.h"
#include "refrain/data/life_windows.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/spellings.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {

namespace {

// Returns what the model expects of a file: names, labels and form of its training file.
data::Expected expected(const task::Model& model, bool labelled) {
  data::Expected out{model.columns,
                     data::without_age(data::as_read(model.features.streams())),
                     model.goal->classes(),
                     model.offset,
                     model.features.length(0),
                     labelled,
                     model.goal->of_steps()};
  if (out.tagged && !model.goal->of_spans()) {
    out.tags = model.goal->columns();
    out.tags.resize(out.tags.size() - static_cast<std::size_t>(model.goal->whole_columns()));
  }
  if (!out.columns.named()) {  // of an older version, or of a format without names
    const data::ReadSpec& trained = model.spec.read;
    const auto& stream = out.streams.front();
    out.columns = {
        "", {}, {}, trained.target, trained.text_column, trained.id, trained.group, trained.time};
    if (!stream.from_sound) out.columns.values = stream.channel_names;
  }
  return out;
}

struct Use {
  const task::Model& model;
  bool labelled;  // the samples must be
};

void refuse_other_streams(const task::Spec& given, const task::Spec& trained) {
  if (!given.given.contains("streams") || given.read.streams == trained.read.streams) return;
  throw Error(Code::kUsage, "--streams is another one than the model was trained with",
              trained.read.streams.empty() ? "leave it out: the model reads no divided series"
                                           : "leave it out: the model knows how it was trained");
}

// The model's encoder of texts, unless these options name another folder, layer or cache.
transformer::TextEncoderSpec encoder_of(const task::Spec& given, const task::Spec& trained) {
  transformer::TextEncoderSpec out = trained.text_encoder;
  const auto& own = given.text_encoder;
  if (given.given.contains("encoder")) out.encoder = own.encoder;
  if (given.given.contains("encoder_layer")) out.encoder_layer = own.encoder_layer;
  if (given.given.contains("encoder_cache")) out.encoder_cache = own.encoder_cache;
  return out;
}

data::Dataset read(const std::string& path, const Use& use, const Options& options,
                   const Hooks& hooks) {
  const task::Model& model = use.model;
  const task::Spec& given = options.impl().spec;
  refuse_other_streams(given, model.spec);
  data::ReadSpec spec = given.read;
  if (spec.series_layout == "auto") spec.series_layout = model.spec.read.series_layout;
  const bool spans = use.labelled && model.goal->of_spans();
  if (!given.given.contains("scheme") && !spans) spec.scheme = "plain";  // tags stay as they are
  const base::Log log = log_of(hooks);
  data::Dataset d = data::read_expected(path, spec, expected(model, use.labelled), log);
  data::SoundSpec sound = model.features.spec().sound;
  if (sound.sample_rate > 0) data::hear(d, sound, false);
  if (!use.labelled && model.goal->of_steps()) data::cut_words(d);
  const auto encoder = encoder_of(given, model.spec);
  transformer::EncodingOf how = task::encoding_of(model, encoder);
  how.threads = given.train.threads;
  transformer::encode_texts(d, how, log);
  if (d.samples.empty()) throw Error(Code::kData, path + " has no samples");
  if (d.lives) {
    const auto cut = use.labelled ? data::LifeCut::kEnd : data::LifeCut::kLast;
    d = data::cut_lives(d, model.spec.life, cut, log);
  }
  model.features.check(d);
  return d;
}

}  // namespace

int threads_of(const Options& options) {
  const int threads = options.impl().spec.train.threads;
  return threads == 0 ? base::core_count() : threads;
}

data::Dataset read_labelled_for(const Model& model, const std::string& path, const Options& options,
                                const Hooks& hooks) {
  return read(path, {model.impl().model, true}, options, hooks);
}

data::Dataset read_unlabelled_for(const Model& model, const std::string& path,
                                  const Options& options, const Hooks& hooks) {
  data::Dataset out = read(path, {model.impl().model, false}, options, hooks);
  out.has_labels = false;  // a label that the model does not know is no obstacle here
  out.has_tags = false;
  return out;
}

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

Model Model::load(const std::string& path) {
  return Model(std::make_unique<Impl>(Impl{path, task::load_model(path)}));
}

void Model::save(const std::string& path) const { task::save_model(path, impl_->model); }

std::string Model::bytes() const { return task::model_bytes(impl_->model); }

Model Model::from_bytes(const std::string& bytes, const std::string& path) {
  return Model(std::make_unique<Impl>(Impl{path, task::parse_model(bytes, path)}));
}

const std::vector<std::string>& Model::classes() const { return impl_->model.goal->classes(); }

const std::vector<std::string>& Model::columns() const {
  return impl_->model.goal->answer_columns();
}

std::string Model::task() const { return impl_->model.goal->task(); }

std::vector<Prediction> Model::predict(const std::string& data, const Options& options,
                                       const Hooks& hooks) const {
  const task::Model& model = impl_->model;
  const data::Dataset d = read_unlabelled_for(*this, data, options, hooks);
  const auto said = model.answer({d, all_of(d)}, threads_of(options));
  const auto width = static_cast<std::ptrdiff_t>(columns().size());
  std::vector<Prediction> out;
  for (std::size_t i = 0; i < d.samples.size(); ++i) {
    const auto row = said.numbers.begin() + static_cast<std::ptrdiff_t>(i) * width;
    out.push_back({d.samples[i].id, said.decided[i], {row, row + width}});
  }
  return out;
}

Evaluated evaluate_file(const Model& model, const std::string& data, const Options& options,
                        const Hooks& hooks) {
  const double start = now();
  data::Dataset d = read_labelled_for(model, data, options, hooks);
  const task::Aim aim = task::tasks().at(model.task()).aim;
  settle_targets(aim, d);
  settle_names(d, log_of(hooks));
  if (aim == task::Aim::kClass) data::adopt_labels(d, model.classes());
  const double load = now() - start;
  const auto& own = model.impl().model;
  if (const auto foreign = own.goal->foreign({d, all_of(d)}); !foreign.empty()) {
    log_of(hooks).warning(foreign);
  }
  Evaluated out = evaluate_samples(own, std::move(d), threads_of(options));
  out.report.seconds.load = load;
  out.report.protocol = "all samples of the file";
  out.report.threads = threads_of(options);
  out.report.model = model.impl().path;
  out.report.test = data;
  return out;
}

Report Model::evaluate(const std::string& data, const Options& options, const Hooks& hooks) const {
  return evaluate_file(*this, data, options, hooks).report;
}

}  // namespace refrain::api
