// Checks the operations on recordings with signals whose result is known.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

#include "refrain/augment/derive.h"
#include "refrain/augment/sound/waveform.h"
#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/front_end.h"
#include "refrain/data/sound_file.h"

namespace refrain::augment {
namespace {

using data::Sound;

constexpr int kRate = 8000;
constexpr double kCent = 1200;  // an octave

Sound tone(double hz, double seconds, int rate = kRate) {
  Sound out{rate, {}};
  for (int i = 0; i < seconds * rate; ++i) {
    out.samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hz * i / rate)));
  }
  return out;
}

data::Dataset set_of(const Sound& sound) {
  data::Dataset d;
  d.has_labels = true;
  d.streams = {{"sound", data::StreamKind::kSound, 0, {}}};
  d.samples.resize(1);
  d.samples[0].label = "x";
  d.samples[0].streams = {sound};
  return d;
}

Sound changed(const std::string& spec, const Sound& sound, int epoch = 0) {
  const data::Dataset d = set_of(sound);
  const Pool pool(d, {0});
  const data::Sample out = derive(Pipeline::from(spec), pool, 0, epoch_rng(1, epoch));
  return std::get<Sound>(out.streams[0]);
}

// How strong a frequency is in the inner part of the sound, under a Hann window.
double strength(const Sound& sound, double hz) {
  const std::size_t n = sound.samples.size(), skip = n / 10;
  std::complex<double> sum = 0;
  for (std::size_t i = skip; i < n - skip; ++i) {
    const double place = static_cast<double>(i - skip) / static_cast<double>(n - 2 * skip);
    const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * place);
    const double phase = -2 * std::numbers::pi * hz * static_cast<double>(i) / sound.rate;
    sum += window * static_cast<double>(sound.samples[i]) * std::polar(1.0, phase);
  }
  return std::abs(sum) / static_cast<double>(n - 2 * skip);
}

// The strongest frequency within a tenth of this one.
double loudest_near(const Sound& sound, double hz) {
  double best = hz, step = hz / 100;
  for (int k = -10; k <= 10; ++k) {
    const double candidate = hz + k * step;
    if (strength(sound, candidate) > strength(sound, best)) best = candidate;
  }
  for (; step > hz * 1e-6; step /= 2) {
    for (const double candidate : {best - step, best + step}) {
      if (strength(sound, candidate) > strength(sound, best)) best = candidate;
    }
  }
  return best;
}

TEST(TimeStretch, keeps_a_tones_frequency_and_gives_the_length_that_was_asked_for) {
  for (const double hz : {150.0, 440.0, 1234.0}) {
    for (const double factor : {0.8, 0.93, 1.1, 1.25}) {
      const Sound out = changed(fmt::format("time_stretch(factor={},p=1)", factor), tone(hz, 1));
      EXPECT_NEAR(static_cast<double>(out.samples.size()), factor * kRate, 1);
      EXPECT_NEAR(loudest_near(out, hz) / hz, 1, 0.005) << hz << " Hz, factor " << factor;
      EXPECT_GT(strength(out, loudest_near(out, hz)), 0.1) << hz << " Hz, factor " << factor;
    }
  }
}

TEST(PitchShift, moves_a_tone_by_the_semitones_that_were_asked_for_and_keeps_the_length) {
  for (const double hz : {220.0, 440.0, 1000.0}) {
    for (const double semitones : {-4.0, -1.0, 0.5, 2.0, 5.0}) {
      const Sound in = tone(hz, 1);
      const Sound out = changed(fmt::format("pitch_shift(semitones={},p=1)", semitones), in);
      EXPECT_EQ(out.samples.size(), in.samples.size());
      const double wanted = hz * std::pow(2, semitones / 12);
      const double cents = kCent * std::log2(loudest_near(out, wanted) / wanted);
      EXPECT_NEAR(cents, 0, 5) << hz << " Hz, " << semitones << " semitones";
    }
  }
}

TEST(Stretching, leaves_the_shortest_recordings_whole) {
  for (const int count : {1, 2, 50, 300, 1148}) {
    const Sound in = tone(440, static_cast<double>(count) / kRate);
    EXPECT_EQ(changed("pitch_shift(semitones=2,p=1)", in).samples.size(), in.samples.size());
    EXPECT_EQ(changed("time_stretch(factor=1.25,p=1)", in).samples.size(),
              static_cast<std::size_t>(std::round(1.25 * count)));
  }
}

TEST(Stretching, keeps_most_of_a_short_recordings_power) {
  const Sound in = tone(300, 0.3);
  for (const char* spec : {"time_stretch(factor=0.8,p=1)", "time_stretch(factor=1.25,p=1)",
                           "pitch_shift(semitones=3,p=1)", "pitch_shift(semitones=-3,p=1)"}) {
    EXPECT_GT(power(changed(spec, in).samples), 0.7 * power(in.samples)) << spec;
  }
}

