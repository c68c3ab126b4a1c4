#include "refrain/tensor/tensor.h"

#include <gtest/gtest.h>

#include <vector>

#include "refrain/base/error.h"

namespace refrain::tensor {
namespace {

TEST(Shape, counts_and_writes_its_sizes) {
  const Shape shape{32, 100, 8};
  EXPECT_EQ(shape.rank(), 3);
  EXPECT_EQ(shape[1], 100);
  EXPECT_EQ(shape.count(), 25600u);
  EXPECT_EQ(shape.text(), "[32,100,8]");
}

TEST(Shape, of_rank_0_is_a_single_number) {
  EXPECT_EQ(Shape().rank(), 0);
  EXPECT_EQ(Shape().count(), 1u);
  EXPECT_EQ(Shape().text(), "[]");
}

TEST(Shape, may_be_empty_and_larger_than_an_int_counts) {
  EXPECT_EQ((Shape{3, 0, 5}).count(), 0u);
  EXPECT_EQ((Shape{100000, 100000}).count(), 10000000000u);
}

TEST(Shape, is_equal_only_with_the_same_sizes_and_rank) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
  EXPECT_NE((Shape{2}), (Shape{2, 0}));
  EXPECT_NE((Shape{0}), Shape());
}

TEST(Shape, refuses_five_sizes_and_negative_ones) {
  EXPECT_EQ((Shape{1, 2, 3, 4}).count(), 24u);
  for (const auto& make : {+[] { return Shape{1, 1, 1, 1, 1}; }, +[] { return Shape{2, -1}; }}) {
    try {
      make();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kShape);
    }
  }
}

TEST(Tensor, is_a_matrix_of_its_first_size_by_all_others) {
  std::vector<real> block(24);
  const Tensor t{{4, 3, 2}, block.data()};
  EXPECT_EQ(t.rows(), 4);
  EXPECT_EQ(t.columns(), 6);
  EXPECT_EQ(t.row(3), block.data() + 18);
  EXPECT_EQ(t.span().size(), 24u);
  t.span()[5] = 7;
  EXPECT_EQ(block[5], 7);
}

TEST(Tensor, of_rank_0_or_without_rows_has_sound_sizes) {
  real one = 3;
  const Tensor single{{}, &one};
  EXPECT_EQ(single.rows(), 1);
  EXPECT_EQ(single.columns(), 1);
  const Tensor none{{0, 5}, nullptr};
  EXPECT_EQ(none.rows(), 0);
  EXPECT_EQ(none.columns(), 0);
  EXPECT_TRUE(none.span().empty());
}

}  // namespace
}  // namespace refrain::tensor
