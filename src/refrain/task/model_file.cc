#include "refrain/task/model_file.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::task {
namespace {

using base::Json;
using tensor::NamedTensor;

constexpr int kFormat = 1;
constexpr double kSelfTestTolerance = 2e-4;  // between instruction sets

// In the file a weight matrix stands as PyTorch has it, [out,in]; tables of word vectors as they
// are.
bool turned(const nn::Param& p) {
  return p.shape.rank() == 2 && p.start != nn::Start::kSmallNormal;
}

NamedTensor to_file(const nn::ParamSet& params, int index) {
  const nn::Param& p = params.params()[static_cast<std::size_t>(index)];
  const tensor::Tensor t = params.value(index);
  NamedTensor out{p.name, {}, std::vector<real>(t.data, t.data + t.count())};
  for (int i = 0; i < p.shape.rank(); ++i) out.shape.push_back(p.shape[i]);
  if (!turned(p)) return out;
  std::swap(out.shape[0], out.shape[1]);
  const auto rows = static_cast<std::size_t>(t.rows()),
             columns = static_cast<std::size_t>(t.columns());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out.values[c * rows + r] = t.data[r * columns + c];
  }
  return out;
}

void from_file(const tensor::TensorFile& file, const std::string& path, nn::ParamSet& params) {
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const NamedTensor want = to_file(params, static_cast<int>(i));
    const NamedTensor* found = file.find(want.name);
    if (found == nullptr || found->shape != want.shape) {
      throw Error(Code::kData,
                  fmt::format("{}: tensor '{}' is missing or of another shape", path, want.name),
                  "the file is damaged; train again");
    }
    const tensor::Tensor t = params.value(static_cast<int>(i));
    const bool turn = turned(params.params()[i]);
    const auto rows = static_cast<std::size_t>(t.rows());
    const auto columns = static_cast<std::size_t>(t.columns());
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        t.data[r * columns + c] = found->values[turn ? c * rows + r : r * columns + c];
      }
    }
  }
}

// A made-up sample of the right form.
data::EncodedSample self_test_input(const data::Features& features) {
  base::Rng rng = base::Rng(0).fork("self-test");
  constexpr int kSteps = 7;
  data::EncodedSample sample;
  for (std::size_t s = 0; s < features.streams().size(); ++s) {
    const int inputs = features.inputs(static_cast<int>(s));
    data::EncodedStream stream;
    stream.length = kSteps;
    if (features.streams()[s].kind == data::StreamKind::kText) {
      for (int t = 0; t < kSteps; ++t) {
        stream.ids.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(inputs))));
      }
    } else {
      for (int i = 0; i < kSteps * inputs; ++i) {
        stream.values.push_back(static_cast<real>(rng.normal()));
      }
    }
    sample.streams.push_back(std::move(stream));
  }
  return sample;
}

std::vector<double> self_test(const Classifier& model) {
  return model.predict({self_test_input(model.features())}, 1);
}

void check_self_test(const Classifier& model, const Json& expected, const std::string& path) {
  const auto got = self_test(model);
  bool same = expected.is_array() && expected.size() == got.size();
  for (std::size_t i = 0; same && i < got.size(); ++i) {
    same = expected[i].is_number() &&
           std::abs(expected[i].get<double>() - got[i]) <= kSelfTestTolerance;
  }
  if (same) return;
  throw Error(Code::kData,
              path +
                  ": the self-test of the model fails: it does not compute what it "
                  "did when it was saved",
              "the file is damaged; train again");
}