TEST(Speed, changes_pitch_and_length_together) {
  const Sound out = changed("speed(factor=1.25,p=1)", tone(400, 1));
  EXPECT_EQ(out.samples.size(), 6400U);
  EXPECT_NEAR(loudest_near(out, 500), 500, 0.5);
}

// Decibels of `sound` above what was added to it.
double found_snr(const Sound& sound, const Sound& noisy) {
  std::vector<float> added;
  for (std::size_t i = 0; i < noisy.samples.size(); ++i) {
    added.push_back(noisy.samples[i] - sound.samples[i]);
  }
  return 10 * std::log10(power(sound.samples) / power(added));
}

TEST(AddNoise, has_the_ratio_that_was_asked_for) {
  const Sound sound = tone(440, 0.5);
  for (const char* colour : {"white", "pink"}) {
    for (const double snr : {-5.0, 0.0, 10.0, 30.0}) {
      const Sound out = changed(fmt::format("add_noise(snr={},colour={},p=1)", snr, colour), sound);
      EXPECT_NEAR(found_snr(sound, out), snr, 0.1) << colour;
    }
  }
}

TEST(AddNoise, of_a_folder_has_the_ratio_too_at_any_rate) {
  const base::TestFolder folder;
  folder.write("hum.wav", data::wav_bytes(tone(50, 0.2, 16000)));
  const Sound sound = tone(440, 0.5);
  const Sound out = changed("add_noise(snr=6,folder='" + folder.path() + "',p=1)", sound);
  EXPECT_NEAR(found_snr(sound, out), 6, 0.1);
  EXPECT_GT(strength(out, 50), 4 * strength(sound, 50));
  EXPECT_THROW(changed("add_noise(folder=/none/there,p=1)", sound), Error);
}

TEST(Noise, that_is_pink_falls_by_three_decibels_an_octave) {
  base::Rng rng(5);
  const std::vector<float> pink = noise(1 << 15, 1, rng);
  Sound low{kRate, pink}, high{kRate, pink};
  const auto octave = [](Sound sound, double from) {
    for (int i = 0; i < 4; ++i)
      filter(Pass::kHigh, from, sound), filter(Pass::kLow, 2 * from, sound);
    return power(sound.samples);
  };
  EXPECT_NEAR(10 * std::log10(octave(low, 200) / octave(high, 800)), 0, 1);  // equal octaves
}

TEST(Filters, halve_power_at_their_limit_and_leave_the_other_side) {
  const double full = strength(tone(500, 1), 500);
  const auto loss = [&](const char* spec) {
    return 20 * std::log10(strength(changed(spec, tone(500, 1)), 500) / full);
  };
  EXPECT_NEAR(loss("low_pass(hz=500,p=1)"), -3, 0.1);
  EXPECT_NEAR(loss("high_pass(hz=500,p=1)"), -3, 0.1);
  EXPECT_NEAR(loss("low_pass(hz=3000,p=1)"), 0, 0.1);
  EXPECT_NEAR(loss("high_pass(hz=50,p=1)"), 0, 0.1);
  EXPECT_LT(loss("low_pass(hz=125,p=1)"), -22);
  EXPECT_LT(loss("high_pass(hz=2000,p=1)"), -22);
}

TEST(Gain, multiplies) {
  const Sound in = tone(440, 0.1), out = changed("gain(db=6.0206,p=1)", in);
  for (std::size_t i = 0; i < in.samples.size(); ++i) {
    EXPECT_NEAR(out.samples[i], 2 * in.samples[i], 1e-4);
  }
}

