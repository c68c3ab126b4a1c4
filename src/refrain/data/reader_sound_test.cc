// Recordings: what is read, and what hostile files end in.
#include <gmock/gmock.h>
#include <sndfile.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/front_end.h"
#include "refrain/data/reader.h"
#include "refrain/data/resample.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Sound tone(int rate, int count, double hz = 440) {
  Sound out{rate, {}};
  for (int i = 0; i < count; ++i) {
    out.samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hz * i / rate)));
  }
  return out;
}

SoundSpec log_mel() {
  SoundSpec spec;
  spec.sound_features = "log_mel";
  spec.deltas = 0;
  return spec;
}

class Recordings : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  std::string write(const std::string& name, const std::string& bytes) const {
    return folder_.write(name, bytes);
  }

  // A file of any format that libsndfile writes, each channel the tone times its number.
  std::string write_as(const std::string& name, int format, int channels,
                       const Sound& sound) const {
    write(name, "");
    SF_INFO info{};
    info.samplerate = sound.rate;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = sf_open(path(name).c_str(), SFM_WRITE, &info);
    EXPECT_NE(file, nullptr) << sf_strerror(nullptr);
    std::vector<float> frames;
    for (const float x : sound.samples) {
      for (int c = 1; c <= channels; ++c) frames.push_back(x * static_cast<float>(c) / 8);
    }
    sf_writef_float(file, frames.data(), static_cast<sf_count_t>(sound.samples.size()));
    sf_close(file);
    return path(name);
  }

  static std::string refusal(const std::string& path) {
    try {
      read(path, {}, base::Log());
    } catch (const Error& e) {
      EXPECT_TRUE(e.code() == Code::kData || e.code() == Code::kIo);
      return e.what();
    }
    return "read";
  }

 private:
  base::TestFolder folder_;
};

std::string with(std::string bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

const Sound& sound_of(const Dataset& data, std::size_t i = 0) {
  return std::get<Sound>(data.samples.at(i).streams.at(0));
}

TEST_F(Recordings, of_class_folders_are_labelled_by_them) {
  write("yes/a.wav", wav_bytes(tone(8000, 100)));
  write("yes/deep/b.WAV", wav_bytes(tone(8000, 50)));
  write("no/c.wav", wav_bytes(tone(8000, 70)));
  write("no/.hidden.wav", "none");
  write("notes.txt", "none");
  const Dataset data = read(path(""), {}, base::Log());
  EXPECT_EQ(data.format, "sound-folder");
  EXPECT_TRUE(data.has_labels);
  ASSERT_EQ(data.samples.size(), 3U);
  EXPECT_EQ(data.samples[0].id, "no/c.wav");
  EXPECT_EQ(data.samples[1].label, "yes");
  EXPECT_EQ(data.samples[2].label, "yes");
  EXPECT_EQ(sound_of(data).rate, 8000);
  EXPECT_EQ(sound_of(data).samples.size(), 70U);
  EXPECT_THAT(data.remarks, ElementsAre(HasSubstr("1 file without")));
}

TEST_F(Recordings, alone_in_a_folder_or_given_by_themselves_have_no_labels) {
  write("b.wav", wav_bytes(tone(8000, 20)));
  write("a.wav", wav_bytes(tone(8000, 10)));
  const Dataset folder = read(path(""), {}, base::Log());
  EXPECT_FALSE(folder.has_labels);
  ASSERT_EQ(folder.samples.size(), 2U);
  EXPECT_EQ(folder.samples[0].id, "a.wav");
  const Dataset file = read(path("b.wav"), {}, base::Log());
  EXPECT_EQ(file.format, "sound-file");
  EXPECT_EQ(sound_of(file).samples.size(), 20U);
}

TEST_F(Recordings, of_a_manifest_lie_beside_it) {
  write("clips/a.wav", wav_bytes(tone(8000, 10)));
  write("clips/b.wav", wav_bytes(tone(16000, 20)));
  ReadSpec spec;
  spec.group = "speaker";
  const Dataset data =
      read(write("list.csv", "path,label,speaker\nclips/a.wav,yes,ann\nclips/b.wav,no,bob\n"), spec,
           base::Log());
  EXPECT_EQ(data.format, "sound-manifest");
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(data.samples[1].label, "no");
  EXPECT_EQ(data.samples[1].group, "bob");
  EXPECT_EQ(data.samples[1].id, "clips/b.wav");
  EXPECT_EQ(data.samples[1].line, 3);
  EXPECT_EQ(sound_of(data, 1).rate, 16000);
}

TEST_F(Recordings, of_every_format_and_depth_are_read_alike) {
  const Sound sound = tone(8000, 400);
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                           SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_PCM_U8}) {
    const SoundFile file = read_sound(write_as("x", format, 8, sound));
    EXPECT_EQ(file.channels, 8);
    ASSERT_EQ(file.sound.samples.size(), 400U);
    for (std::size_t i = 0; i < 400; ++i) {
      EXPECT_NEAR(file.sound.samples[i], sound.samples[i] * 4.5F / 8, 0.01F);
    }
  }
  EXPECT_GT(read_sound(write_as("x", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 1, tone(8000, 4000)))
                .sound.samples.size(),
            3900U);
}

