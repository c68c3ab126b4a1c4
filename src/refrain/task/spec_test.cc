#include "refrain/task/spec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/task/preset.h"
#include "refrain/task/task.h"

namespace refrain::task {
namespace {

TEST(Spec, every_option_has_one_name_a_help_text_and_a_section) {
  std::set<std::string> names;
  const auto fields = spec_fields().list();
  for (const auto& field : fields) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name << " stands twice";
    EXPECT_FALSE(field.help.empty()) << field.name;
    EXPECT_FALSE(field.section.empty()) << field.name;
  }
}

TEST(Spec, every_default_is_a_legal_value) {
  const Spec defaults;
  const auto fields = spec_fields().list();
  for (const auto& field : fields) {
    const auto value = field.get(&defaults);
    EXPECT_EQ(base::check_value(field, value), value) << field.name;
  }
}

TEST(Spec, every_option_changes_a_member_of_its_own) {
  const auto fields = spec_fields().list();
  const Spec defaults;
  for (const auto& field : fields) {
    Spec spec;
    base::Json other;
    const auto value = field.get(&defaults);
    switch (field.type) {
      case base::FieldType::kBool:
        other = !value.get<bool>();
        break;
      case base::FieldType::kInteger:
      case base::FieldType::kNumber:
        other = value == field.low ? field.high : field.low;
        break;
      case base::FieldType::kText:
        other = value.get<std::string>() + "x";
        break;
      case base::FieldType::kChoice:
        other = value == field.choices.front() ? field.choices.back() : field.choices.front();
        break;
    }
    base::set_field(fields, &spec, field.name, other);
    for (const auto& each : fields) {
      EXPECT_EQ(each.get(&spec) != each.get(&defaults), each.name == field.name)
          << "setting " << field.name << ", looking at " << each.name;
    }
  }
}

TEST(Resolve, leaves_nothing_open_that_training_needs) {
  for (const int samples : {1, 10, 100, 1000, 10000, 1000000}) {
    for (const bool text : {false, true}) {
      Spec spec;
      spec.train.epochs = spec.train.batch_size = spec.train.threads = 0;
      TrainingData data;
      data.samples = samples;
      data.text = text;
      resolve(spec, data);
      EXPECT_GE(spec.train.epochs, 1) << samples;
      EXPECT_GE(spec.train.batch_size, 1) << samples;
      EXPECT_GE(spec.train.threads, 1) << samples;
      EXPECT_GE(spec.encoder.embedding_dim, 1) << samples;
      EXPECT_GE(spec.encoder.dropout, 0) << samples;
    }
  }
}

TEST(Resolve, keeps_what_was_given) {
  Spec spec;
  spec.given = {"epochs", "batch_size"};
  spec.train.epochs = 7;
  spec.train.batch_size = 5;
  spec.train.threads = 3;
  TrainingData data;
  data.samples = 1000;
  resolve(spec, data);
  EXPECT_EQ(spec.train.epochs, 7);
  EXPECT_EQ(spec.train.batch_size, 5);
  EXPECT_EQ(spec.train.threads, 3);
}

TEST(Presets, few_series_are_trained_on_for_fewer_updates_beside_the_simple_methods) {
  const auto epochs = [](const char* preset, int samples, std::set<std::string> given) {
    Spec spec;
    spec.preset = preset;
    spec.given = std::move(given);  // with the values of no preset
    TrainingData data;
    data.samples = samples;
    apply_preset(spec, data);
    return spec.train.epochs;
  };
  EXPECT_EQ(epochs("good", 24, {}), 90);
  EXPECT_EQ(epochs("good", 200, {}), 46);  // 600 updates of 13 batches
  EXPECT_EQ(epochs("good", 500, {}), 62);  // all 2000 of 32
  EXPECT_EQ(epochs("good", 24, {"blend"}), 300);
  EXPECT_EQ(epochs("good", 24, {"stem"}), 300);
  EXPECT_EQ(epochs("best", 24, {}), 300);
  EXPECT_EQ(epochs("fast", 24, {}), 90);
  EXPECT_EQ(epochs("fast", 1000, {}), 25);  // 800 updates of 32 batches
}

TEST(Tasks, each_is_a_choice_of_the_option_and_has_a_metric) {
  const auto fields = spec_fields().list();
  for (const auto& field : fields) {
    if (field.name != "task") continue;
    EXPECT_EQ(field.choices.front(), "auto");
    for (const auto& item : tasks().items()) {
      EXPECT_NE(std::find(field.choices.begin(), field.choices.end(), item.name),
                field.choices.end());
      EXPECT_NE(std::string(item.value.metric), "");
    }
  }
}

TEST(Preset, weighs_nothing_where_no_simple_method_is_blended) {
  TrainingData texts;
  texts.samples = 2000;
  texts.text = true;
  Spec spec;
  spec.preset = "good";
  apply_preset(spec, texts);
  EXPECT_EQ(spec.model.blend_weight, kAutoWeight);
  Spec alone;
  alone.preset = "good";
  alone.given.insert("blend");
  apply_preset(alone, texts);
  EXPECT_TRUE(alone.model.blend.empty());
  EXPECT_EQ(alone.model.blend_weight, 1);
}

}  // namespace
}  // namespace refrain::task
