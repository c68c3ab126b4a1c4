// Contrast of views: two variants of each series; the vector of one must be more like that of the
// other than like those of all other series in the update (Chen et al. 2020, "A simple framework
// for contrastive learning"; the normalised temperature-scaled cross-entropy).
#include <algorithm>
#include <cmath>

#include "refrain/pretext/objective.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/linear.h"

namespace refrain::pretext {
namespace {

constexpr int kProjected = 64;  // numbers that are compared

// The outputs of all shards as unit vectors.
struct Units {
  int n = 0;                 // rows: looks 2 i and 2 i + 1 are of one series
  std::vector<double> z;     // [n,kProjected]
  std::vector<double> norm;  // [n] before

  const double* row(int i) const { return z.data() + static_cast<std::ptrdiff_t>(i) * kProjected; }
};

Units units_of(std::span<const Told> told) {
  Units u;
  for (const Told& t : told) {
    for (int r = 0; r < t.value.rows(); ++r, ++u.n) {
      double sum = 1e-12;
      for (int c = 0; c < kProjected; ++c) {
        const double x = static_cast<double>(t.value.row(r)[c]);
        sum += x * x;
      }
      u.norm.push_back(std::sqrt(sum));
      for (int c = 0; c < kProjected; ++c) {
        u.z.push_back(static_cast<double>(t.value.row(r)[c]) / u.norm.back());
      }
    }
  }
  return u;
}

double dot(const double* a, const double* b) {
  double sum = 0;
  for (int c = 0; c < kProjected; ++c) sum += a[c] * b[c];
  return sum;
}

// How alike rows are, [n,n].
std::vector<double> likeness(const Units& u) {
  std::vector<double> s(static_cast<std::size_t>(u.n) * static_cast<std::size_t>(u.n));
  for (int i = 0; i < u.n; ++i) {
    for (int j = 0; j <= i; ++j) {
      const double d = dot(u.row(i), u.row(j));
      s[static_cast<std::size_t>(i) * static_cast<std::size_t>(u.n) + static_cast<std::size_t>(j)] =
          d;
      s[static_cast<std::size_t>(j) * static_cast<std::size_t>(u.n) + static_cast<std::size_t>(i)] =
          d;
    }
  }
  return s;
}

// Likeness -> its gradient in place; the mean loss.
double entropy_in_place(std::vector<double>& s, int n, double temperature) {
  double loss = 0;
  for (int i = 0; i < n; ++i) {
    double* row = s.data() + static_cast<std::ptrdiff_t>(i) * n;
    const int other = i ^ 1;
    double sum = 0;
    const double own = row[other] / temperature;
    for (int j = 0; j < n; ++j) {
      row[j] = j == i ? 0 : std::exp((row[j] - 1) / temperature);
      sum += row[j];
    }
    loss += std::log(sum) + 1 / temperature - own;
    for (int j = 0; j < n; ++j) row[j] /= sum * temperature * n;
    row[other] -= 1 / (temperature * n);
  }
  return loss / n;
}

class Contrast : public Objective {
 public:
  explicit Contrast(const Setting& s) : temperature_(s.spec.temperature) {}

  int looks() const override { return 2; }

  void look(const Samples& samples, int place, const base::Rng& rng,
            std::vector<Look>& out) const override {
    for (const std::uint64_t view : {0, 1}) {
      Look look;
      look.read = read_varied(samples, place, rng.fork(view));
      look.read.index = 2 * look.read.index + static_cast<std::int64_t>(view);
      out.push_back(std::move(look));
    }
  }

  void declare(const nn::Encoder& encoder, nn::ParamSet& params) override {
    const int F = encoder.features();
    w1_ = params.add({"pretext.w1", {F, 2 * kProjected}, nn::Start::kGlorot});
    b1_ = params.add({"pretext.b1", {2 * kProjected}, nn::Start::kZero, 1, false});
    w2_ = params.add({"pretext.w2", {2 * kProjected, kProjected}, nn::Start::kGlorot});
  }

  Output output(nn::Context& context, const nn::Encoder& encoder) const override {
    tape::Tape& tape = context.tape;
    tape::Var x = encoder.forward(context, context.batch.streams.front());
    x = tape::relu(tape, tape::linear(tape, x, context.param(w1_), context.param(b1_)));
    return {tape::linear(tape, x, context.param(w2_), {})};
  }

