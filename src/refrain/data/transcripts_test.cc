#include "refrain/data/transcripts.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/test_folder.h"
#include "refrain/data/reader_test_input.h"
#include "refrain/data/recognised.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string short_wave(int count = 80) {
  Sound sound{8000, {}};
  for (int i = 0; i < count; ++i) {
    sound.samples.push_back(0.3F * std::sin(static_cast<float>(i)));
  }
  return wav_bytes(sound);
}

class Transcribed : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) const {
    return folder_.write(name, bytes);
  }
  void record(const std::string& name) const { write(name, short_wave()); }
  std::string path() const { return folder_.path(); }

  // The message without the path of the folder.
  std::string refusal(bool with_replies = true, const ReadSpec& spec = {}) const {
    try {
      read_transcripts(path(), spec, with_replies, base::Log());
    } catch (const Error& e) {
      std::string text = e.what();
      for (std::size_t at; (at = text.find(path() + "/")) != std::string::npos;) {
        text.erase(at, path().size() + 1);
      }
      return text;
    }
    return "read";
  }

  Dataset read_folder(bool with_replies = true) const {
    return read_transcripts(path(), {}, with_replies, base::Log());
  }

 private:
  base::TestFolder folder_;
};

std::vector<std::string> transcripts_in(const Dataset& dataset) {
  std::vector<std::string> out;
  for (const auto& sample : dataset.samples) out.push_back(sample.label);
  return out;
}

std::vector<std::string> speakers_in(const Dataset& dataset) {
  std::vector<std::string> out;
  for (const auto& sample : dataset.samples) out.push_back(sample.group);
  return out;
}

TEST_F(Transcribed, texts_beside_recordings_are_their_transcripts) {
  record("b.wav");
  record("deep/a.WAV");
  write("b.txt", as_windows("  three  3.0\n\n"));
  write("deep/a.txt", "\xe4\xbd\xa0\xe5\xa5\xbd");
  write("README.txt", "about\nthem\n");
  write("deep/.hidden.txt", "x");
  const Dataset data = read_folder();
  EXPECT_EQ(data.format, "transcripts");
  EXPECT_TRUE(data.has_labels);
  EXPECT_THAT(transcripts_in(data), ElementsAre("three  3.0", "\xe4\xbd\xa0\xe5\xa5\xbd"));
  EXPECT_EQ(data.samples[1].id, "deep/a.WAV");
  EXPECT_EQ(data.samples[1].line, 2);
  EXPECT_EQ(std::get<Sound>(data.samples[0].streams[0]).samples.size(), 80U);
  EXPECT_THAT(data.remarks, ElementsAre(HasSubstr("1 file that is neither")));
  EXPECT_THAT(recognised_replies(data),
              HasSubstr("read as transcripts: 2 recordings with transcripts of 1 to 2 words"));
}

TEST_F(Transcribed, lists_as_of_librispeech_name_recordings_and_speakers) {
  record("84/121/84-121-0000.wav");
  record("84/121/84-121-0001.wav");
  record("9/5/9-5-0000.wav");
  write("84/121/84-121.trans.txt", "84-121-0000 GO ON\n84-121-0001 STOP\n");
  write("9/5/9-5.trans.txt", "9-5-0000\tYES\n");
  write("SPEAKERS.TXT", "9 | F\n84 | M\n");
  const Dataset data = read_folder();
  EXPECT_THAT(transcripts_in(data), ElementsAre("GO ON", "STOP", "YES"));
  EXPECT_THAT(speakers_in(data), ElementsAre("84", "84", "9"));
  EXPECT_TRUE(holds_transcripts(path()));
}

TEST_F(Transcribed, what_has_no_partner_is_named_with_its_file) {
  record("a.wav");
  record("b.wav");
  record("c.wav");
  write("a.txt", "yes\n");
  write("d.txt", "no\n");
  write("x.trans.txt", "b  \nc no\ne no\n");
  EXPECT_EQ(refusal(),
            "x.trans.txt:1: no transcript behind 'b'\n"
            "b.wav: no transcript, neither b.txt beside it nor a line of a *.trans.txt\n"
            "d.txt:1: a transcript without recording: no d.wav, .flac or .ogg\n"
            "x.trans.txt:3: a transcript without recording: no e.wav, .flac or .ogg");
}

TEST_F(Transcribed, bad_transcripts_are_all_named) {
  for (const char* name : {"a.wav", "b.wav", "c.wav", "d.wav", "d.flac"}) record(name);
  write("a.txt", "one\ntwo\n");
  write("b.txt", "\n");
  write("c.txt", "yes\n");
  write("c.trans.txt", "c no\nd d\n");
  const std::string message = refusal();
  EXPECT_THAT(message, HasSubstr("a.txt:2: a second line; a transcript is one line"));
  EXPECT_THAT(message, HasSubstr("b.txt: the file is empty"));
  EXPECT_THAT(message, HasSubstr("c.trans.txt:1: another transcript of c than in"));
  EXPECT_THAT(message, HasSubstr("d.wav: the same recording as d.flac?"));
  std::string words;
  for (int i = 0; i < kMostTranscriptWords + 1; ++i) words += "w ";
  write("c.txt", words);
  EXPECT_THAT(refusal(), HasSubstr("c.txt:1: 10001 words, more than the limit of 10000"));
}

