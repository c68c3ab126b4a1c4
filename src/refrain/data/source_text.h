// From the bytes of a file to text that readers can cut into lines.
#pragma once

#include <string>

#include "refrain/base/log.h"

namespace refrain::data {

// The extension in lower case, ".gz" passed over: "x.TSV.gz" gives "tsv".
std::string extension_of(const std::string& path);

// UTF-8 without byte-order mark; a lone CR ends lines where there is no LF. Throws data for bytes
// that are no text (well-known binary files by name), lines beyond 64 MiB and files without any
// text; warns of few undecodable bytes in a large file.
std::string text_of_bytes(std::string bytes, const std::string& path, const std::string& encoding,
                          const base::Log& log);

}  // namespace refrain::data
