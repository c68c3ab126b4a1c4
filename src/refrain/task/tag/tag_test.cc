#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/task/fit.h"
#include "refrain/task/made_up_data.h"
#include "refrain/task/model_file.h"
#include "refrain/task/tag/codec.h"
#include "refrain/task/tag/goal.h"
#include "refrain/task/task.h"
#include "refrain/task/transfer.h"

namespace refrain::task {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// "in" begins a place of one or two words, "mr" a person of one, which no word tells by itself.
data::Dataset sentences(int n) {
  data::Dataset d = empty_set({"text", data::StreamKind::kText, 0, {}});
  d.has_labels = false;
  d.has_tags = true;
  d.tag_scheme = "bio";
  const std::vector<std::string> names = {"Ash", "Elm", "Oak", "Yew"}, rest = {"we", "saw", "it"};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(37).fork(static_cast<std::uint64_t>(i));
    std::string text;
    std::vector<std::string> tags;
    const auto add = [&](const std::string& word, const std::string& tag) {
      text += (text.empty() ? "" : " ") + word;
      tags.push_back(tag);
    };
    for (int part = 0; part < 3; ++part) {
      const auto kind = rng.below(3);
      if (kind == 0) add(rest[rng.below(rest.size())], "O");
      if (kind == 1) add("mr", "O"), add(names[rng.below(names.size())], "B-PER");
      if (kind == 2) add("in", "O"), add(names[rng.below(names.size())], "B-LOC");
      if (kind == 2 && rng.uniform() < 0.5) add(names[rng.below(names.size())], "I-LOC");
    }
    add_sample(d, text, "");
    d.samples.back().tags = tags;
  }
  return d;
}

// A level that jumps between -1 and 1, with noise; the tag is whether it is up.
data::Dataset levels(int n) {
  data::Dataset d = empty_set({"series", data::StreamKind::kSeries, 1, {}});
  d.has_labels = false;
  d.has_tags = true;
  d.tag_scheme = "plain";
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(41).fork(static_cast<std::uint64_t>(i));
    data::Series series{12, 1, {}};
    std::vector<std::string> tags;
    bool up = rng.uniform() < 0.5;
    for (int t = 0; t < 12; ++t) {
      if (rng.uniform() < 0.2) up = !up;
      series.values.push_back(static_cast<float>((up ? 1 : -1) + 0.4 * rng.normal()));
      tags.emplace_back(up ? "up" : "down");
    }
    add_sample(d, std::move(series), "");
    d.samples.back().tags = tags;
  }
  return d;
}

Spec tag_spec() {
  Spec spec = small_spec();
  spec.task = "tag";
  spec.train.epochs = 25;
  spec.encoder.spelling_dim = 6;
  return spec;
}

FitParts first_of(const data::Dataset& d, int train) {
  FitParts parts{&d, {}, &d, {}};
  for (int i = 0; i < train; ++i) parts.train.push_back(i);
  return parts;
}

data::Subset rest_of(const data::Dataset& d, int from, std::vector<int>& chosen) {
  chosen.clear();
  for (int i = from; i < static_cast<int>(d.samples.size()); ++i) chosen.push_back(i);
  return {d, chosen};
}

double score_of(const Model& model, const data::Dataset& d, int from) {
  std::vector<int> chosen;
  const auto rest = rest_of(d, from, chosen);
  const auto answers = model.goal->answers(rest, model.answer(rest, 1));
  return answers->metrics().front().value(*answers);
}

Source source_of_tagger(const Network& net) {
  return {"s", "tag", net.spec().encoder, net.features(), net.params(), net.goal().columns()};
}

TEST(TagCodec, tells_spans_with_and_without_their_ends_and_back) {
  const std::vector<std::string> tags = {"B-A", "I-A", "B-B"};
  const std::vector<std::string> sample = {"O", "B-A", "I-A", "I-A", "B-A", "O", "B-B", "B-B"};
  for (const bool closed : {false, true}) {
    const TagCodec codec(tags, true, closed);
    EXPECT_EQ(codec.size(), closed ? 9 : 5);
    EXPECT_EQ(codec.decode(codec.encode(sample)), sample) << closed;
  }
  const TagCodec codec(tags, true, true);
  const auto& names = codec.names();
  std::vector<std::string> told;
  for (const int k : codec.encode(sample)) told.push_back(names[static_cast<std::size_t>(k)]);
  EXPECT_THAT(told, ElementsAre("O", "B-A", "I-A", "E-A", "S-A", "O", "S-B", "S-B"));
  EXPECT_THAT(codec.encode({"B-C"}), ElementsAre(-1));
}

TEST(TagCodec, finds_the_likeliest_sequence_among_those_that_are_allowed) {
  const TagCodec codec({"B-A", "B-B", "I-A", "O"}, true, false);  // O, B-A, I-A, B-B, I-B
  ASSERT_THAT(codec.names(), ElementsAre("O", "B-A", "I-A", "B-B", "I-B"));
  const std::vector<double> p = {0.4, 0.3, 0.1, 0.1, 0.1, 0.1, 0.05, 0.7, 0.1, 0.05};
  EXPECT_THAT(codec.decode(codec.best(p.data(), 2, 5)), ElementsAre("B-A", "I-A"));
  EXPECT_THAT(codec.decode(codec.best(p.data() + 5, 1, 5)), ElementsAre("O"));
}

