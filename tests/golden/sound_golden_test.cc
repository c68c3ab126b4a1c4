// The front end for recordings agrees with the formulae of librosa and torchaudio (make_sound.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>

#include "refrain/data/front_end.h"

namespace refrain::golden {
namespace {

// As make_sound.py makes it.
data::Sound recording(int rate, int count) {
  data::Sound out{rate, {}};
  std::uint64_t state = 1;
  for (int i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / rate, turn = 2 * std::numbers::pi * t;
    state = (state * 1103515245 + 12345) % (std::uint64_t{1} << 31);
    const double hum = static_cast<double>(state) / 2147483648.0 - 0.5;
    const double tones =
        0.4 * std::sin(440 * turn) + 0.3 * std::exp(-9 * t) * std::sin(1870 * turn);
    out.samples.push_back(static_cast<float>(tones + 0.05 * hum));
  }
  return out;
}

TEST(FrontEnd, features_agree_with_the_published_formulae) {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/sound.json");
  const auto golden = nlohmann::json::parse(file);
  for (const auto& made : golden["cases"]) {
    data::SoundSpec spec;
    spec.sample_rate = made["rate"];
    const auto fields = data::sound_fields();
    for (const auto& [name, value] : made["spec"].items()) {
      base::set_field(fields.list(), &spec, name, base::Json::parse(value.dump()));
    }
    const data::FrontEnd front(spec);
    const auto series = front(recording(made["rate"], made["samples"]));
    const auto& rows = made["features"];
    ASSERT_EQ(series.steps, static_cast<int>(rows.size())) << made["name"];
    ASSERT_EQ(series.channels, static_cast<int>(rows[0].size())) << made["name"];
    EXPECT_EQ(front.channels(), series.channels);
    EXPECT_EQ(front.channel_names().size(), static_cast<std::size_t>(series.channels));
    std::size_t at = 0;
    for (const auto& row : rows) {
      for (const double expected : row) {
        EXPECT_NEAR(static_cast<double>(series.values[at]), expected,
                    1e-4 * std::max(1.0, std::abs(expected)))
            << made["name"] << " value " << at;
        ++at;
      }
    }
  }
}

}  // namespace
}  // namespace refrain::golden