TEST_F(Transcribed, recordings_that_cannot_be_read_are_named) {
  write("a.wav", "none");
  write("a.txt", "yes");
  EXPECT_THAT(refusal(), HasSubstr("a.wav"));
  EXPECT_NE(refusal(), "read");
}

TEST_F(Transcribed, to_predict_transcripts_may_be_missing) {
  record("a.wav");
  record("b.wav");
  EXPECT_FALSE(read_folder(false).has_labels);
  EXPECT_FALSE(holds_transcripts(path()));
  write("b.txt", "yes");
  EXPECT_TRUE(holds_transcripts(path()));
  EXPECT_FALSE(holds_transcripts(path() + "/b.txt"));
  EXPECT_THAT(transcripts_in(read_folder(false)), ElementsAre("", "yes"));
  EXPECT_THAT(refusal(), HasSubstr("a.wav: no transcript"));
}

TEST_F(Transcribed, a_folder_without_recordings_is_refused) {
  write("a.txt", "yes");
  EXPECT_THAT(refusal(), HasSubstr("no recordings in this folder"));
}

TEST_F(Transcribed, encodings_are_read_and_named) {
  record("a.wav");
  write("a.txt", "gr\xfc\xdf");
  EXPECT_THAT(refusal(), HasSubstr("a.txt:1:3: not UTF-8"));
  ReadSpec spec;
  spec.encoding = "latin-1";
  EXPECT_THAT(transcripts_in(read_transcripts(path(), spec, true, base::Log())),
              ElementsAre("gr\xc3\xbc\xc3\x9f"));
}

TEST_F(Transcribed, a_list_of_recordings_has_transcripts_and_speakers_by_their_names) {
  record("a.wav");
  record("b.wav");
  for (const char* name : {"transcript", "Transcription", "sentence", "text"}) {
    const std::string header = std::string("path,") + name + ",speaker\n";
    const Dataset data =
        read(write("list.csv", header + "a.wav,\"3.0, yes\",ann\nb.wav,3,bob\n"), {}, base::Log());
    EXPECT_EQ(data.format, "sound-manifest");
    EXPECT_EQ(data.columns.label, name);
    EXPECT_THAT(transcripts_in(data), ElementsAre("3.0, yes", "3"));
    EXPECT_THAT(speakers_in(data), ElementsAre("ann", "bob"));
  }
  const Dataset classes =
      read(write("list.csv", "path,label,text,speaker\na.wav,x,go,ann\n"), {}, base::Log());
  EXPECT_EQ(classes.columns.label, "label");
  EXPECT_EQ(classes.samples[0].group, "");
  EXPECT_EQ(classes.likely_group, "speaker");
  const Dataset named = read(write("list.csv", "path,text,speaker,said\na.wav,x,ann,go\n"),
                             with_target("said"), base::Log());
  EXPECT_THAT(transcripts_in(named), ElementsAre("go"));
  EXPECT_EQ(named.samples[0].group, "");
}

TEST_F(Transcribed, a_model_of_classes_takes_no_transcripts_for_labels) {
  record("a.wav");
  const Dataset training = read(write("train.csv", "path,label\na.wav,x\n"), {}, base::Log());
  Expected expected = expected_like(training);
  expected.labelled = false;
  const Dataset data =
      read_expected(write("new.csv", "path,text\na.wav,go\n"), {}, expected, base::Log());
  EXPECT_FALSE(data.has_labels);
}

TEST(TranscribedSeries, have_their_transcript_in_a_key_of_a_usual_name) {
  const std::string text =
      "{\"series\": [[1, 2], [3, 4]], \"transcript\": \"yes\", \"speaker\": \"ann\"}\n"
      "{\"series\": [[1, 2]], \"transcript\": \"go on\", \"speaker\": \"bob\"}\n";
  const Dataset data = dataset_of(text, "s.jsonl");
  EXPECT_THAT(transcripts_in(data), ElementsAre("yes", "go on"));
  EXPECT_THAT(speakers_in(data), ElementsAre("ann", "bob"));
  EXPECT_EQ(data.columns.label, "transcript");
  EXPECT_TRUE(data.not_read.empty());
  const Dataset named = dataset_of("{\"series\": [1, 2], \"text\": \"a b\", \"label\": \"x\"}\n",
                                   "s.jsonl", with_target("text"));
  EXPECT_THAT(transcripts_in(named), ElementsAre("a b"));
  const Dataset usual =
      dataset_of("{\"series\": [1, 2], \"text\": \"a b\", \"label\": \"x\"}\n", "s.jsonl");
  EXPECT_THAT(transcripts_in(usual), ElementsAre("x"));
  EXPECT_THAT(recognised_replies(data),
              HasSubstr("with transcripts of 1 to 2 words by transcript"));
}

}  // namespace
}  // namespace refrain::data
