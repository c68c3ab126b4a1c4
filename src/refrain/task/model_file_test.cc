#include "refrain/task/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/kernels/cells.h"
#include "refrain/task/fit.h"
#include "refrain/task/made_up_data.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::task {
namespace {

using base::Json;
using testing::HasSubstr;

class ModelFile : public testing::Test {
 protected:
  // The bytes of a saved, slightly trained model.
  std::string saved(const Spec& spec, const data::Dataset& d) {
    Model model = fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
    model.receipt = {"1.2.3", 40, 10, 3, 2, "epochs"};
    save_model(path_, model);
    return base::read_file(path_).bytes;
  }

  static Error parse_error(const std::string& bytes) {
    try {
      parse_model(bytes, "m.refrain");
    } catch (const Error& error) {
      return error;
    }
    return Error(Code::kInternal, "loaded");
  }

  // Every list of what words mean is checked when it is read.
  void refuses_other_meanings(const std::string& bytes) const {
    auto file = tensor::from_safetensors(bytes, path_);
    const Json head = Json::parse(file.metadata.at("refrain"));
    int found = 0;
    for (const auto& item : head["members"][0]["state"].items()) {
      if (!item.key().starts_with("meanings_")) continue;
      ++found;
      for (const Json& other : {Json(), Json(-7), Json("x"), Json::array({7, 7}), Json::object()}) {
        Json changed = head;
        changed["members"][0]["state"][item.key()] = other;
        file.metadata["refrain"] = changed.dump();
        const Error error = parse_error(tensor::to_safetensors(file));
        EXPECT_EQ(error.code(), Code::kData) << item.key() << " " << other;
      }
    }
    EXPECT_EQ(found, 7);
  }

  const base::TestFolder folder_;
  const std::string path_ = folder_.path("m.refrain");
};

Spec with(const std::string& cell, const std::string& pooling, const std::string& attention) {
  Spec spec = small_spec();
  spec.train.epochs = 1;
  spec.encoder.cell = cell;
  spec.encoder.pooling = pooling;
  spec.encoder.attention = attention;
  spec.encoder.layers = 2;
  spec.encoder.layer_norm = true;
  spec.encoder.bidirectional = cell != "lstm";
  return spec;
}

TEST_F(ModelFile, a_loaded_model_predicts_the_same_bits) {
  for (const auto& cell : kernels::cells().names()) {
    for (const auto& d : {trends(40), opinions(40)}) {
      const Spec spec = with(cell, "attention", "self");
      const Model model = fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
      save_model(path_, model);
      const Model loaded = load_model(path_);
      EXPECT_EQ(loaded.goal->columns(), model.goal->columns());
      EXPECT_EQ(loaded.single_network()->params().values(),
                model.single_network()->params().values())
          << cell;
      const auto all = all_of(d);
      EXPECT_EQ(loaded.predict({d, all}, 1), model.predict({d, all}, 1)) << cell;
    }
  }
}

TEST_F(ModelFile, saving_what_was_loaded_gives_the_same_bytes) {
  const std::string bytes = saved(small_spec(), trends(40));
  const Model loaded = load_model(path_);
  save_model(path_, loaded);
  EXPECT_EQ(base::read_file(path_).bytes, bytes);
}

TEST_F(ModelFile, keeps_options_and_receipt) {
  Spec spec = small_spec();
  spec.optim.lr = 0.0125;
  spec.read.target = "fault";
  saved(spec, trends(40));
  const Model loaded = load_model(path_);
  EXPECT_EQ(loaded.spec.optim.lr, 0.0125);
  EXPECT_EQ(loaded.spec.read.target, "fault");
  EXPECT_EQ(loaded.receipt.version, "1.2.3");
  EXPECT_EQ(loaded.receipt.n_train, 40);
  EXPECT_EQ(loaded.receipt.n_valid, 10);
  EXPECT_EQ(loaded.receipt.epochs, 3);
  EXPECT_EQ(loaded.receipt.best_epoch, 2);
  EXPECT_EQ(loaded.receipt.stop_reason, "epochs");
}

TEST_F(ModelFile, weights_stand_as_pytorch_has_them) {
  Spec spec = small_spec();
  spec.encoder.cell = "lstm";
  const auto file = tensor::from_safetensors(saved(spec, trends(40)), path_);
  using Shape = std::vector<std::int64_t>;
  const auto shape = [&](const std::string& name) {
    const auto* t = file.find(name);
    return t == nullptr ? Shape{-1} : t->shape;
  };
  EXPECT_EQ(shape("encoder.0.forward.w_x"), (Shape{32, 4}));  // two channels, a mask of each
  EXPECT_EQ(shape("encoder.0.reverse.w_h"), (Shape{32, 8}));
  EXPECT_EQ(shape("encoder.0.forward.b"), (Shape{32}));
  EXPECT_EQ(shape("head.w"), (Shape{2, 48}));
  const Model loaded = load_model(path_);
  for (std::size_t i = 0; i < loaded.single_network()->params().params().size(); ++i) {
    const auto& p = loaded.single_network()->params().params()[i];
    if (p.name != "head.w") continue;
    const auto t = loaded.single_network()->params().value(static_cast<int>(i));
    EXPECT_EQ(t.row(5)[1], file.find("head.w")->values[48 + 5]);
  }
}

TEST_F(ModelFile, the_self_test_finds_changed_weights_though_the_checksums_fit) {
  const std::string bytes = saved(small_spec(), trends(40));
  const auto original = tensor::from_safetensors(bytes, path_);
  EXPECT_EQ(parse_error(tensor::to_safetensors(original)).code(), Code::kInternal);
  for (std::size_t i = 0; i < original.tensors.size(); ++i) {
    auto changed = original;
    auto& values = changed.tensors[i].values;  // half of them: a shift of all logits is no change
    for (std::size_t k = 0; k < values.size() / 2; ++k) values[k] += real{0.25};
    const Error error = parse_error(tensor::to_safetensors(changed));
    EXPECT_EQ(error.code(), Code::kData) << original.tensors[i].name;
    EXPECT_THAT(error.what(), HasSubstr("m.refrain: the self-test of the model fails"));
  }
}

TEST_F(ModelFile, a_changed_byte_or_a_cut_is_found) {
  const std::string bytes = saved(small_spec(), opinions(40));
  for (std::size_t i = 0; i < bytes.size(); i += 37) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    if (bytes[i] == ' ') continue;
    EXPECT_EQ(parse_error(changed).code(), Code::kData) << "byte " << i;
    EXPECT_EQ(parse_error(bytes.substr(0, i)).code(), Code::kData) << "cut at " << i;
  }
}