// Refuses sizes that this file cannot hold before memory is asked for.
void check_sizes(const Spec& spec, const data::Features& features, const tensor::TensorFile& file,
                 const std::string& path) {
  if (spec.encoder.embedding_dim < 1) {
    throw Error(Code::kData, path + ": its options were never settled", "train again");
  }
  const double H = spec.encoder.hidden, D = spec.encoder.bidirectional ? 2 : 1;
  double inputs_sum = 0;
  double words = 0;
  for (std::size_t s = 0; s < features.streams().size(); ++s) {
    const double inputs = features.inputs(static_cast<int>(s));
    if (features.streams()[s].kind == data::StreamKind::kText) {
      words += inputs * spec.encoder.embedding_dim;
      inputs_sum += spec.encoder.embedding_dim;
    } else {
      inputs_sum += inputs;
    }
  }
  // At least so many: one gate a cell.
  const double streams = static_cast<double>(features.streams().size());
  const double first = H * D * (inputs_sum + H * streams);
  const double others = H * D * (H * D + H) * (spec.encoder.layers - 1) * streams;
  double held = 0;
  for (const auto& t : file.tensors) held += static_cast<double>(t.values.size());
  if (first + others + words > held) {
    throw Error(Code::kData, path + ": claims an impossible size",
                "the file is damaged; train again");
  }
}

Json receipt_to_json(const Receipt& r) {
  return {{"version", r.version}, {"n_train", r.n_train},       {"n_valid", r.n_valid},
          {"epochs", r.epochs},   {"best_epoch", r.best_epoch}, {"stop_reason", r.stop_reason}};
}

Model from_head(const tensor::TensorFile& file, const Json& head, const std::string& path) {
  Spec spec;
  const auto fields = spec_fields().list();
  for (const auto& [name, value] : head.at("options").items()) {
    base::set_field(fields, &spec, name, value);
  }
  auto features = data::Features::from_json(head.at("features"));
  auto labels = head.at("labels").get<std::vector<std::string>>();
  if (std::set<std::string>(labels.begin(), labels.end()).size() != labels.size() ||
      labels.size() < 2) {
    throw Error(Code::kData, "its labels are not two or more that differ");
  }
  check_sizes(spec, features, file, path);
  spec.train.threads = base::core_count();
  Model model;
  model.classifier = std::make_unique<Classifier>(spec, std::move(features), std::move(labels));
  from_file(file, path, model.classifier->params());
  const Json& r = head.at("receipt");
  model.receipt = {r.at("version"), r.at("n_train"),    r.at("n_valid"),
                   r.at("epochs"),  r.at("best_epoch"), r.at("stop_reason")};
  check_self_test(*model.classifier, head.at("self_test"), path);
  return model;
}

}  // namespace

void save_model(const std::string& path, const Classifier& model, const Receipt& receipt) {
  tensor::TensorFile file;
  for (std::size_t i = 0; i < model.params().params().size(); ++i) {
    file.tensors.push_back(to_file(model.params(), static_cast<int>(i)));
  }
  const auto fields = spec_fields().list();
  Spec spec = model.spec();
  spec.train.threads = 0;  // of the machine: any number gives the same file
  const Json head = {{"format", kFormat},
                     {"task", "classify"},
                     {"options", base::fields_to_json(fields, &spec)},
                     {"features", model.features().to_json()},
                     {"labels", model.labels()},
                     {"receipt", receipt_to_json(receipt)},
                     {"self_test", self_test(model)}};
  file.metadata["refrain"] = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  base::write_file_atomically(path, tensor::to_safetensors(file));
}

Model load_model(const std::string& path) { return parse_model(base::read_file(path).bytes, path); }

Model parse_model(const std::string& bytes, const std::string& path) {
  const auto file = tensor::from_safetensors(bytes, path);
  const auto found = file.metadata.find("refrain");
  if (found == file.metadata.end()) {
    throw Error(Code::kData, path + " is a safetensors file, but not a Refrain model",
                "give the file that 'refrain train --out' wrote");
  }
  try {
    const Json head = Json::parse(found->second);
    const int format = head.at("format");
    if (format != kFormat) {
      throw Error(
          Code::kData,
          fmt::format("{} has model format {}, this version reads {}", path, format, kFormat),
          "use the version of Refrain that wrote it, or train again");
    }
    return from_head(file, head, path);
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": its Refrain head is damaged", "train again");
  } catch (const Error& e) {
    const std::string what = e.what();
    if (what.starts_with(path)) throw;
    throw Error(Code::kData, path + ": " + what, "the file is damaged; train again");
  }
}

}  // namespace refrain::task
