// The labels that the files have: a source that was taught. Each file has classes of its own.
#include <algorithm>
#include <cmath>

#include "refrain/pretext/objective.h"
#include "refrain/tape/linear.h"

namespace refrain::pretext {
namespace {

class Labels : public Objective {
 public:
  explicit Labels(const Setting& s) : classes_(s.classes) {}

  void look(const Samples& samples, int place, const base::Rng& rng,
            std::vector<Look>& out) const override {
    Look look;
    look.read = read_varied(samples, place, rng);
    look.label = (*samples.label)[static_cast<std::size_t>(place)];
    out.push_back(std::move(look));
  }

  void declare(const nn::Encoder& encoder, nn::ParamSet& params) override {
    w_ = params.add({"head.w", {encoder.features(), classes_}, nn::Start::kGlorot});
    b_ = params.add({"head.b", {classes_}, nn::Start::kZero, 1, false});
  }

  Output output(nn::Context& context, const nn::Encoder& encoder) const override {
    const tape::Var x = encoder.forward(context, context.batch.streams.front());
    return {tape::linear(context.tape, x, context.param(w_), context.param(b_))};
  }

  double loss(std::span<Told> told) const override {
    double sum = 0, n = 0;
    for (const Told& t : told) n += t.value.rows();
    std::vector<double> p(static_cast<std::size_t>(classes_));
    for (const Told& t : told) {
      for (int r = 0; r < t.value.rows(); ++r) {
        const int label = t.looks[static_cast<std::size_t>(r)].label;
        sum += softmax(t.value.row(r), label, p);
        if (t.gradient == nullptr) continue;
        real* d = t.gradient + static_cast<std::ptrdiff_t>(r) * classes_;
        for (int c = 0; c < classes_; ++c) {
          d[c] = static_cast<real>((p[static_cast<std::size_t>(c)] - (c == label ? 1 : 0)) / n);
        }
      }
    }
    return sum / n;
  }

  void judge(std::span<const Told> told, Figures& figures) const override {
    figures.metric = "accuracy";
    for (const Told& t : told) {
      for (int r = 0; r < t.value.rows(); ++r) {
        const real* z = t.value.row(r);
        const int best = static_cast<int>(std::max_element(z, z + classes_) - z);
        const int label = t.looks[static_cast<std::size_t>(r)].label;
        figures.rows.push_back({best == label ? 1.0 : 0.0, 1});
      }
    }
  }

 private:
  // -log p of the label; all p.
  static double softmax(const real* z, int label, std::vector<double>& p) {
    const auto largest = static_cast<double>(*std::max_element(z, z + p.size()));
    double sum = 0;
    for (std::size_t c = 0; c < p.size(); ++c) {
      sum += p[c] = std::exp(static_cast<double>(z[c]) - largest);
    }
    for (double& x : p) x /= sum;
    return std::log(sum) + largest - static_cast<double>(z[label]);
  }

  int classes_;
  int w_ = -1, b_ = -1;
};

}  // namespace

std::unique_ptr<Objective> make_labels(const Setting& s) { return std::make_unique<Labels>(s); }

}  // namespace refrain::pretext