TEST_F(ModelFile, every_baseline_is_a_model_that_predicts_the_same_bits) {
  for (const auto& item : method::methods().items()) {
    Spec spec = small_spec();
    spec.model.model = item.name;
    auto d = item.value.kind == method::Reads::kText ? opinions(40) : trends(40);
    d.streams.front().from_text = item.value.kind == method::Reads::kStates;
    const auto all = all_of(d);
    const Model model = fit_model(spec, {&d, all, &d, {}}, {}).model;
    save_model(path_, model);
    const Model loaded = load_model(path_);
    EXPECT_EQ(loaded.single_network(), nullptr);
    EXPECT_EQ(loaded.members.front().method, item.name);
    EXPECT_EQ(loaded.predict({d, all}, 1), model.predict({d, all}, 2)) << item.name;
    EXPECT_EQ(loaded.parameter_count(), model.parameter_count());
    const std::string bytes = base::read_file(path_).bytes;
    save_model(path_, loaded);
    EXPECT_EQ(base::read_file(path_).bytes, bytes) << item.name;
  }
}

TEST_F(ModelFile, what_words_mean_is_kept_and_its_table_needed_no_more) {
  const std::string table = folder_.path("alike.tsv");
  base::write_file_atomically(table, "fine\tnifty,splendid\n");
  const auto d = opinions(40);
  for (const char* method : {"tfidf_logistic", "pieces_logistic", "bayes_logistic"}) {
    Spec spec = small_spec();
    spec.model.model = method;
    spec.model.meanings = table;
    const Model model = fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
    save_model(path_, model);
    const std::string bytes = base::read_file(path_).bytes;
    const Model loaded = load_model(path_);
    EXPECT_EQ(loaded.predict({d, all_of(d)}, 1), model.predict({d, all_of(d)}, 2)) << method;
    save_model(path_, loaded);
    EXPECT_EQ(base::read_file(path_).bytes, bytes) << method;
    refuses_other_meanings(bytes);
  }
}

TEST_F(ModelFile, variants_of_what_is_predicted_are_the_same_after_loading) {
  const auto d = trends(30);
  Spec spec = small_spec();
  spec.augment.augment = "jitter(p=1)";
  spec.augment.tta = 2;
  const Model model = fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
  save_model(path_, model);
  EXPECT_EQ(load_model(path_).predict({d, all_of(d)}, 1), model.predict({d, all_of(d)}, 1));
}

Spec whole_spec() {
  Spec spec = small_spec();
  spec.model.ensemble = 2;
  spec.model.blend = "tfidf_logistic, majority";
  spec.model.calibrate = true;
  spec.model.cost = "good>bad=3";
  return spec;
}

