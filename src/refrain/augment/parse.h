// A specification of augmentation as it is written: as text
//   jitter(sigma=0.03, p=0.5) | time_warp(knots=4) | one_of(scale, magnitude_warp)
// or as JSON (TOML: the same, as [[augment]] tables), in which a step is a name or an object:
//   [{"name": "jitter", "sigma": [0.01, 0.05]}, {"name": "one_of", "of": ["scale", "drift"]}]
// Steps follow one another; compose, one_of, some_of and repeat have parts of their own. A range of
// a number is 0.01..0.05 in text and [0.01, 0.05] in JSON; words with , ( ) | or spaces in them are
// quoted. Whether names and options exist is for Pipeline::make to say.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "refrain/base/json.h"

namespace refrain::augment {

struct Option {
  std::string name;
  base::Json value;  // a number, word, truth value, or [low, high]
  std::string at = {};
};

struct Step {
  std::string name;
  std::vector<Option> options = {};
  std::vector<Step> parts = {};
  std::string at = {};  // its place in what was read, for messages: " at character 12"
};

// Parses a specification; the result is a compose of its steps. Throws usage and names the place of
// the error.
Step parse_text(const std::string& text);
Step parse_json(const base::Json& json);

// "@FILE", and FILE where it ends with .json or .toml, is the specification in that file (text in a
// file of another name); JSON is read as JSON; anything else as text. Throws usage, io for the
// file.
Step parse_any(const std::string& spec);

// Writes a step as JSON, or as text on one line. The parse functions read both back to the same
// step.
base::Json to_json(const Step& step);
std::string to_text(const Step& step);

}  // namespace refrain::augment
