#include "bearing/sensor.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "bearing/vibration.h"

namespace refrain::bearing {
namespace {

constexpr int kKeepEvery = static_cast<int>(kSimulationHz / kSampleHz);
constexpr int kSettle = 80 * kKeepEvery;  // 0.1 s
constexpr double kHighPassHz = 1500.0;
constexpr double kLowPassHz = 300.0;

enum class Pass { kLow, kHigh };

// One second-order section in place (bilinear transform). Two with the quality factors of
// butterworth() make a fourth-order Butterworth filter.
void second_order(std::vector<double>& signal, Pass pass, double hz, double quality) {
  const double omega = 2.0 * std::numbers::pi * hz / kSimulationHz;
  const double alpha = std::sin(omega) / (2.0 * quality);
  const double cosine = std::cos(omega);
  const double norm = 1.0 / (1.0 + alpha);
  const double sign = pass == Pass::kLow ? 1.0 : -1.0;
  const double b0 = (1.0 - sign * cosine) / 2.0 * norm;
  const double b1 = sign * 2.0 * b0;
  const double a1 = -2.0 * cosine * norm;
  const double a2 = (1.0 - alpha) * norm;
  double x1 = 0;
  double x2 = 0;
  double y1 = 0;
  double y2 = 0;
  for (double& value : signal) {
    const double y = b0 * (value + x2) + b1 * x1 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = value;
    y2 = y1;
    y1 = y;
    value = y;
  }
}

void butterworth(std::vector<double>& signal, Pass pass, double hz) {
  second_order(signal, pass, hz, 0.54119610);  // 1 / (2 cos(pi/8))
  second_order(signal, pass, hz, 1.30656296);  // 1 / (2 cos(3 pi/8))
}

std::vector<double> sampled(const std::vector<double>& signal, int length) {
  std::vector<double> out(length);
  for (int i = 0; i < length; ++i) out[i] = signal[kSettle + i * kKeepEvery];
  return out;
}

}  // namespace

Recording record(const Machine& machine, const Run& run, int length, const base::Rng& rng) {
  std::vector<double> signal = vibration(machine, run, kSettle + length * kKeepEvery, rng);
  base::Rng noise = rng.fork("noise");
  for (double& value : signal) value = machine.gain * (value + machine.noise * noise.normal());

  std::vector<double> envelope = signal;
  butterworth(envelope, Pass::kHigh, kHighPassHz);
  for (double& value : envelope) value = std::abs(value);
  butterworth(envelope, Pass::kLow, kLowPassHz);
  butterworth(signal, Pass::kLow, kLowPassHz);

  Recording recording{sampled(envelope, length), sampled(signal, length)};
  const double sum = std::accumulate(recording.envelope.begin(), recording.envelope.end(), 0.0);
  for (double& value : recording.envelope) value -= sum / length;
  return recording;
}

}  // namespace refrain::bearing