  double loss(std::span<Told> told) const override {
    const Units u = units_of(told);
    if (u.n < 4) {
      for (const Told& t : told) clear(t);
      return 0;
    }
    auto s = likeness(u);
    const double loss = entropy_in_place(s, u.n, temperature_);
    hand_back(u, s, told);
    return loss;
  }

  // A hit: of all other looks the nearest one is that of the same series.
  void judge(std::span<const Told> told, Figures& figures) const override {
    figures.metric = "matched";
    if (figures.simple.empty()) figures.simple = {{"nearest_values", {}}, {"chance", {}}};
    const Units u = units_of(told);
    std::vector<const Look*> looks;
    for (const Told& t : told) {
      for (const Look& look : t.looks) looks.push_back(&look);
    }
    for (int i = 0; i < u.n; i += 2) {
      figures.rows.push_back({hit(u.n, i, [&](int j) { return -dot(u.row(i), u.row(j)); }), 1});
      figures.simple[0].second.push_back({hit(u.n, i,
                                              [&](int j) {
                                                return distance(
                                                    *looks[static_cast<std::size_t>(i)],
                                                    *looks[static_cast<std::size_t>(j)]);
                                              }),
                                          1});
      figures.simple[1].second.push_back({1.0 / std::max(1, u.n - 1), 1});
    }
  }

 private:
  static void clear(const Told& t) {
    if (t.gradient == nullptr) return;
    std::fill_n(t.gradient, static_cast<std::ptrdiff_t>(t.value.shape.count()), real{0});
  }

  template <class Far>
  static double hit(int n, int i, const Far& far) {
    int nearest = -1;
    double least = 0;
    for (int j = 0; j < n; ++j) {
      if (j == i) continue;
      const double d = far(j);
      if (nearest >= 0 && d >= least) continue;
      nearest = j;
      least = d;
    }
    return nearest == (i ^ 1) ? 1 : 0;
  }

  // Returns the distance of the values, at 32 places of each series.
  static double distance(const Look& a, const Look& b) {
    constexpr int kPlaces = 32;
    const auto &x = a.read.streams.front(), &y = b.read.streams.front();
    const std::size_t columns = x.values.size() / static_cast<std::size_t>(x.length);
    double sum = 0;
    for (int p = 0; p < kPlaces; ++p) {
      const auto at = [&](const data::EncodedStream& s) {
        return s.values.data() + static_cast<std::size_t>(p * s.length / kPlaces) * columns;
      };
      for (std::size_t c = 0; c < columns; ++c) {
        const double d = static_cast<double>(at(x)[c] - at(y)[c]);
        sum += d * d;
      }
    }
    return sum;
  }

  // The gradient of likeness [n,n] to that of the outputs, through the unit vectors.
  static void hand_back(const Units& u, const std::vector<double>& s, std::span<Told> told) {
    int i = 0;
    std::vector<double> d(kProjected);
    for (const Told& t : told) {
      for (int r = 0; r < t.value.rows(); ++r, ++i) {
        if (t.gradient == nullptr) continue;
        std::fill(d.begin(), d.end(), 0.0);
        for (int j = 0; j < u.n; ++j) {
          const auto n = static_cast<std::size_t>(u.n);
          const double both = s[static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)] +
                              s[static_cast<std::size_t>(j) * n + static_cast<std::size_t>(i)];
          for (int c = 0; c < kProjected; ++c) {
            d[static_cast<std::size_t>(c)] += both * u.row(j)[c];
          }
        }
        const double along = dot(d.data(), u.row(i));
        for (int c = 0; c < kProjected; ++c) {
          t.gradient[static_cast<std::ptrdiff_t>(r) * kProjected + c] =
              static_cast<real>((d[static_cast<std::size_t>(c)] - along * u.row(i)[c]) /
                                u.norm[static_cast<std::size_t>(i)]);
        }
      }
    }
  }

  double temperature_;
  int w1_ = -1, b1_ = -1, w2_ = -1;
};

}  // namespace

std::unique_ptr<Objective> make_contrast(const Setting& s) { return std::make_unique<Contrast>(s); }

}  // namespace refrain::pretext