TEST(Tag, learns_what_a_word_is_from_the_word_before_it) {
  const auto d = sentences(160);
  for (const char* head : {"crf", "softmax"}) {
    Spec spec = tag_spec();
    spec.tag.head = head;
    EXPECT_GT(score_of(fit_model(spec, first_of(d, 120), {}).model, d, 120), 0.97) << head;
  }
}

TEST(Tag, learns_labels_of_the_steps_of_a_series) {
  const auto d = levels(160);
  EXPECT_GT(score_of(fit_model(tag_spec(), first_of(d, 120), {}).model, d, 120), 0.93);
}

TEST(Tag, reads_spellings_by_a_recurrent_layer_too) {
  const auto d = sentences(60);
  Spec spec = tag_spec();
  spec.train.epochs = 2;
  spec.features.spelling = "recurrent";
  spec.given.insert("spelling");
  const Model model = fit_model(spec, first_of(d, 40), {}).model;
  EXPECT_EQ(model.features.spec().spelling, "recurrent");
  std::vector<int> chosen;
  const auto rest = rest_of(d, 40, chosen);
  EXPECT_EQ(parse_model(model_bytes(model), "m").predict(rest, 1), model.predict(rest, 1));
}

TEST(Tag, a_model_with_methods_answers_the_same_from_its_file_and_on_two_threads) {
  const auto d = sentences(80);
  Spec spec = tag_spec();
  spec.train.epochs = 3;
  spec.model.ensemble = 2;
  spec.model.blend = "feature_crf,frequent_tag,entity_dictionary";
  const Model model = fit_model(spec, first_of(d, 60), {}).model;
  std::vector<int> chosen;
  const auto rest = rest_of(d, 60, chosen);
  const auto answers = model.predict(rest, 1);
  EXPECT_EQ(parse_model(model_bytes(model), "m").predict(rest, 2), answers);
  spec.train.threads = 2;
  EXPECT_EQ(fit_model(spec, first_of(d, 60), {}).model.predict(rest, 2), answers);
  const auto width = static_cast<std::size_t>(model.goal->width());
  for (std::size_t row = 0; row < answers.size() / width; ++row) {
    double sum = 0;
    for (std::size_t k = 0; k < width; ++k) sum += answers[row * width + k];
    EXPECT_NEAR(sum, 1, 1e-4);
  }
}

TEST(Tag, weights_of_methods_come_from_inner_folds) {
  const auto d = sentences(60);
  Spec spec = tag_spec();
  spec.train.epochs = 2;
  spec.model.blend = "feature_crf";
  spec.model.blend_weight = kAutoWeight;
  spec.given.insert("blend_weight");
  const auto fitted = fit_model(spec, first_of(d, 50), {});
  double total = 0;
  for (const auto& member : fitted.model.members) total += member.weight;
  EXPECT_NEAR(total, 1, 1e-9);
}

TEST(Tag, a_sample_is_answered_the_same_in_any_company) {
  const auto d = sentences(50);
  Spec spec = tag_spec();
  spec.train.epochs = 2;
  const Model model = fit_model(spec, first_of(d, 30), {}).model;
  std::vector<int> chosen;
  const auto rest = rest_of(d, 30, chosen);
  const auto all = model.predict(rest, 1);
  std::vector<double> one_by_one;
  for (const int i : chosen) {
    const auto p = model.predict({d, {i}}, 1);
    one_by_one.insert(one_by_one.end(), p.begin(), p.end());
  }
  EXPECT_EQ(one_by_one, all);
}

TEST(Tag, a_text_without_words_moves_no_answer_of_another) {
  const auto d = sentences(50);
  Spec spec = tag_spec();
  spec.train.epochs = 2;
  spec.model.blend = "feature_crf,frequent_tag,entity_dictionary";
  const Model model = fit_model(spec, first_of(d, 30), {}).model;
  data::Dataset asked = d;
  asked.samples[40].streams = {std::string()};
  asked.samples[40].tags.clear();
  const auto said = model.answer({asked, {39, 40, 41}}, 1);
  const auto before = model.answer({d, {39}}, 1), behind = model.answer({d, {41}}, 1);
  EXPECT_THAT(said.decided, ElementsAre(before.decided[0], "", behind.decided[0]));
  EXPECT_EQ(said.confidence[0], before.confidence[0]);
  EXPECT_TRUE(said.confidence[1].empty());
  EXPECT_EQ(said.confidence[2], behind.confidence[0]);
}

