// Products against plain loops in double, on every instruction set.
#include "refrain/kernels/product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

constexpr real kNan = std::numeric_limits<real>::quiet_NaN();
constexpr double kRounding = std::numeric_limits<real>::epsilon();

class ProductOnIsa : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};
INSTANTIATE_TEST_SUITE_P(AllIsas, ProductOnIsa, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

// A matrix whose rows are `gap` elements further apart than they are wide; the gaps hold NaN, so
// that reading or writing there shows.
struct Matrix {
  int rows, columns;
  std::ptrdiff_t stride;
  std::vector<real> data;

  Matrix(int r, int c, int gap, base::Rng& rng) : rows(r), columns(c), stride(c + gap) {
    data.assign(static_cast<std::size_t>(rows * stride) + 1, kNan);
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < columns; ++j) at(i, j) = static_cast<real>(rng.uniform(-1, 1));
    }
  }
  real& at(int r, int c) { return data[static_cast<std::size_t>(r * stride + c)]; }
  double number(int r, int c) { return static_cast<double>(at(r, c)); }
  bool gaps_untouched() {
    for (int i = 0; i < rows; ++i) {
      for (auto j = columns; j < stride; ++j) {
        if (!std::isnan(at(i, j))) return false;
      }
    }
    return std::isnan(data.back());
  }
};

struct Packed {
  std::vector<real> memory;
  real* data;

  Packed(Matrix& m, bool transposed) {
    const int K = transposed ? m.columns : m.rows, N = transposed ? m.rows : m.columns;
    const std::size_t size = packed_size(K, N);
    memory.resize(size + 64 / sizeof(real));
    void* p = memory.data();
    std::size_t space = memory.size() * sizeof(real);
    data = static_cast<real*>(std::align(64, size * sizeof(real), p, space));
    pack({m.data.data(), K, N, transposed ? 1 : m.stride, transposed ? m.stride : 1}, data);
  }
};

// A sum in any order differs from the exact one by at most this.
double bound(int terms, double sum_of_magnitudes) {
  return (terms + 4) * kRounding * sum_of_magnitudes;
}

struct ProductCase {
  int rows, K, N;
  bool transposed, bias, accumulate;
};

void check_product(const ProductCase& c, base::Rng& rng) {
  const int gap = static_cast<int>(rng.below(4));
  Matrix a(c.rows, c.K, gap, rng), bias(1, c.N, 0, rng), out(c.rows, c.N, 3 - gap, rng);
  Matrix b(c.transposed ? c.N : c.K, c.transposed ? c.K : c.N, gap, rng);
  Matrix before = out;
  Packed packed(b, c.transposed);
  product({a.data.data(), a.stride, c.rows, c.K, c.N, packed.data,
           c.bias ? bias.data.data() : nullptr, out.data.data(), out.stride, c.accumulate});
  for (int i = 0; i < c.rows; ++i) {
    for (int j = 0; j < c.N; ++j) {
      double sum = 0, size = 0;
      const auto term = [&](double x) { sum += x, size += std::abs(x); };
      for (int k = 0; k < c.K; ++k) {
        term(a.number(i, k) * (c.transposed ? b.number(j, k) : b.number(k, j)));
      }
      if (c.bias) term(bias.number(0, j));
      if (c.accumulate) term(before.number(i, j));
      ASSERT_LE(std::abs(out.number(i, j) - sum), bound(c.K, size))
          << "row " << i << " column " << j << " of " << c.rows << "x" << c.K << "x" << c.N;
    }
  }
  ASSERT_TRUE(out.gaps_untouched()) << c.rows << "x" << c.K << "x" << c.N;
}

constexpr int kWidths[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 47, 64, 65};

