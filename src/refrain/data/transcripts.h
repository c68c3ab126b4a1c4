// Recordings with their transcripts, which are kept as Sample::label: a folder with x.txt beside
// x.wav, or with *.trans.txt (as LibriSpeech has them), and the usual names of columns and keys
// that hold transcripts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/data/reader.h"

namespace refrain::data {

inline constexpr int kMostTranscriptWords = 10'000;

// In lower case, those that are tried first in front.
const std::vector<std::string_view>& transcript_names();
const std::vector<std::string_view>& speaker_names();
bool is_transcript_name(std::string_view name);

// The first of these names that is among `names`, in any case; -1 where there is none.
int first_called(const std::vector<std::string>& names,
                 const std::vector<std::string_view>& wanted);

// True for a folder in which some recording has a transcript beside it.
bool holds_transcripts(const std::string& folder);

// Reads all recordings in a folder and its subfolders, in the order of their names. The transcript
// of x.wav is the one line of x.txt, or a line "x TRANSCRIPT" of a *.trans.txt, in the same folder.
// Names such as 84-121123-0001 begin with the speaker, who is the group. Throws data with all
// recordings without transcript (unless `with_replies` is false), transcripts without recording and
// files that cannot be read.
Dataset read_transcripts(const std::string& folder, const ReadSpec& spec, bool with_replies,
                         const base::Log& log);

}  // namespace refrain::data
