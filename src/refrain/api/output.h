// Writing result files the way models are written: whole or not at all. Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/error.h"

namespace refrain::api {

// Throws Error(io); an existing file stays as it was then.
void write_file(const std::string& path, const std::string& text);

// A CSV field: quoted where it holds a comma, a quote or a line break (RFC 4180).
std::string csv_field(const std::string& text);

// Throws Error(io) now if write_file could not create this path.
void require_writable(const std::string& path);

// Throws usage where an output would overwrite an input, or two outputs are one file. "" and "-"
// are no files.
void require_apart(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs);

}  // namespace refrain::api
