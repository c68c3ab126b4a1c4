// Helpers of the readers' tests: a file's content as a string in, a Dataset or the error out.
#pragma once

#include <string>
#include <utility>

#include "refrain/base/error.h"
#include "refrain/data/reader.h"

namespace refrain::data {

inline Dataset dataset_of(const std::string& content, const std::string& path,
                          const ReadSpec& spec = {}) {
  return read_bytes(content, path, spec, base::Log());
}

// The error that reading throws; its message is "read" where there is none.
inline Error error_of(const std::string& content, const std::string& path,
                      const ReadSpec& spec = {}) {
  try {
    dataset_of(content, path, spec);
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "read");
}

inline std::string message_of(const std::string& content, const std::string& path,
                              const ReadSpec& spec = {}) {
  return error_of(content, path, spec).what();
}

inline ReadSpec with_format(const std::string& format) {
  ReadSpec spec;
  spec.format = format;
  return spec;
}

inline ReadSpec with_target(const std::string& column) {
  ReadSpec spec;
  spec.target = column;
  return spec;
}

inline const Series& series_of(const Dataset& dataset, std::size_t sample) {
  return std::get<Series>(dataset.samples.at(sample).streams.at(0));
}

inline const std::string& text_of(const Dataset& dataset, std::size_t sample) {
  return std::get<std::string>(dataset.samples.at(sample).streams.at(0));
}

// Returns the text with a byte-order mark and CRLF line ends, as Windows programs write it.
inline std::string as_windows(const std::string& text) {
  std::string out = "\xef\xbb\xbf";
  for (const char c : text) {
    if (c == '\n') out.push_back('\r');
    out.push_back(c);
  }
  return out;
}

}  // namespace refrain::data
