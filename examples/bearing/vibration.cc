#include "bearing/vibration.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace refrain::bearing {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr double kPreload = 0.1;     // share of the load that stays outside the load zone
constexpr double kFarRace = 0.7;     // a strike on the inner race reaches the sensor weakened
constexpr double kPathSwing = 0.25;  // a defect moves towards the sensor and away
constexpr double kRubbleHeight = 0.17;

// Strikes per turn of the shaft.
double strike_order(Condition condition) {
  const Orders orders = defect_orders(Geometry{});
  switch (condition) {
    case Condition::kInnerRace:
      return orders.inner;
    case Condition::kOuterRace:
      return orders.outer;
    case Condition::kBall:
      return 2.0 * orders.spin;
    case Condition::kHealthy:
      break;
  }
  return 0.0;
}

double loaded(double angle, double epsilon) {
  return kPreload + (1.0 - kPreload) * load_share(angle, epsilon);
}

// Height of strike `index` that falls when the shaft has made `turn` turns: an outer defect rests
// in the load zone, an inner one passes it once a turn of the shaft, a ball once a turn of the
// cage.
double strike_height(const Machine& machine, const Run& run, double turn, int index) {
  const double epsilon = machine.zone * (0.7 + 0.3 * run.load);
  const double height = run.severity * (0.5 + 0.5 * run.load);
  if (run.condition == Condition::kOuterRace) return height * loaded(machine.outer_angle, epsilon);
  const bool inner = run.condition == Condition::kInnerRace;
  const double order = inner ? 1.0 : defect_orders(Geometry{}).cage;
  const double angle = kTurn * (order * turn + run.start);
  const double path = 1.0 + kPathSwing * (std::cos(angle) - 1.0) / 2.0;
  const bool far = !inner && index % 2 == 1;
  return height * path * loaded(angle, epsilon) * (far ? kFarRace : 1.0);
}

// Adds the decaying oscillation which `strike` sets off.
void ring(const Resonance& resonance, const Strike& strike, std::vector<double>& signal) {
  const double decay = kTurn * resonance.damping * resonance.hz;
  const double omega =
      kTurn * resonance.hz * std::sqrt(1.0 - resonance.damping * resonance.damping);
  const int first = static_cast<int>(std::ceil(strike.time * kSimulationHz));
  const int length = static_cast<int>(7.0 / decay * kSimulationHz);  // down to e^-7
  const int last = std::min(static_cast<int>(signal.size()), first + length);
  for (int i = first; i < last; ++i) {
    const double t = i / kSimulationHz - strike.time;
    signal[i] += resonance.weight * strike.height * std::exp(-decay * t) * std::sin(omega * t);
  }
}

// Grease, dirt and roughness: strikes at random times (Poisson) with random heights.
std::vector<Strike> rubble(const Machine& machine, const Run& run, double seconds, base::Rng rng) {
  std::vector<Strike> strikes;
  double time = 0;
  while (true) {
    time -= std::log(1.0 - rng.uniform()) / (machine.rubble * run.rubble);
    if (time >= seconds) return strikes;
    strikes.push_back({time, kRubbleHeight * (0.5 + 0.5 * run.load) * rng.normal()});
  }
}

void add_harmonics(const Machine& machine, const Run& run, base::Rng rng,
                   std::vector<double>& signal) {
  double shaft_phase[3];
  double mesh_phase[3];
  for (double& phase : shaft_phase) phase = rng.uniform(0.0, kTurn);
  for (double& phase : mesh_phase) phase = rng.uniform(0.0, kTurn);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const double angle = kTurn * run.shaft.turns(static_cast<double>(i) / kSimulationHz);
    double shaft = 0;
    double mesh = 0;
    for (int k = 0; k < 3; ++k) {
      shaft += machine.shaft_harmonics[k] * std::sin((k + 1) * angle + shaft_phase[k]);
      mesh += machine.mesh_harmonics[k] *
              std::sin((k + 1) * machine.gear_teeth * angle + mesh_phase[k]);
    }
    const double swing = 1.0 + machine.mesh_modulation * std::cos(angle + shaft_phase[0]);
    signal[i] += shaft + run.load * swing * mesh;
  }
}

}  // namespace

double load_share(double angle, double epsilon) {
  const double rest = 1.0 - (1.0 - std::cos(angle)) / (2.0 * epsilon);
  return rest > 0 ? std::pow(rest, 1.5) : 0.0;
}

std::vector<Strike> defect_strikes(const Machine& machine, const Run& run, double seconds,
                                   base::Rng rng) {
  std::vector<Strike> strikes;
  const double order = strike_order(run.condition);
  if (order <= 0) return strikes;
  double turn = rng.uniform() / order;
  for (int index = 0;; ++index) {
    const double time = run.shaft.time_at(turn);
    if (time >= seconds) return strikes;
    strikes.push_back({time, strike_height(machine, run, turn, index)});
    turn += (1.0 + run.slip * rng.normal()) / order;
  }
}

std::vector<double> vibration(const Machine& machine, const Run& run, int count,
                              const base::Rng& rng) {
  std::vector<double> signal(count, 0.0);
  const double seconds = count / kSimulationHz;
  for (const auto& strikes : {defect_strikes(machine, run, seconds, rng.fork("defect")),
                              rubble(machine, run, seconds, rng.fork("rubble"))}) {
    for (const Strike& strike : strikes) {
      for (const Resonance& resonance : machine.resonances) ring(resonance, strike, signal);
    }
  }
  add_harmonics(machine, run, rng.fork("harmonics"), signal);
  return signal;
}

}  // namespace refrain::bearing
