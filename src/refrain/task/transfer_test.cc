#include "refrain/task/transfer.h"

#include <gmock/gmock.h>

#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

using testing::ElementsAre;

Source source_of_network(const Network& network) {
  return {"source.refrain",   "classify",       network.spec().encoder,
          network.features(), network.params(), network.goal().classes()};
}

// A network for these samples with the source's architecture and words.
Network network_like(const Source& source, const data::Dataset& d, int seed) {
  Spec spec = small_spec();
  spec.encoder = source.encoder;
  spec.train.seed = seed;
  auto goal = std::make_shared<ClassifyGoal>(labels_of({d, all_of(d)}));
  auto features = data::Features::fit(d, all_of(d), spec.features, &source.features);
  return {spec, std::move(features), std::move(goal)};
}

std::vector<real> row_of(const Network& network, const std::string& name, int row) {
  const auto& params = network.params().params();
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (params[i].name != name) continue;
    const auto t = network.params().value(static_cast<int>(i));
    return {t.row(row), t.row(row) + t.columns()};
  }
  return {};
}

TEST(Transfer, the_same_samples_give_the_network_back) {
  const auto d = trends(20);
  const Network first = make_network(small_spec(), d);
  const Source source = source_of_network(first);
  Network second = network_like(source, d, 9);
  EXPECT_NE(second.params().values(), first.params().values());
  const Moved moved = move_over(source, second);
  EXPECT_EQ(second.params().values(), first.params().values());
  EXPECT_THAT(moved.anew, testing::IsEmpty());
  EXPECT_EQ(moved.classes, 2);
  EXPECT_EQ(moved.matched, 2);
}

// Channels in another order, by name; one of them is new.
TEST(Transfer, inputs_go_by_the_name_of_the_channel) {
  auto d = trends(20);
  d.streams[0].channel_names = {"speed", "heat"};
  const Network first = make_network(small_spec(), d);
  d.streams[0].channel_names = {"heat", "noise"};
  const Source source = source_of_network(first);
  Network second = network_like(source, d, 9);
  const auto before = row_of(second, "encoder.0.forward.w_x", 1);
  const Moved moved = move_over(source, second);
  const std::string w = "encoder.0.forward.w_x";
  EXPECT_EQ(row_of(second, w, 0), row_of(first, w, 1));
  EXPECT_EQ(row_of(second, w, 1), before) << "a channel that the source lacks";
  EXPECT_EQ(row_of(second, w, 2), row_of(first, w, 3)) << "the mask of heat";
  EXPECT_EQ(moved.matched, 1);
  EXPECT_FALSE(moved.by_position);
}

TEST(Transfer, channels_without_a_common_name_go_by_their_places) {
  auto d = trends(20);
  d.streams[0].channel_names = {"a", "b"};
  const Network first = make_network(small_spec(), d);
  d.streams[0].channel_names = {"c", "d"};
  const Source source = source_of_network(first);
  Network second = network_like(source, d, 9);
  const Moved moved = move_over(source, second);
  EXPECT_TRUE(moved.by_position);
  EXPECT_EQ(moved.matched, 2);
  EXPECT_EQ(row_of(second, "encoder.0.forward.w_x", 1), row_of(first, "encoder.0.forward.w_x", 1));
}

TEST(Transfer, words_keep_their_vectors_and_unseen_ones_begin_as_those_spelt_alike) {
  const auto d = opinions(60);
  const Network first = make_network(small_spec(), d);
  auto other = empty_set({"text", data::StreamKind::kText, 0, {}});
  add_sample(other, std::string("fine storys zzz"), "good");
  add_sample(other, std::string("awful"), "other");
  const Source source = source_of_network(first);
  Network second = network_like(source, other, 9);
  const auto& words = second.features().vocabulary(0);
  const auto& known = first.features().vocabulary(0);
  const auto unseen = row_of(second, "encoder.words", words.id("zzz"));
  const Moved moved = move_over(source, second);
  EXPECT_EQ(words.size(), known.size() + 2) << "the source's words stay, behind them the new ones";
  EXPECT_EQ(words.id("film"), known.id("film"));
  EXPECT_EQ(row_of(second, "encoder.words", words.id("fine")),
            row_of(first, "encoder.words", known.id("fine")));
  EXPECT_EQ(row_of(second, "encoder.words", words.id("storys")),
            row_of(first, "encoder.words", known.id("story")));
  EXPECT_EQ(row_of(second, "encoder.words", words.id("zzz")), unseen);
  EXPECT_EQ(moved.words, 2);
  EXPECT_EQ(moved.alike, 1);
  EXPECT_EQ(moved.classes, 1) << "good";
}

TEST(Transfer, a_source_of_another_kind_of_samples_is_refused) {
  const Network first = make_network(small_spec(), trends(20));
  const Source source = source_of_network(first);
  Network second = make_network(small_spec(), opinions(20));
  EXPECT_THROW(move_over(source, second), Error);
}

TEST(Transfer, the_hash_is_of_frozen_parameters_alone) {
  const auto d = trends(20);
  Spec spec = small_spec();
  EXPECT_EQ(frozen_of(make_network(spec, d).params()).hash, "");
  spec.train.freeze = "encoder.*";
  Network network = make_network(spec, d);
  const Frozen before = frozen_of(network.params());
  EXPECT_EQ(before.hash.size(), 64U);
  auto& params = network.params();
  params.values()[params.params().back().offset] += real{1};
  EXPECT_EQ(frozen_of(params).hash, before.hash) << "the head learns";
  params.values()[params.params().front().offset] += real{1};
  EXPECT_NE(frozen_of(params).hash, before.hash);
}

}  // namespace
}  // namespace refrain::task
