// States of texts on the disk, so that each text is encoded once. A file <key>-<content>.states
// holds what one call encoded: for each text its SHA-256 and its states as float. The key stands
// for whatever the states depend on besides the text. Files are written under another name and
// renamed, so that readers and several writers do not disturb one another; one that is cut off or
// damaged counts as absent. Above the limit the files that were not used for longest are removed.
// Nothing here throws for the disk's sake: without the cache everything is computed.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace refrain::transformer {

using TextStates = std::vector<float>;  // [tokens,H], row by row

class StateCache {
 public:
  // `folder` "" switches it off. `width` is H. `limit` in bytes, of all files in the folder.
  StateCache(std::string folder, const std::string& key, int width,
             std::uint64_t limit = std::uint64_t{4} << 30);

  // The states of those of the texts (SHA-256 of each) that are there.
  std::unordered_map<std::string, TextStates> find(const std::vector<std::string>& texts) const;

  // False where they could not be kept. Texts that take less time than a file are not kept either.
  bool keep(const std::vector<std::string>& texts, const std::vector<TextStates>& states) const;

  // Where the cache lies by the option's value: "auto" is $XDG_CACHE_HOME/refrain or
  // ~/.cache/refrain, "none" is "".
  static std::string folder_of(const std::string& option);

 private:
  std::string bytes_of(const std::vector<std::string>& texts,
                       const std::vector<TextStates>& states) const;
  void remove_oldest(const std::string& but) const;

  std::string folder_, key_;
  int width_;
  std::uint64_t limit_;
};

}  // namespace refrain::transformer