TEST(Shift, moves_and_fills_with_silence) {
  Sound in{kRate, std::vector<float>(10)};
  std::iota(in.samples.begin(), in.samples.end(), 1.0F);
  EXPECT_THAT(changed("shift(share=0.3,p=1)", in).samples,
              testing::ElementsAre(0, 0, 0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(changed("shift(share=-0.3,p=1)", in).samples,
              testing::ElementsAre(4, 5, 6, 7, 8, 9, 10, 0, 0, 0));
}

TEST(Clipping, leaves_the_share_of_the_peak) {
  const Sound out = changed("clipping(level=0.5,p=1)", tone(440, 0.1));
  EXPECT_NEAR(*std::max_element(out.samples.begin(), out.samples.end()), 0.25, 0.001);
  const Sound low{kRate, {-1, 0.25F, 0.75F}};  // the peak lies below zero
  EXPECT_THAT(changed("clipping(level=0.5,p=1)", low).samples,
              testing::ElementsAre(-0.5F, 0.25F, 0.5F));
}

TEST(Reverb, keeps_length_and_power_and_lets_sound_ring_on) {
  Sound in = tone(440, 0.5);
  std::fill(in.samples.begin() + 2000, in.samples.end(), 0.0F);
  const Sound out = changed("reverb(seconds=0.3,wet=1,p=1)", in);
  ASSERT_EQ(out.samples.size(), in.samples.size());
  EXPECT_NEAR(power(out.samples) / power(in.samples), 1, 1e-3);
  const std::vector<float> after(out.samples.begin() + 2100, out.samples.end());
  EXPECT_GT(power(after), 1e-3);
}

TEST(Reverb, echoes_have_the_energy_that_was_asked_for) {
  Sound click{kRate, std::vector<float>(kRate)};
  click.samples[0] = 1;
  for (const double wet : {0.1, 2.0}) {
    const auto out = changed(fmt::format("reverb(seconds=0.3,wet={},p=1)", wet), click).samples;
    double echoes = 0;
    for (std::size_t i = 1; i < out.size(); ++i) echoes += std::pow(double{out[i]}, 2);
    EXPECT_NEAR(echoes / std::pow(double{out[0]}, 2), wet, 0.01 * wet);
  }
}

TEST(Convolution, is_the_sum_by_its_definition) {
  const std::vector<float> x = {1, 2, -1, 0.5F, 3}, h = {0.5F, -1, 2};
  const std::vector<float> y = convolved(x, h);
  ASSERT_EQ(y.size(), x.size());
  for (std::size_t n = 0; n < x.size(); ++n) {
    float sum = 0;
    for (std::size_t k = 0; k < h.size() && k <= n; ++k) sum += h[k] * x[n - k];
    EXPECT_NEAR(y[n], sum, 1e-5);
  }
}

// A set as training has it: series made of recordings that the samples keep.
data::Dataset heard(const Sound& sound) {
  data::Dataset d = set_of(sound);
  data::SoundSpec spec;
  spec.sound_features = "log_mel";
  spec.deltas = 0;
  data::hear(d, spec, true);
  return d;
}

TEST(Recordings, that_became_series_are_changed_before_they_are_heard) {
  const data::Dataset d = heard(tone(440, 0.5));
  const Pool pool(d, {0});
  const auto derived = [&](const std::string& spec) {
    const Pipeline pipeline = Pipeline::from(spec);
    pipeline.check(d);
    return std::get<data::Series>(derive(pipeline, pool, 0, epoch_rng(1, 1)).streams[0]);
  };
  const auto& before = std::get<data::Series>(d.samples[0].streams[0]);
  EXPECT_EQ(derived("gain(p=0)").values, before.values);
  const auto louder = derived("gain(db=10,p=1)");
  ASSERT_EQ(louder.values.size(), before.values.size());
  EXPECT_NEAR(louder.values[20 * 40 + 4], before.values[20 * 40 + 4] + 10, 0.01);
  EXPECT_EQ(derived("time_stretch(factor=1.2,p=1)").steps, 1 + 4800 / 80);
  // Operations on series follow, in whatever order they were written.
  const auto both = derived("scale(p=1) | gain(db=10,p=1)");
  EXPECT_EQ(both.steps, louder.steps);
  EXPECT_NE(both.values, louder.values);
  EXPECT_NE(both.values, derived("scale(p=1)").values);
}

TEST(SpecAugment, masks_windows_and_bands_with_the_means_and_nothing_else) {
  const data::Dataset d = heard(tone(440, 0.5));
  const Pool pool(d, {0});
  const auto& before = std::get<data::Series>(d.samples[0].streams[0]);
  const Pipeline pipeline = Pipeline::from("spec_augment(time=0.3,frequency=0.3,p=1)");
  for (int epoch = 0; epoch < 20; ++epoch) {
    const auto out =
        std::get<data::Series>(derive(pipeline, pool, 0, epoch_rng(1, epoch)).streams[0]);
    ASSERT_EQ(out.values.size(), before.values.size());
    std::size_t same = 0;
    for (std::size_t i = 0; i < out.values.size(); ++i) same += out.values[i] == before.values[i];
    EXPECT_GT(static_cast<double>(same), 0.15 * static_cast<double>(out.values.size()));
  }
  for (const char* spec : {"spec_augment(time_masks=0,frequency=0,time=1,p=1)",
                           "spec_augment(frequency_masks=0,time=0,frequency=1,p=1)"}) {
    const Pipeline narrow = Pipeline::from(spec);
    for (int epoch = 0; epoch < 20; ++epoch) {
      const auto out =
          std::get<data::Series>(derive(narrow, pool, 0, epoch_rng(1, epoch)).streams[0]);
      EXPECT_EQ(out.values, before.values) << spec << ": masks of no width";
    }
  }
}

TEST(Pipeline, for_recordings_refuses_series_and_texts) {
  data::Dataset d;
  d.path = "x.ts";
  d.streams = {{"series", data::StreamKind::kSeries, 1, {}}};
  EXPECT_THROW(Pipeline::from("gain").check(d), Error);
  EXPECT_THROW(Pipeline::from("jitter").check(set_of(tone(440, 0.1))), Error);
}

}  // namespace
}  // namespace refrain::augment