TEST_F(Recordings, with_several_channels_are_mixed_down_and_that_is_said_once) {
  write_as("a/x.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, tone(8000, 40));
  write_as("b/y.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, tone(8000, 40));
  std::vector<std::string> said;
  read(path(""), {},
       base::Log([&](base::Level, const std::string& text) { said.push_back(text); }));
  EXPECT_THAT(said, ElementsAre(HasSubstr("2 of 2 recordings have several channels")));
}

TEST_F(Recordings, that_are_damaged_are_all_named) {
  const std::string good = wav_bytes(tone(8000, 100));
  write("a/good.wav", good);
  write("a/cut.wav", good.substr(0, 100));
  write("b/rate.wav", with(good, 24, 0));
  write("b/channels.wav", with(good, 20, 0xffff0001U));
  write("b/empty.wav", "");
  write("b/text.wav", "this is no sound");
  write("b/none.wav", wav_bytes({8000, {}}));
  write("b/head.wav", good.substr(0, 20));
  const std::string message = refusal(path(""));
  for (const char* name : {"cut", "rate", "channels", "empty", "text", "none", "head"}) {
    EXPECT_THAT(message, HasSubstr(std::string("/") + name + ".wav: "));
  }
  EXPECT_THAT(message, Not(HasSubstr("good.wav")));
  EXPECT_THAT(message, HasSubstr("cut.wav: truncated: the header promises 200 bytes"));
}

TEST_F(Recordings, in_flac_that_are_cut_short_are_refused) {
  const std::string file =
      write_as("x.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, tone(8000, 20000, 441));
  const std::string bytes = base::read_file(file).bytes;
  EXPECT_THAT(refusal(write("x.flac", bytes.substr(0, bytes.size() / 2))),
              HasSubstr("x.flac: truncated"));
}

TEST_F(Recordings, with_values_that_are_no_numbers_are_refused) {
  Sound sound = tone(8000, 40);
  sound.samples[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(refusal(write_as("x.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, sound)),
              HasSubstr("values that are no numbers"));
}

TEST_F(Recordings, missing_from_a_manifest_are_named_with_its_line) {
  write("a.wav", wav_bytes(tone(8000, 10)));
  const std::string list = write("list.csv", "path,label\na.wav,x\nb.wav,y\n,y\n");
  const std::string message = refusal(list);
  EXPECT_THAT(message, HasSubstr("list.csv:3: "));
  EXPECT_THAT(message, HasSubstr("b.wav"));
  EXPECT_THAT(message, HasSubstr("list.csv:4:1: no path"));
}

TEST_F(Recordings, are_missing_from_a_folder) {
  write("a/notes.txt", "none");
  EXPECT_THAT(refusal(path("")), HasSubstr("no recordings in this folder"));
}

TEST_F(Recordings, do_not_read_as_other_formats) {
  ReadSpec spec;
  spec.format = "ucr";
  write("a/x.wav", wav_bytes(tone(8000, 10)));
  EXPECT_THROW(read(path(""), spec, base::Log()), Error);
  EXPECT_THROW(read(path("a/x.wav"), spec, base::Log()), Error);
}

TEST_F(Recordings, become_series_at_the_usual_rate_and_keep_their_sound) {
  write("a/x.wav", wav_bytes(tone(8000, 800)));
  write("a/y.wav", wav_bytes(tone(8000, 800)));
  write("b/z.wav", wav_bytes(tone(16000, 1600)));
  Dataset data = read(path(""), {}, base::Log());
  SoundSpec spec = log_mel();
  hear(data, spec, true);
  EXPECT_EQ(spec.sample_rate, 8000);
  EXPECT_EQ(data.streams[0].channels, 40);
  EXPECT_EQ(data.streams[0].kind, StreamKind::kSeries);
  for (const Sample& sample : data.samples) {
    EXPECT_EQ(std::get<Series>(sample.streams[0]).steps, 11);
    EXPECT_EQ(sample.recording->samples.size(), 800U);
  }
  const auto& x = std::get<Series>(data.samples[0].streams[0]).values;
  const auto& z = std::get<Series>(data.samples[2].streams[0]).values;
  for (std::size_t band = 0; band < 40; ++band) {  // the same tone in the loud bands
    if (x[5 * 40 + band] <= -10) continue;
    EXPECT_NEAR(x[5 * 40 + band], z[5 * 40 + band], 0.5);
  }
}

TEST(Resampling, keeps_a_tone_and_gives_the_length_that_was_asked_for) {
  const Sound sound = at_rate(tone(16000, 3200, 700), 8000);
  ASSERT_EQ(sound.samples.size(), 1600U);
  const Sound wanted = tone(8000, 1600, 700);
  for (std::size_t i = 100; i < 1500; ++i) {
    EXPECT_NEAR(sound.samples[i], wanted.samples[i], 2e-3);
  }
  EXPECT_EQ(resample({1.0F}, 0.01).size(), 1U);
  EXPECT_EQ(resample(std::vector<float>(7), 1.1).size(), 8U) << "the nearest whole number";
  EXPECT_TRUE(resample({}, 2).empty());
}

TEST(Resample, of_a_series_keeps_slow_curves_levels_and_gaps) {
  Series series{400, 2, {}};
  for (int t = 0; t < 400; ++t) {
    series.values.push_back(static_cast<float>(1000 + t + 3 * std::sin(0.05 * t)));
    series.values.push_back(t >= 100 && t < 120 ? std::nanf("") : 5.0F);
  }
  const Series half = at_ratio(series, 0.5);
  ASSERT_EQ(half.steps, 200);
  for (int t = 0; t < 200; ++t) {
    const auto at = static_cast<std::size_t>(2 * t);
    EXPECT_NEAR(half.values[at], 1000 + 2 * t + 3 * std::sin(0.1 * t), 0.2) << t;
    EXPECT_EQ(std::isnan(half.values[at + 1]), t >= 50 && t < 60) << t;
    const double level = t >= 50 && t < 60 ? 5 : static_cast<double>(half.values[at + 1]);
    EXPECT_NEAR(level, 5, 1e-4) << t;
  }
}

TEST(SoundOptions, that_contradict_each_other_are_refused) {
  SoundSpec spec;
  spec.sample_rate = 8000;
  spec.sound_features = "mfcc";
  spec.mel_bands = 10;
  EXPECT_THROW(FrontEnd{spec}, Error);
  spec = {};
  spec.sample_rate = 100;
  spec.frame_ms = 5;
  EXPECT_THROW(FrontEnd{spec}, Error);
}

TEST(SoundFiles, come_back_from_wav_as_they_were) {
  const Sound sound = tone(8000, 123);
  const Sound back = decode_sound(wav_bytes(sound), "x.wav").sound;
  ASSERT_EQ(back.samples.size(), 123U);
  for (std::size_t i = 0; i < 123; ++i) EXPECT_NEAR(back.samples[i], sound.samples[i], 1e-4);
}

}  // namespace
}  // namespace refrain::data
