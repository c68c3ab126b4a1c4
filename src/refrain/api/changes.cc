#include "refrain/api/changes.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace refrain::api {
namespace {

// The parts of "0.10.2" as numbers, without zeros at the end.
std::vector<long> parts_of(const std::string& version) {
  std::vector<long> out;
  std::istringstream in(version);
  for (std::string part; std::getline(in, part, '.');) {
    out.push_back(std::strtol(part.c_str(), nullptr, 10));
  }
  while (!out.empty() && out.back() == 0) out.pop_back();
  return out;
}

}  // namespace

const std::vector<Change>& changes() {
  static const std::vector<Change> kChanges = {
      {"0.1.0",
       "without network options a preset is trained: several networks and simple methods whose "
       "predictions are averaged"},
      {"0.1.0",
       "presets blend MiniRocket with Hydra, and pieces of words with naive Bayes weights"},
      {"0.1.0",
       "presets search over sizes and views, and fit texts on all samples once the number of "
       "updates is known"},
      {"0.1.0",
       "weights of members come from inner folds, after a temperature for each kind of members; "
       "texts use them from a thousand samples on"},
      {"0.1.0", "recordings are described by MFCC with deltas, and have a preset of their own"},
      {"0.1.0",
       "groups, copies and what was made from one sample stay together in every split; labels and "
       "groups in several spellings are joined"},
      {"0.1.0",
       "series with a large level keep their small changes: the level is taken off as the file is "
       "read"},
      {"0.1.0", "class weights reach the simple methods too; equal ones count as none"},
      {"0.1.0",
       "presets for numbers to predict have neighbours, shapes and the mean among their members, "
       "and members without a share are not kept"},
      {"0.1.0", "presets for numbers to predict from series blend the interval forest"},
      {"0.1.0", "language models are mixed with n-grams of their training text"},
      {"0.1.0", "fast and good train networks for fewer epochs on up to 500 series of classes"},
      {"0.1.0",
       "options of training and of the ensemble change what the preset trains; one network alone "
       "takes an option of the section Network with another value than the preset's"},
      {"0.1.0",
       "translations and transcripts of fewer than 400 samples are trained for more epochs, and a "
       "long validation part is judged by samples from all of it"}};
  return kChanges;
}

std::vector<Change> changes_since(const std::string& version, int known) {
  std::vector<Change> out;
  for (std::size_t i = 0; i < changes().size(); ++i) {
    const Change& change = changes()[i];
    const bool newer =
        known < 0 ? !is_older(change.version, version) : i >= static_cast<std::size_t>(known);
    if (newer) out.push_back(change);
  }
  return out;
}

bool is_older(const std::string& a, const std::string& b) {
  const auto x = parts_of(a), y = parts_of(b);
  return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
}

}  // namespace refrain::api
