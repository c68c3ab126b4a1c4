// Optimisers and clipping against PyTorch's numbers (tests/golden/README.md).
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "refrain/optim/clip.h"
#include "refrain/optim/optimiser.h"
#include "tests/golden/golden_file.h"

namespace refrain::golden {
namespace {

optim::OptimSpec spec_of(const Json& item) {
  const Json& o = item["options"];
  optim::OptimSpec spec;
  spec.optimiser = item["optimiser"];
  spec.lr = o["lr"];
  spec.momentum = o.value("momentum", spec.momentum);
  spec.nesterov = o.value("nesterov", false);
  if (o.contains("betas")) {
    spec.beta1 = o["betas"][0];
    spec.beta2 = o["betas"][1];
  }
  spec.alpha = o.value("alpha", spec.alpha);
  spec.epsilon = o.value("eps", spec.epsilon);
  spec.weight_decay = o["weight_decay"];
  return spec;
}

TEST(GoldenOptimisers, every_step_is_pytorchs) {
  const Json file = read_file("optimisers.json");
  int cases = 0;
  for (const Json& item : file["cases"]) {
    const optim::OptimSpec spec = spec_of(item);
    Numbers x = numbers(file["start"]);
    const auto optimiser = optim::optimisers().at(spec.optimiser)(spec, x.size());
    for (std::size_t step = 0; step < file["gradients"].size(); ++step) {
      Numbers d = numbers(file["gradients"][step]);
      if (spec.optimiser != "adamw") {  // a coupled decay is the gradient of an L2 penalty
        for (std::size_t i = 0; i < x.size(); ++i) {
          d[i] += static_cast<real>(spec.weight_decay) * x[i];
        }
      }
      const auto number = static_cast<std::int64_t>(step) + 1;
      optimiser->update({{{0, x.size(), spec.weight_decay}}, number, spec.lr, d.data(), x.data()});
      const std::string name = item["name"];
      expect_close(x, numbers(item["params"][step]), spec.optimiser + " " + name);
    }
    ++cases;
  }
  EXPECT_EQ(cases, 12);
}

TEST(GoldenClipping, by_norm_and_by_value) {
  int cases = 0;
  const Json file = read_file("optimisers.json");
  for (const Json& item : file["clipping"]) {
    Numbers d = numbers(item["gradients"]);
    const std::string name = item["name"];
    if (item["clip"] == "norm") {
      const double total = item["total_norm"];
      EXPECT_NEAR(optim::clip_by_norm(item["max_norm"], d.size(), d.data()), total, 1e-6) << name;
    } else {
      optim::clip_by_value(item["clip_value"], d.size(), d.data());
    }
    expect_close(d, numbers(item["clipped"]), name);
    ++cases;
  }
  EXPECT_EQ(cases, 5);
}

}  // namespace
}  // namespace refrain::golden
