// Words a second of language-model training: language_speed H THREADS full|adaptive [STEPS]
// Two LSTM layers, vocabulary 10,000, 20 streams, windows of 35 words, tied vectors, AdamW,
// clipping; words are drawn by Zipf's law, as frequent as those of a text. Prints one JSON object;
// seconds of the processor are told beside those of the clock. bench/language_speed.py does the
// same in PyTorch.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "refrain/base/duration.h"
#include "refrain/language/resolve.h"
#include "refrain/language/text_rule.h"
#include "refrain/train/step.h"

namespace {

using namespace refrain;

constexpr int kVocabulary = 10000, kStreams = 20, kWindow = 35;

std::vector<int> zipf_text(int n) {
  std::vector<double> before(1, 0.0);
  for (int v = 1; v <= kVocabulary; ++v) before.push_back(before.back() + 1.0 / v);
  base::Rng rng(1);
  std::vector<int> text;
  for (int i = 0; i < n; ++i) {
    const double at = rng.uniform() * before.back();
    const auto found = std::upper_bound(before.begin(), before.end(), at) - before.begin() - 1;
    text.push_back(static_cast<int>(std::min<std::ptrdiff_t>(found, kVocabulary - 1)));
  }
  return text;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

language::LanguageSpec make_spec(int hidden, int threads) {
  language::LanguageSpec spec;
  spec.network.hidden = spec.network.embedding_dim = hidden;
  spec.network.layers = 2;
  spec.network.dropout = spec.network.input_dropout = 0;
  spec.network.weight_drop = spec.network.embedding_dropout = 0;
  spec.train.threads = threads;
  spec.train.batch_size = kStreams;
  spec.optim.lr = 0.001;
  return spec;
}

int run(int hidden, int threads, bool adaptive, int steps) {
  const std::vector<int> text = zipf_text(200'000);
  std::vector<double> counts(kVocabulary);
  for (const int id : text) counts[static_cast<std::size_t>(id)] += 1;
  const auto spec = make_spec(hidden, threads);
  language::NetworkForm form{spec.network, kVocabulary, true, {}};
  if (adaptive) form.clusters = language::choose_clusters(counts);
  language::LanguageNetwork network(form);
  network.params().initialise(base::Rng(1));
  language::Reading reading{&network, &text, 0, kStreams, kWindow, false, threads, 1};
  language::TextRule rule(reading);
  train::Fit fit;
  fit.params = &network.params();
  fit.rule = &rule;
  fit.train = spec.train;
  fit.optim = spec.optim;
  train::Stepper stepper(fit);
  std::vector<double> sums(stepper.layers().names().size()), wall, cpu;
  const base::Rng rng(1);
  for (int step = 0; step < steps + 3; ++step) {
    const double begun = base::steady_seconds();
    const std::clock_t clock = std::clock();
    stepper.step(std::span<const int>(&step, 1), {rng, 1, step + 1, 0.001}, sums);
    if (step < 3) continue;
    wall.push_back(base::steady_seconds() - begun);
    cpu.push_back(static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC);
  }
  const double words = kStreams * kWindow;
  fmt::print(
      "{{\"hidden\": {}, \"threads\": {}, \"softmax\": \"{}\", \"words_per_second\": {:.0f}, "
      "\"best\": {:.0f}, \"words_per_cpu_second\": {:.0f}}}\n",
      hidden, threads, adaptive ? "adaptive" : "full", words / median(wall),
      words / *std::min_element(wall.begin(), wall.end()), words / median(cpu));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: language_speed H THREADS full|adaptive [STEPS]\n");
    return 2;
  }
  return run(std::atoi(argv[1]), std::atoi(argv[2]), std::string(argv[3]) == "adaptive",
             argc > 4 ? std::atoi(argv[4]) : 20);
}
