#include "refrain/method/gram.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

#include "refrain/base/threads.h"
#include "refrain/kernels/product.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
constexpr int kRun = 256;      // columns summed in single precision
constexpr int kRowStrip = 64;  // rows of one piece of work
constexpr int kShards = 16;    // of transposed_times, whatever the number of threads

int pieces(int count, int size) { return (count + size - 1) / size; }

// Memory aligned as packed weights must be.
class Packed {
 public:
  explicit Packed(const kernels::Weights& weights)
      : data_(static_cast<real*>(::operator new[](
            std::max<Size>(1, kernels::packed_size(weights.K, weights.N)) * sizeof(real),
            kAlign))) {
    kernels::pack(weights, data_.get());
  }
  const real* get() const { return data_.get(); }

 private:
  static constexpr std::align_val_t kAlign{64};
  struct Free {
    void operator()(real* p) const { ::operator delete[](p, kAlign); }
  };
  std::unique_ptr<real, Free> data_;
};

void add_strip(const RowsOf& x, const std::vector<std::unique_ptr<Packed>>& runs, int begin,
               double* out) {
  const int rows = std::min(kRowStrip, x.rows - begin);
  std::vector<real> part(static_cast<Size>(rows) * static_cast<Size>(x.rows));
  for (Size run = 0; run < runs.size(); ++run) {
    const int first = static_cast<int>(run) * kRun;
    const real* a = x.x + static_cast<std::ptrdiff_t>(begin) * x.columns + first;
    kernels::product({a, x.columns, rows, std::min(kRun, x.columns - first), x.rows,
                      runs[run]->get(), nullptr, part.data(), x.rows});
    for (Size i = 0; i < part.size(); ++i) out[i] += static_cast<double>(part[i]);
  }
}

}  // namespace

std::vector<double> inner_products(const RowsOf& x, int threads) {
  std::vector<std::unique_ptr<Packed>> runs(static_cast<Size>(pieces(x.columns, kRun)));
  base::parallel_for(static_cast<int>(runs.size()), threads, [&](int run) {
    const int first = run * kRun;
    runs[static_cast<Size>(run)] = std::make_unique<Packed>(
        kernels::Weights{x.x + first, std::min(kRun, x.columns - first), x.rows, 1, x.columns});
  });
  std::vector<double> out(static_cast<Size>(x.rows) * static_cast<Size>(x.rows));
  base::parallel_for(pieces(x.rows, kRowStrip), threads, [&](int strip) {
    const int begin = strip * kRowStrip;
    add_strip(x, runs, begin, out.data() + static_cast<std::ptrdiff_t>(begin) * x.rows);
  });
  return out;
}

std::vector<real> times(const RowsOf& x, const std::vector<real>& w, int C, int threads) {
  const Packed packed({w.data(), x.columns, C, C, 1});
  std::vector<real> out(static_cast<Size>(x.rows) * static_cast<Size>(C));
  base::parallel_for(pieces(x.rows, kRowStrip), threads, [&](int strip) {
    const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(strip) * kRowStrip;
    const int rows = std::min(kRowStrip, x.rows - static_cast<int>(begin));
    kernels::product({x.x + begin * x.columns, x.columns, rows, x.columns, C, packed.get(), nullptr,
                      out.data() + begin * C, C});
  });
  return out;
}

std::vector<real> transposed_times(const RowsOf& x, const std::vector<real>& r, int C,
                                   int threads) {
  const Size size = static_cast<Size>(x.columns) * static_cast<Size>(C);
  std::vector<std::vector<real>> part(kShards);
  base::parallel_for(kShards, threads, [&](int shard) {
    const int begin = static_cast<int>(static_cast<long long>(x.rows) * shard / kShards);
    const int end = static_cast<int>(static_cast<long long>(x.rows) * (shard + 1) / kShards);
    auto& sum = part[static_cast<Size>(shard)];
    sum.assign(size, 0);
    kernels::outer_product({x.x + static_cast<std::ptrdiff_t>(begin) * x.columns, x.columns,
                            nullptr, r.data() + static_cast<std::ptrdiff_t>(begin) * C, C, nullptr,
                            end - begin, x.columns, C, sum.data(), C});
  });
  std::vector<real> out(size);
  for (const auto& sum : part) {
    for (Size i = 0; i < size; ++i) out[i] += sum[i];
  }
  return out;
}

}  // namespace refrain::method
