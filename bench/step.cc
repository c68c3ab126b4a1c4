// Times one training step (forward, cross-entropy on the last state, backward, Adam) of a recurrent
// layer, or the ceiling of fused multiply-adds of one core. Prints one JSON line a case.
//
// usage: bench_step CELL B T I H [seconds]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "refrain/nn/encoder.h"
#include "refrain/nn/head.h"
#include "refrain/optim/clip.h"
#include "refrain/optim/optimiser.h"
#include "refrain/tape/loss.h"

namespace {

using refrain::real;

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

struct Case {
  std::string cell;
  int B, T, I, H;
};

double median_step(const Case& c, double budget) {
  using namespace refrain;
  nn::ParamSet params;
  nn::EncoderSpec spec;
  spec.cell = c.cell;
  spec.hidden = c.H;
  spec.bidirectional = false;
  spec.pooling = "last";
  spec.dropout = 0;
  const auto encoder = nn::make_encoder(spec, {data::StreamKind::kSeries, c.I}, "encoder", params);
  const auto head = nn::LinearHead::make(c.H, 4, "head", params);
  base::Rng rng(1);
  params.initialise(rng);
  data::Batch batch;
  batch.B = c.B;
  batch.streams.resize(1);
  batch.streams[0].features = c.I;
  batch.streams[0].table.assign(std::vector<int>(static_cast<std::size_t>(c.B), c.T));
  for (int i = 0; i < c.B * c.T * c.I; ++i) {
    batch.streams[0].values.push_back(static_cast<real>(rng.normal()));
  }
  for (int b = 0; b < c.B; ++b) {
    batch.targets.push_back(static_cast<int>(rng.below(4)));
    batch.key.push_back(static_cast<std::uint64_t>(b));
  }
  std::vector<real> gradients(params.count());
  optim::OptimSpec options;
  const auto adam = optim::optimisers().at("adam")(options, params.count());
  const auto ranges = optim::update_ranges(params);
  tape::Tape tape;
  std::int64_t step = 0;
  const auto run = [&] {
    tape.reset(true);
    std::fill(gradients.begin(), gradients.end(), real{0});
    nn::Context context{tape, params, gradients.data(), true, rng, batch};
    tape::CrossEntropy loss;
    loss.target = batch.targets.data();
    loss.total_weight = c.B;
    const auto state = encoder->forward(context, batch.streams[0]);
    const auto logits = head.forward(context, state);
    tape.backward(tape::softmax_cross_entropy(tape, logits, loss));
    adam->update(ranges, ++step, 1e-3, gradients.data(), params.values().data());
  };
  run();
  run();
  std::vector<double> times;
  for (const double end = now() + budget; now() < end || times.size() < 3;) {
    const double start = now();
    run();
    times.push_back(now() - start);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "usage: bench_step CELL B T I H [seconds]\n");
    return 2;
  }
  const Case c{argv[1], std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]),
               std::atoi(argv[5])};
  const double seconds = median_step(c, argc > 6 ? std::atof(argv[6]) : 1.0);
  const int gates = c.cell == "lstm" ? 4 : c.cell == "gru" ? 3 : 1;
  const double flops = 6.0 * c.B * c.T * gates * c.H * (c.I + c.H);
  std::printf("{\"cell\": \"%s\", \"shape\": [%d, %d, %d, %d], \"ms\": %.4f, \"gflops\": %.2f}\n",
              c.cell.c_str(), c.B, c.T, c.I, c.H, seconds * 1e3, flops / seconds / 1e9);
  return 0;
}