TEST_F(ModelFile, keeps_members_temperature_and_costs) {
  const auto d = opinions(40);
  const auto all = all_of(d);
  const Model model = fit_model(whole_spec(), {&d, all, &d, {}}, {}).model;
  ASSERT_EQ(model.members.size(), 4U);
  EXPECT_NE(model.temperature, 1);
  save_model(path_, model);
  const Model loaded = load_model(path_);
  EXPECT_EQ(loaded.temperature, model.temperature);
  EXPECT_EQ(loaded.goal->to_json(), model.goal->to_json());
  EXPECT_TRUE(model.goal->to_json().contains("cost"));
  EXPECT_EQ(loaded.predict({d, all}, 1), model.predict({d, all}, 1));
  EXPECT_NE(loaded.members[0].learner->network()->spec().train.seed,
            loaded.members[1].learner->network()->spec().train.seed);
}

TEST_F(ModelFile, a_changed_part_of_a_member_is_refused) {
  const auto original = tensor::from_safetensors(saved(whole_spec(), opinions(40)), path_);
  const Json head = Json::parse(original.metadata.at("refrain"));
  const auto error_of = [&](const Json& changed) {
    auto file = original;
    file.metadata["refrain"] = changed.dump();
    return parse_error(tensor::to_safetensors(file));
  };
  for (const Json& other : {Json(), Json(-7), Json("x"), Json::array(), Json::object()}) {
    for (const char* key : {"members", "temperature", "cost"}) {
      Json changed = head;
      changed[key] = other;
      EXPECT_EQ(error_of(changed).code(), Code::kData) << key << " " << other;
    }
    for (std::size_t i = 0; i < head["members"].size(); ++i) {
      for (const auto& item : head["members"][i].items()) {
        if (item.key() == "options" && other == Json::object()) continue;
        if (item.value() == other) continue;
        Json changed = head;
        changed["members"][i][item.key()] = other;
        EXPECT_EQ(error_of(changed).code(), Code::kData) << i << item.key() << " " << other;
      }
    }
  }
}

// The error where the JSON head was changed and the checksums made anew.
class ModelHead : public ModelFile {
 protected:
  Error error_after(const std::function<void(Json&)>& change) {
    auto file = tensor::from_safetensors(saved(small_spec(), trends(40)), path_);
    Json head = Json::parse(file.metadata.at("refrain"));
    change(head);
    file.metadata["refrain"] = head.dump();
    return parse_error(tensor::to_safetensors(file));
  }
};

TEST_F(ModelHead, of_another_format_is_refused_with_both_numbers) {
  const Error error = error_after([](Json& head) { head["format"] = 99; });
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_THAT(error.what(), HasSubstr("has model format 99, this version reads 1 and 2"));
}

TEST_F(ModelHead, with_anything_missing_or_of_another_kind_is_refused) {
  const Json head = [this] {
    const auto file = tensor::from_safetensors(saved(small_spec(), trends(40)), path_);
    return Json::parse(file.metadata.at("refrain"));
  }();
  for (const auto& item : head.items()) {
    const std::string& key = item.key();
    if (key == "task") continue;  // there is one task
    EXPECT_EQ(error_after([&](Json& h) { h.erase(key); }).code(), Code::kData) << key;
    for (const Json& other : {Json(), Json(-7), Json("x"), Json::array(), Json::object()}) {
      if (key == "options" && other == Json::object()) continue;
      EXPECT_EQ(error_after([&](Json& h) { h[key] = other; }).code(), Code::kData)
          << key << " " << other;
    }
  }
}

TEST_F(ModelHead, that_claims_gigantic_sizes_is_refused_before_memory_is_asked_for) {
  const Error error = error_after([](Json& head) {
    head["options"]["hidden"] = 4096;
    head["options"]["layers"] = 16;
  });
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_THAT(error.what(), HasSubstr("claims an impossible size"));
}

TEST_F(ModelHead, with_other_sizes_than_its_tensors_names_the_first_that_does_not_fit) {
  const Error error = error_after([](Json& head) { head["options"]["hidden"] = 7; });
  EXPECT_THAT(error.what(), HasSubstr("tensor 'encoder.0.forward.w_x' is missing or of another"));
}

TEST_F(ModelFile, other_files_are_no_models) {
  tensor::TensorFile other;
  other.tensors = {{"w", {1}, {1}}};
  EXPECT_THAT(parse_error(tensor::to_safetensors(other)).what(),
              HasSubstr("is a safetensors file, but not a Refrain model"));
  EXPECT_EQ(parse_error("label,text\n1,a\n").code(), Code::kData);
  EXPECT_EQ(parse_error("").code(), Code::kData);
  try {
    load_model(folder_.path("absent"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kIo);
  }
}

}  // namespace
}  // namespace refrain::task
