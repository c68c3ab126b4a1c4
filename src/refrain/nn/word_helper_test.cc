#include "refrain/nn/word_helper.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"

namespace refrain::nn {
namespace {

using tape::Tape;
using tape::Var;
using tensor::Tensor;

constexpr int kVocabulary = 7;

// Three texts of 3, 1 and 5 words, each with a third of the loss.
class Helped {
 public:
  explicit Helped(const EncoderSpec& spec) {
    const StreamShape shape{data::StreamKind::kText, kVocabulary, 5};
    encoder_ = make_encoder(spec, shape, "encoder", params_);
    params_.initialise(base::Rng(3));
    base::Rng rng(5);
    for (real& x : params_.values()) x += static_cast<real>(rng.uniform(-0.3, 0.3));
    gradients_.resize(params_.count());
    const std::vector<std::vector<int>> texts = {{1, 2, 3}, {4}, {5, 6, 1, 1, 2}};
    for (const auto& ids : texts) {
      data::EncodedSample sample;
      sample.streams.push_back({static_cast<int>(ids.size()), {}, ids});
      sample.index = static_cast<int>(samples_.size());
      samples_.push_back(std::move(sample));
    }
    const int chosen[] = {0, 1, 2};
    data::assemble(samples_, chosen, 3, {{"text", data::StreamKind::kText, 0, {}}}, batch_);
  }

  // Returns the term that is added to the loss; -1: none.
  double added(bool asked = true) {
    tape_.reset(true);
    std::fill(gradients_.begin(), gradients_.end(), real{0});
    const std::vector<real> share(3, real{1} / 3);
    Context context{tape_, params_, gradients_.data(), asked, base::Rng(1), batch_};
    if (asked) context.share = share.data();
    encoder_->forward(context, batch_.streams.front());
    if (!context.activity.present()) return -1;
    tape_.backward(context.activity);
    return static_cast<double>(tape_.value(context.activity).data[0]);
  }

  double worst_derivative() {
    added();
    const auto gradients = gradients_;
    double worst = 0;
    for (const auto& p : params_.params()) {
      for (std::size_t i = p.offset; i < p.offset + p.shape.count(); ++i) {
        const real kept = params_.values()[i];
        constexpr double h = sizeof(real) == 8 ? 1e-5 : 1e-2;
        params_.values()[i] = kept + static_cast<real>(h);
        const double up = added();
        params_.values()[i] = kept - static_cast<real>(h);
        const double down = added();
        params_.values()[i] = kept;
        worst =
            std::max(worst, std::abs((up - down) / (2 * h) - static_cast<double>(gradients[i])));
      }
    }
    return worst;
  }

  ParamSet& params() { return params_; }

 private:
  ParamSet params_;
  std::unique_ptr<Encoder> encoder_;
  std::vector<data::EncodedSample> samples_;
  data::Batch batch_;
  Tape tape_;
  std::vector<real> gradients_;
};

EncoderSpec helped_spec() {
  EncoderSpec spec;
  spec.hidden = 4;
  spec.embedding_dim = 4;
  spec.dropout = 0;
  spec.lm_loss = 0.5;
  return spec;
}

TEST(WordHelper, of_a_network_that_tells_all_words_alike_costs_the_logarithm_of_their_number) {
  for (const bool both : {false, true}) {
    EncoderSpec spec = helped_spec();
    spec.bidirectional = both;
    Helped net(spec);
    std::fill(net.params().values().begin(), net.params().values().end(), real{0});
    EXPECT_NEAR(net.added(), 0.5 * std::log(kVocabulary), 1e-6) << both;
    EXPECT_EQ(net.added(false), -1) << "a prediction";
  }
}

TEST(WordHelper, has_the_gradient_that_finite_differences_have) {
  for (const bool both : {false, true}) {
    for (const int dim : {4, 5}) {
      EncoderSpec spec = helped_spec();
      spec.bidirectional = both;
      spec.embedding_dim = dim;
      EXPECT_LT(Helped(spec).worst_derivative(), sizeof(real) == 8 ? 1e-9 : 2e-3) << both << dim;
    }
  }
}

TEST(WordHelper, is_refused_where_a_state_has_seen_the_word) {
  const auto refused = [](const EncoderSpec& spec) {
    try {
      Helped net(spec);
      return false;
    } catch (const Error& e) {
      return e.code() == Code::kUsage;
    }
  };
  EncoderSpec spec = helped_spec();
  spec.layers = 2;
  EXPECT_TRUE(refused(spec));
  spec.bidirectional = false;
  EXPECT_FALSE(refused(spec));
  spec.stem.stem = "full";
  EXPECT_TRUE(refused(spec));
  spec = helped_spec();
  spec.layers = 0;
  EXPECT_TRUE(refused(spec));
  spec = helped_spec();
  spec.segment = 2;
  EXPECT_TRUE(refused(spec));
}

}  // namespace
}  // namespace refrain::nn
