// The checker itself: it must accept what is right and see what is a little wrong.
#include "refrain/tape/gradient_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace refrain::tape {
namespace {

// y = x^3 elementwise, whose gradient is wrong by a factor for the elements from `first_wrong` on.
Var cube(Tape& tape, Var x, double factor, std::size_t first_wrong) {
  const Tensor xv = tape.value(x);
  const Var y = tape.result(xv.shape, {x});
  for (std::size_t i = 0; i < xv.count(); ++i) {
    tape.value(y).data[i] = xv.data[i] * xv.data[i] * xv.data[i];
  }
  tape.on_backward(y, [xv, dx = tape.gradient(x), dy = tape.gradient(y), factor, first_wrong] {
    for (std::size_t i = 0; i < xv.count(); ++i) {
      const real slope = 3 * xv.data[i] * xv.data[i];
      dx.data[i] += dy.data[i] * slope * (i >= first_wrong ? static_cast<real>(factor) : real{1});
    }
  });
  return y;
}

TEST(GradientCheck, accepts_a_right_gradient) {
  GradientCheck check;
  check.leaf("x", {3, 4}, 2);
  EXPECT_LT(check.worst([](Tape& t, const Var* v) { return cube(t, v[0], 1, 0); }),
            GradientCheck::kTolerance);
}

TEST(GradientCheck, measures_an_error_of_a_thousandth_and_names_its_place) {
  if (!GradientCheck::kDouble) GTEST_SKIP() << "float hides it: build with REFRAIN_DOUBLE";
  GradientCheck check;
  check.leaf("fine", {4});
  check.leaf("x", {12}, 2)[11] = real{1.5};
  const double error = check.worst([](Tape& t, const Var* v) {
    cube(t, v[0], 1, 0);
    return cube(t, v[1], 1.001, 11);
  });
  EXPECT_NEAR(error, 1e-3, 1e-5);
  EXPECT_EQ(check.where(), "x[11]");
}

TEST(GradientCheck, sees_a_missing_and_a_doubled_gradient) {
  for (const double factor : {0.0, 2.0, -1.0}) {
    GradientCheck check;
    check.leaf("x", {3, 4}, 2);
    EXPECT_GT(check.worst([&](Tape& t, const Var* v) { return cube(t, v[0], factor, 0); }), 0.4);
  }
}

TEST(GradientCheck, sees_what_is_not_a_number) {
  GradientCheck check;
  check.leaf("x", {2});
  const double nan = std::nan("");
  const double error = check.worst([&](Tape& t, const Var* v) { return cube(t, v[0], nan, 1); });
  EXPECT_FALSE(error < GradientCheck::kTolerance);
}

TEST(GradientCheck, sees_an_operation_that_differentiates_what_stands_still) {
  GradientCheck check;
  check.leaf("x", {3, 4}, 2);
  const double error = check.worst([](Tape& t, const Var* v) {
    const Var y = t.result({3, 4}, true);  // whatever it is made of
    std::copy_n(t.value(v[0]).data, 12, t.value(y).data);
    t.on_backward(y, [dx = t.gradient(v[0]), dy = t.gradient(y)] {
      for (std::size_t i = 0; i < 12 && dx.data != nullptr; ++i) dx.data[i] += dy.data[i];
    });
    return y;
  });
  EXPECT_GT(error, 1e9);
  EXPECT_EQ(check.where(), "the result, with all leaves standing still");
}

// y = x1 + x2, which gives x2 all of the gradient where x1 stands still.
Var unfair_sum(Tape& tape, Var a, Var b) {
  const Tensor av = tape.value(a), bv = tape.value(b);
  const Var y = tape.result(av.shape, {a, b});
  for (std::size_t i = 0; i < av.count(); ++i) tape.value(y).data[i] = av.data[i] + bv.data[i];
  tape.on_backward(y, [da = tape.gradient(a), db = tape.gradient(b), dy = tape.gradient(y)] {
    for (std::size_t i = 0; i < dy.count(); ++i) {
      if (da.data != nullptr) da.data[i] += dy.data[i];
      if (db.data != nullptr) db.data[i] += dy.data[i] * (da.data == nullptr ? 2 : 1);
    }
  });
  return y;
}

TEST(GradientCheck, sees_a_gradient_that_depends_on_what_else_learns) {
  GradientCheck check;
  check.leaf("a", {3, 4});
  check.leaf("b", {3, 4});
  EXPECT_GT(check.worst([](Tape& t, const Var* v) { return unfair_sum(t, v[0], v[1]); }), 1e9);
  EXPECT_EQ(check.where(), "leaves beside a, which stands still");
}

// |x|, a kink between the points of the first, wide difference.
Var magnitude(Tape& tape, Var x, real sign_of_slope) {
  const Tensor xv = tape.value(x);
  const Var y = tape.result(xv.shape, {x});
  for (std::size_t i = 0; i < xv.count(); ++i) tape.value(y).data[i] = std::abs(xv.data[i]);
  tape.on_backward(y, [xv, dx = tape.gradient(x), dy = tape.gradient(y), sign_of_slope] {
    for (std::size_t i = 0; i < xv.count(); ++i) {
      dx.data[i] += dy.data[i] * (xv.data[i] > 0 ? sign_of_slope : -sign_of_slope);
    }
  });
  return y;
}

TEST(GradientCheck, forgives_a_kink_near_by_but_no_wrong_gradient_beside_it) {
  GradientCheck check;
  check.leaf("x", {1})[0] = GradientCheck::kDouble ? real(1e-4) : real(1e-2);
  EXPECT_LT(check.worst([](Tape& t, const Var* v) { return magnitude(t, v[0], 1); }),
            GradientCheck::kTolerance);
  EXPECT_GT(check.worst([](Tape& t, const Var* v) { return magnitude(t, v[0], -1); }), 0.5);
}

}  // namespace
}  // namespace refrain::tape