TEST_P(ProductOnIsa, every_size_agrees_with_plain_loops) {
  base::Rng rng(1);
  std::size_t turn = 0;
  for (int rows = 1; rows <= 30; ++rows) {
    for (int K = 0; K <= 70; ++K) {
      const int N = kWidths[turn++ % std::size(kWidths)];
      const auto options = rng.below(8);
      check_product({rows, K, N, (options & 1) != 0, (options & 2) != 0, (options & 4) != 0}, rng);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(ProductOnIsa, every_width_agrees_under_each_option) {
  base::Rng rng(2);
  for (int N = 1; N <= 70; ++N) {
    for (int options = 0; options < 8; ++options) {
      check_product({7, 9, N, (options & 1) != 0, (options & 2) != 0, (options & 4) != 0}, rng);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(ProductOnIsa, many_rows_are_cut_without_a_seam) {
  base::Rng rng(3);
  for (const int rows : {95, 96, 97, 191, 192, 193, 400}) {
    check_product({rows, 11, 19, false, true, true}, rng);
    if (HasFatalFailure()) return;
  }
}

TEST_P(ProductOnIsa, no_rows_write_nothing) {
  base::Rng rng(4);
  check_product({0, 5, 6, false, true, false}, rng);
}

TEST_P(ProductOnIsa, a_row_does_not_depend_on_the_rows_beside_it) {
  base::Rng rng(5);
  for (const int N : {1, 5, 16, 33}) {
    const int rows = 110, K = 37;
    Matrix a(rows, K, 1, rng), b(K, N, 0, rng), all(rows, N, 2, rng), some = all;
    Packed packed(b, false);
    product(
        {a.data.data(), a.stride, rows, K, N, packed.data, nullptr, all.data.data(), all.stride});
    for (int count = 1; count <= 100; ++count) {
      for (const int first : {0, 1, 10}) {
        product({&a.at(first, 0), a.stride, count, K, N, packed.data, nullptr, &some.at(first, 0),
                 some.stride});
        for (int i = first; i < first + count; ++i) {
          for (int j = 0; j < N; ++j) ASSERT_EQ(some.at(i, j), all.at(i, j)) << count << " rows";
        }
      }
    }
  }
}

std::vector<int> random_index(int count, int below, base::Rng& rng) {
  std::vector<int> index;
  for (int i = 0; i < count; ++i) {
    index.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(below))));
  }
  return index;
}

struct OuterCase {
  int rows, Ka, Nb;
  bool index_a, index_b;
};

void check_outer(const OuterCase& c, base::Rng& rng) {
  const int gap = static_cast<int>(rng.below(4)), stored = c.rows + 5;
  Matrix a(stored, c.Ka, gap, rng), b(stored, c.Nb, 3 - gap, rng), out(c.Ka, c.Nb, gap, rng);
  Matrix before = out;
  const auto ia = random_index(c.rows, stored, rng), ib = random_index(c.rows, stored, rng);
  outer_product({a.data.data(), a.stride, c.index_a ? ia.data() : nullptr, b.data.data(), b.stride,
                 c.index_b ? ib.data() : nullptr, c.rows, c.Ka, c.Nb, out.data.data(), out.stride});
  for (int i = 0; i < c.Ka; ++i) {
    for (int j = 0; j < c.Nb; ++j) {
      double sum = before.number(i, j), size = std::abs(sum);
      for (int m = 0; m < c.rows; ++m) {
        const auto at = static_cast<std::size_t>(m);
        const double x = a.number(c.index_a ? ia[at] : m, i) * b.number(c.index_b ? ib[at] : m, j);
        sum += x;
        size += std::abs(x);
      }
      ASSERT_LE(std::abs(out.number(i, j) - sum), bound(c.rows, size))
          << i << "," << j << " of " << c.rows << " rows, " << c.Ka << "x" << c.Nb;
    }
  }
  ASSERT_TRUE(out.gaps_untouched());
}

TEST_P(ProductOnIsa, outer_products_of_every_size_agree_with_plain_loops) {
  base::Rng rng(6);
  std::size_t turn = 0;
  for (int Ka = 1; Ka <= 30; ++Ka) {
    for (const int rows : {0, 1, 2, 3, 7, 30, 127, 128, 129, 260}) {
      const auto options = rng.below(4);
      const int Nb = kWidths[turn++ % std::size(kWidths)];
      check_outer({rows, Ka, Nb, (options & 1) != 0, (options & 2) != 0}, rng);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(ProductOnIsa, outer_products_of_every_width_agree_with_and_without_indices) {
  base::Rng rng(7);
  for (int Nb = 1; Nb <= 70; ++Nb) {
    for (int options = 0; options < 4; ++options) {
      check_outer({9, 5, Nb, (options & 1) != 0, (options & 2) != 0}, rng);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(ProductOnIsa, column_sums_are_added_to_what_is_there) {
  base::Rng rng(8);
  for (int N = 1; N <= 40; ++N) {
    for (const int rows : {0, 1, 2, 17}) {
      Matrix a(rows, N, 2, rng), sum(1, N, 1, rng), before = sum;
      add_column_sums(a.data.data(), a.stride, rows, N, sum.data.data());
      for (int j = 0; j < N; ++j) {
        double expected = before.number(0, j), size = std::abs(expected);
        for (int i = 0; i < rows; ++i) {
          expected += a.number(i, j);
          size += std::abs(a.number(i, j));
        }
        ASSERT_LE(std::abs(sum.number(0, j) - expected), bound(rows, size)) << N << " columns";
      }
      ASSERT_TRUE(sum.gaps_untouched());
    }
  }
}

}  // namespace
}  // namespace refrain::kernels
