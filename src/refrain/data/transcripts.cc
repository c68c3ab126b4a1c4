#include "refrain/data/transcripts.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/recordings.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/source_text.h"

namespace refrain::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kListEnding = ".trans.txt";

struct SpeechFiles {
  std::vector<fs::path> sounds, texts, lists;  // relative to the folder, sorted
  std::int64_t others = 0;
};

SpeechFiles speech_files(const std::string& folder) {
  SpeechFiles out;
  for_files_in(folder, [&](const fs::path& name) {
    const std::string small = lower(name.string());
    if (has_sound_name(small)) {
      out.sounds.push_back(name);
    } else if (small.ends_with(kListEnding)) {
      out.lists.push_back(name);
    } else if (small.ends_with(".txt")) {
      out.texts.push_back(name);
    } else {
      ++out.others;
    }
  });
  for (auto* list : {&out.sounds, &out.texts, &out.lists}) std::sort(list->begin(), list->end());
  return out;
}

std::string without_ending(const fs::path& name) {
  return (name.parent_path() / name.stem()).generic_string();
}

// "README.txt": a text about the data.
bool is_about(const fs::path& name) {
  static const std::set<std::string> kAbout = {"readme", "license", "licence", "notes", "changes"};
  return kAbout.contains(lower(name.stem().string()));
}

struct Transcript {
  std::string text;
  std::string place;  // "a.trans.txt:3", for messages
  bool used = false;
};

// The transcripts of a folder by the path of their recording, without its ending.
class Transcripts {
 public:
  Transcripts(const std::string& folder, const ReadSpec& spec, Problems& problems)
      : folder_(folder), spec_(spec), problems_(problems) {}

  void read_text(const fs::path& name) {
    std::string text;
    if (!open(name, text)) return;
    Lines lines(text);
    Line line, more;
    lines.next_filled(line);
    if (lines.next_filled(more)) {
      return problem(place(name, more.number), "a second line; a transcript is one line");
    }
    add(without_ending(name), line.text, place(name, line.number));
  }

  void read_list(const fs::path& name) {
    std::string text;
    if (!open(name, text)) return;
    Lines lines(text);
    Line line;
    while (lines.next_filled(line)) {
      std::string_view rest = line.text;
      const std::string id(take_word(rest));
      if (trim(rest).empty()) {
        problem(place(name, line.number), fmt::format("no transcript behind {}", shown(id)));
      } else {
        add((name.parent_path() / id).generic_string(), rest, place(name, line.number));
      }
    }
  }

  const std::string* take(const fs::path& sound) {
    const auto found = known_.find(without_ending(sound));
    if (found == known_.end()) return nullptr;
    found->second.used = true;
    return &found->second.text;
  }

  void name_unused() {
    for (const auto& [name, transcript] : known_) {
      if (transcript.used) continue;
      problem(transcript.place,
              fmt::format("a transcript without recording: no {}.wav, .flac or .ogg", name));
    }
  }

 private:
  std::string place(const fs::path& name, std::int64_t line) const {
    return fmt::format("{}:{}", (fs::path(folder_) / name).string(), line);
  }

  void problem(const std::string& place, const std::string& message) {
    problems_.add(problems_.count() + 1, 0, fmt::format("{}: {}", place, message));
  }

  bool open(const fs::path& name, std::string& text) {
    const std::string path = (fs::path(folder_) / name).string();
    try {
      text = text_of_bytes(base::read_file(path).bytes, path, encoding(), base::Log());
      return true;
    } catch (const Error& e) {
      problems_.add(problems_.count() + 1, 0, e.what());
      return false;
    }
  }

  std::string encoding() const {
    const std::string name = lower(spec_.encoding);
    return name == "utf8" ? "utf-8" : name;
  }

  void add(const std::string& recording, std::string_view text, const std::string& place) {
    const std::string trimmed(trim(text));
    std::string_view rest = trimmed;
    std::size_t words = 0;
    while (!take_word(rest).empty()) ++words;
    if (words > static_cast<std::size_t>(kMostTranscriptWords)) {
      problem(place,
              fmt::format("{} words, more than the limit of {}", words, kMostTranscriptWords));
    }
    const auto [known, fresh] = known_.emplace(recording, Transcript{trimmed, place});
    if (!fresh && known->second.text != trimmed) {
      problem(place,
              fmt::format("another transcript of {} than in {}", recording, known->second.place));
    }
  }

  const std::string& folder_;
  const ReadSpec& spec_;
  Problems& problems_;
  std::map<std::string, Transcript> known_;
};

// Texts that stand where no recording does are about the data.
std::vector<fs::path> transcript_texts(const SpeechFiles& files, std::int64_t& others) {
  std::set<fs::path> folders;
  std::set<std::string> stems;
  for (const auto& sound : files.sounds) {
    folders.insert(sound.parent_path());
    stems.insert(without_ending(sound));
  }
  std::vector<fs::path> out;
  for (const auto& text : files.texts) {
    const bool beside = folders.contains(text.parent_path()) && !is_about(text);
    if (beside || stems.contains(without_ending(text))) {
      out.push_back(text);
    } else {
      ++others;
    }
  }
  return out;
}