TEST(Tag, a_tagger_begins_with_the_tags_of_another_by_their_names) {
  auto d = sentences(30), others = sentences(30);
  for (auto& sample : others.samples) {
    for (auto& tag : sample.tags) {
      if (tag == "B-PER") tag = "B-ORG";
    }
  }
  const Network from = make_network(tag_spec(), first_of(d, 30));
  Network to = make_network(tag_spec(), first_of(others, 30));
  const Moved moved = move_over(source_of_tagger(from), to);
  EXPECT_EQ(moved.classes, 5) << "O and the four of LOC";
  const auto value = [](const Network& net, const char* name) {
    int i = 0;
    while (net.params().params()[static_cast<std::size_t>(i)].name != name) ++i;
    return net.params().value(i);
  };
  const auto place = [](const Network& net, const char* tag) {
    const auto& names = net.goal().columns();
    return static_cast<int>(std::find(names.begin(), names.end(), tag) - names.begin());
  };
  const auto w = value(to, "head.w"), source_w = value(from, "head.w");
  EXPECT_NE(place(from, "S-LOC"), place(to, "S-ORG"));
  for (int r = 0; r < w.rows(); ++r) {
    EXPECT_EQ(w.row(r)[place(to, "E-LOC")], source_w.row(r)[place(from, "E-LOC")]);
  }
  value(from, "head.transitions").row(place(from, "O"))[place(from, "S-LOC")] = 3;
  move_over(source_of_tagger(from), to);
  EXPECT_EQ(value(to, "head.transitions").row(place(to, "O"))[place(to, "S-LOC")], 3);
}

TEST(Tag, rare_tags_that_weigh_more_are_found_more_often) {
  const auto d = sentences(120);
  const auto predicted = [&](const std::string& weight) {
    Spec spec = tag_spec();
    spec.train.epochs = 3;
    spec.classify.class_weight = weight;
    const Model model = fit_model(spec, first_of(d, 60), {}).model;
    std::vector<int> chosen;
    const auto rest = rest_of(d, 60, chosen);
    double sum = 0;
    const auto answers = model.predict(rest, 1);
    const auto width = static_cast<std::size_t>(model.goal->width());
    for (std::size_t at = 0; at < answers.size(); at += width) sum += answers[at];  // of O
    return sum;
  };
  EXPECT_LT(predicted("balanced"), predicted("none"));
}

TEST(Tag, a_label_of_the_whole_sample_is_learned_beside_the_tags) {
  auto d = sentences(160);
  for (auto& sample : d.samples) {
    const bool place = std::count(sample.tags.begin(), sample.tags.end(), "B-LOC") > 0;
    sample.label = place ? "travel" : "talk";
  }
  Spec spec = tag_spec();
  spec.tag.also = "label";
  spec.model.blend = "frequent_tag";
  spec.model.blend_weight = 0.2;
  spec.given.insert("blend_weight");
  const Model model = fit_model(spec, first_of(d, 120), {}).model;
  std::vector<int> chosen;
  const auto rest = rest_of(d, 120, chosen);
  const auto said = model.answer(rest, 1);
  int right = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    right += said.labels[i] == rest[static_cast<int>(i)].label;
  EXPECT_GE(right, 38) << "of 40";
  EXPECT_GT(score_of(model, d, 120), 0.97);
  EXPECT_EQ(parse_model(model_bytes(model), "m").predict(rest, 1), model.predict(rest, 1));
  for (auto& sample : d.samples) sample.label = "same";
  EXPECT_THROW(fit_model(spec, first_of(d, 120), {}), Error);
}

TEST(Tag, what_cannot_be_learned_is_refused) {
  const auto message = [](const data::Dataset& d, const Spec& spec) -> std::string {
    try {
      fit_model(spec, first_of(d, static_cast<int>(d.samples.size())), {});
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  auto d = sentences(20);
  Spec spec = tag_spec();
  spec.train.mixup = 0.2;
  EXPECT_THAT(message(d, spec), HasSubstr("--mixup is for answers to whole samples"));
  spec = tag_spec();
  spec.encoder.segment = 2;
  EXPECT_THAT(message(d, spec), HasSubstr("each step is answered"));
  d.samples[3].tags.pop_back();
  EXPECT_THROW(require_tags({d, {0, 1, 2, 3}}), Error);
  d = sentences(20);
  for (auto& sample : d.samples) sample.tags.assign(sample.tags.size(), "O");
  try {
    require_tags({d, {0, 1, 2}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("all tags of the 3 training samples are 'O'"));
  }
}

TEST(Tag, a_damaged_goal_is_refused) {
  const base::Json good = {{"tags", {"B-A", "O"}},
                           {"spans", true},
                           {"closed", false},
                           {"chain", true},
                           {"known", base::Json::array({base::Json::array({"Elm", "A"})})}};
  EXPECT_EQ(read_tag(good)->to_json(), good);
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, base::Json>>{{"tags", {"O", "O"}},
                                                       {"tags", base::Json::array()},
                                                       {"tags", {"x", "O"}},
                                                       {"labels", {"one"}}}) {
    base::Json bad = good;
    bad[name] = value;
    EXPECT_THROW(read_tag(bad), Error) << name << value;
  }
}

}  // namespace
}  // namespace refrain::task
