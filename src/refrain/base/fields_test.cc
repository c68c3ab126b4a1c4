#include "refrain/base/fields.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace refrain::base {
namespace {

struct Inner {
  int hidden = 64;
  double rate = 0.5;
};

struct Outer {
  bool quiet = false;
  std::string name = "x";
  std::string cell = "lstm";
  Inner inner;
};

Fields<Outer> outer_fields() {
  const auto inner = Fields<Inner>()
                         .field("hidden", &Inner::hidden, 1, 4096, "state size")
                         .field("learning_rate", &Inner::rate, 0, 1, "step");
  return Fields<Outer>()
      .field("quiet", &Outer::quiet, "say nothing")
      .section("Model")
      .field("name", &Outer::name, "any text")
      .field("cell", &Outer::cell, {"rnn", "lstm", "gru"}, "the cell")
      .include(&Outer::inner, inner);
}

Error error_of(const std::string& name, const Json& value) {
  Outer spec;
  try {
    set_field(outer_fields().list(), &spec, name, value);
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "accepted");
}

TEST(Fields, a_number_may_have_a_word_for_a_value_of_its_own) {
  const auto fields = Fields<Inner>().field("rate", &Inner::rate, 0.1, 1, Word{"auto", 0}, "step");
  Inner spec;
  set_field(fields.list(), &spec, "rate", "auto");
  EXPECT_EQ(spec.rate, 0);
  EXPECT_EQ(fields.list()[0].get(&spec), "auto");
  set_field(fields.list(), &spec, "rate", "0.25");
  EXPECT_EQ(spec.rate, 0.25);
  EXPECT_EQ(fields.list()[0].get(&spec), 0.25);
  try {
    set_field(fields.list(), &spec, "rate", "0");
    FAIL() << "the word's number is no value that may be written";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "--rate must be a number in [0.1, 1] or auto, got '0'");
  }
}

TEST(Fields, minus_1_in_files_of_earlier_versions_is_the_word_that_took_its_place) {
  const auto fields = Fields<Inner>().field("rate", &Inner::rate, 0, 1, Word{"auto", -1}, "step");
  Inner spec;
  set_field(fields.list(), &spec, "rate", -1.0);
  EXPECT_EQ(spec.rate, -1);
  EXPECT_EQ(fields.list()[0].get(&spec), "auto");
  EXPECT_THROW(set_field(fields.list(), &spec, "rate", -0.5), Error);
}

TEST(Fields, values_of_every_type_reach_their_member_as_json_and_as_text) {
  const auto fields = outer_fields().list();
  Outer spec;
  set_field(fields, &spec, "hidden", 7);
  EXPECT_EQ(spec.inner.hidden, 7);
  set_field(fields, &spec, "hidden", "128");
  EXPECT_EQ(spec.inner.hidden, 128);
  set_field(fields, &spec, "learning-rate", "1e-3");
  EXPECT_DOUBLE_EQ(spec.inner.rate, 0.001);
  set_field(fields, &spec, "learning_rate", 1);
  EXPECT_EQ(spec.inner.rate, 1);
  set_field(fields, &spec, "quiet", "yes");
  EXPECT_TRUE(spec.quiet);
  set_field(fields, &spec, "quiet", 0);
  EXPECT_FALSE(spec.quiet);
  set_field(fields, &spec, "cell", "gru");
  EXPECT_EQ(spec.cell, "gru");
  set_field(fields, &spec, "name", "42");
  EXPECT_EQ(spec.name, "42");
}

TEST(Fields, all_values_come_back_as_json_in_order) {
  Outer spec;
  spec.inner.hidden = 3;
  EXPECT_EQ(fields_to_json(outer_fields().list(), &spec).dump(),
            R"({"quiet":false,"name":"x","cell":"lstm","hidden":3,"learning_rate":0.5})");
}

TEST(Fields, sections_help_and_ranges_are_kept) {
  const auto fields = outer_fields().list();
  EXPECT_EQ(fields[0].section, "");
  EXPECT_EQ(fields[2].section, "Model");
  EXPECT_EQ(fields[3].help, "state size");
  EXPECT_EQ(fields[3].high, 4096);
  EXPECT_EQ(fields[3].type, FieldType::kInteger);
  EXPECT_EQ(fields[4].type, FieldType::kNumber);
}

TEST(Fields, a_value_out_of_range_names_the_option_the_range_and_the_value) {
  EXPECT_EQ(error_of("hidden", 0).code(), Code::kUsage);
  EXPECT_STREQ(error_of("hidden", 0).what(),
               "--hidden must be a whole number in [1, 4096], got '0'");
  EXPECT_STREQ(error_of("hidden", "4097").what(),
               "--hidden must be a whole number in [1, 4096], got '4097'");
  EXPECT_STREQ(error_of("learning_rate", -0.5).what(),
               "--learning-rate must be a number in [0, 1], got '-0.5'");
}

TEST(Fields, a_value_of_the_wrong_type_is_refused) {
  for (const Json& value : {Json(1.5), Json("1.5"), Json("12x"), Json(""), Json("nan"), Json(true),
                            Json(nullptr), Json::array()}) {
    EXPECT_EQ(error_of("hidden", value).code(), Code::kUsage) << value;
  }
  EXPECT_EQ(error_of("learning_rate", "nan").code(), Code::kUsage);
  EXPECT_EQ(error_of("learning_rate", "inf").code(), Code::kUsage);
  EXPECT_STREQ(error_of("quiet", "perhaps").what(), "--quiet must be true or false, got 'perhaps'");
  EXPECT_STREQ(error_of("name", 3).what(), "--name must be text, got '3'");
}

TEST(Fields, an_unknown_choice_or_option_gets_the_nearest) {
  const Error choice = error_of("cell", "lsmt");
  EXPECT_STREQ(choice.what(), "--cell must be one of rnn|lstm|gru, got 'lsmt'");
  EXPECT_EQ(choice.hint(), "did you mean 'lstm'?");
  const Error option = error_of("hiden", 3);
  EXPECT_STREQ(option.what(), "unknown option --hiden");
  EXPECT_EQ(option.hint(), "did you mean --hidden?");
  EXPECT_EQ(error_of("zzzzzzzzz", 3).hint(), "'refrain train --help' lists the options");
}

TEST(Fields, names_are_shown_with_dashes) { EXPECT_EQ(option_name("clip_norm"), "clip-norm"); }

}  // namespace
}  // namespace refrain::base
