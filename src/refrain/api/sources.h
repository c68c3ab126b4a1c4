// Sources for transfer that are on this machine: what --init, --encoder and --vectors can begin
// with. Files are recognised by their content. Standard library only.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace refrain::api {

struct FoundSource {
  std::string path;
  std::string kind;       // "model", "language model", "source" (of another kind), "encoder",
                          // "word vectors"; "" where it could not be found out
  std::string task;       // that a model or source learned
  std::string option;     // that takes it: "init", "encoder", "vectors"; "" = none does
  std::string reads;      // "words (812)", "3 channels: x, y, z"
  long long numbers = 0;  // 0 = not known
  long long bytes = 0;
  std::string from;     // "this folder", "run 3fa1c9d2e0 on bearings", "package minilm 0.1"
  std::string trouble;  // why it cannot be used, or not by any option; "" = sound
};

struct SourceSearch {
  std::string folder = ".";  // its files, and encoders in it and right below; "" = none
  std::string store;         // as in api/runs.h; a store that cannot be read is a remark
  // Folders where Python packages lie (site-packages); none = those of this machine's Python.
  std::optional<std::vector<std::string>> packages;
  double seconds = 10;  // after which no further file is looked at, and this is remarked
};

struct SourceList {
  std::vector<FoundSource> sources;  // those of runs, newest first; of the folder; of packages
  std::vector<std::string> remarks;  // what could not be looked at

  std::string json() const;  // {"sources": [...], "remarks": [...]}
};

// Reads the heads of all files, and those below 256 MB whole to compare their checksums. Damaged
// and unreadable ones are listed with their trouble; nothing is thrown for the sake of a file. The
// folder's first 5,000 files by name are looked at.
SourceList find_sources(const SourceSearch& search);

// Describes a file, or returns nothing if it is no source. Never throws because of its content.
std::optional<FoundSource> look_at_source(const std::string& path);

}  // namespace refrain::api
