// Texts translated there and back by programs of the user's (Sennrich, Haddow and Birch 2016; Yu et
// al. 2018): another wording of each.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace refrain::augment {

struct RoundTripSpec {
  std::string there;  // a command (lines in, lines out) or a model file
  std::string back;
  // For --task translate alone (transduce/back_translation.h): it makes pairs, no round trips.
  std::string model, texts, forward;
  bool tagged = true;
  std::string cache;      // a file, or nothing
  double likeness = 0.3;  // least that source and round trip have in common (likeness.h)
};

struct RoundTrips {
  std::unordered_map<std::string, std::string> texts;  // by source
  int asked = 0;                                       // different texts
  int equal = 0;                                       // came back as they were: left out
  int far = 0;  // came back too far from the source, or empty: left out

  // "500 texts, 430 back in other words, 50 unchanged, 20 too far from their source"
  std::string summary() const;
};

// Line breaks of a text are blanks on its way. Throws usage where a command is missing, and as
// run_lines() and LineCache do.
RoundTrips round_trips(const RoundTripSpec& spec, const std::vector<std::string>& texts);

}  // namespace refrain::augment