// "84" of "84-121123-0001": three numbers.
std::string speaker_of(const std::string& name) {
  const bool form = name.find_first_not_of("0123456789-") == std::string::npos &&
                    std::count(name.begin(), name.end(), '-') == 2;
  return form ? name.substr(0, name.find('-')) : "";
}

std::vector<Recording> recordings_of(const std::string& folder, const SpeechFiles& files,
                                     Transcripts& transcripts) {
  std::vector<Recording> out;
  for (const auto& name : files.sounds) {
    Recording& recording = out.emplace_back();
    recording.path = (fs::path(folder) / name).string();
    recording.sample.id = name.generic_string();
    recording.sample.line = static_cast<std::int64_t>(out.size());
    recording.sample.group = speaker_of(name.stem().string());
    if (const std::string* text = transcripts.take(name)) recording.sample.label = *text;
  }
  const auto alone = [](const Recording& r) { return r.sample.group.empty(); };
  if (std::any_of(out.begin(), out.end(), alone)) {
    for (auto& recording : out) recording.sample.group.clear();
  }
  return out;
}

void name_silent(const std::vector<Recording>& recordings, Problems& problems) {
  for (const auto& recording : recordings) {
    if (!recording.sample.label.empty()) continue;
    const std::string stem = fs::path(recording.path).stem().string();
    problems.add(problems.count() + 1, 0,
                 fmt::format("{}: no transcript, neither {}.txt beside it nor a line of a *{}",
                             recording.path, stem, kListEnding));
  }
}

// Two files with one transcript, such as x.wav and x.flac, are one recording twice.
void name_twins(const std::vector<Recording>& recordings, Problems& problems) {
  for (std::size_t i = 1; i < recordings.size(); ++i) {
    const auto& before = recordings[i - 1].path;
    if (without_ending(before) != without_ending(recordings[i].path)) continue;
    problems.add(problems.count() + 1, 0,
                 fmt::format("{}: the same recording as {}?", recordings[i].path, before));
  }
}

}  // namespace

const std::vector<std::string_view>& transcript_names() {
  static const std::vector<std::string_view> kNames = {
      "transcript", "transcription", "sentence", "text", "utterance", "转写", "文本"};
  return kNames;
}

const std::vector<std::string_view>& speaker_names() {
  static const std::vector<std::string_view> kNames = {"speaker", "speaker_id", "client_id",
                                                       "说话人"};
  return kNames;
}

bool is_transcript_name(std::string_view name) {
  const auto& names = transcript_names();
  return std::find(names.begin(), names.end(), lower(name)) != names.end();
}

int first_called(const std::vector<std::string>& names,
                 const std::vector<std::string_view>& wanted) {
  for (const auto want : wanted) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (lower(names[i]) == want) return static_cast<int>(i);
    }
  }
  return -1;
}

bool holds_transcripts(const std::string& folder) {
  if (!fs::is_directory(folder)) return false;
  const SpeechFiles files = speech_files(folder);
  std::int64_t ignored = 0;
  return !files.sounds.empty() &&
         (!files.lists.empty() || !transcript_texts(files, ignored).empty());
}

Dataset read_transcripts(const std::string& folder, const ReadSpec& spec, bool with_replies,
                         const base::Log& log) {
  SpeechFiles files = speech_files(folder);
  if (files.sounds.empty()) {
    throw Error(Code::kData, folder + ": no recordings in this folder",
                "it should hold .wav, .flac or .ogg files, each with its transcript in a .txt of "
                "the same name");
  }
  Problems problems(folder, "files", false);
  Transcripts transcripts(folder, spec, problems);
  for (const auto& name : transcript_texts(files, files.others)) transcripts.read_text(name);
  for (const auto& name : files.lists) transcripts.read_list(name);
  auto recordings = recordings_of(folder, files, transcripts);
  if (with_replies) name_silent(recordings, problems);
  name_twins(recordings, problems);
  transcripts.name_unused();
  problems.throw_if_any(
      "the transcript of x.wav is the one line of x.txt, or a line 'x TRANSCRIPT' of a "
      "*.trans.txt, in the same folder");
  Expected checked;  // what is missing was told above
  Dataset out = read_recordings(std::move(recordings), problems, &checked);
  out.path = folder;
  out.format = out.columns.format = "transcripts";
  if (files.others > 0) {
    out.remarks.push_back(fmt::format(
        "{}: {} file{} that {} neither recording nor transcript "
        "passed over",
        folder, files.others, files.others == 1 ? "" : "s", files.others == 1 ? "is" : "are"));
  }
  for (const auto& warning : out.warnings) log.warning(warning);
  for (const auto& remark : out.remarks) log.info(remark);
  return out;
}

}  // namespace refrain::data
