#include "refrain/data/source_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/signature.h"

namespace refrain::data {
namespace {

constexpr std::size_t kMostLinesNamed = 20;
constexpr std::size_t kLongestLine = std::size_t{64} << 20;
constexpr std::int64_t kLinesABadOne = 1000;  // tolerates fewer than one bad line in this many

[[noreturn]] void refuse_file(const std::string& path, const std::string& what,
                              const std::string& hint) {
  throw Error(Code::kData, fmt::format("{}: {}", path, what), hint);
}

void refuse_binary(const std::string& path, const std::string& bytes) {
  const BinaryKind kind = binary_kind(bytes);
  if (kind.name.empty()) return;
  if (!kind.sound) refuse_file(path, "this is " + kind.name + ", not text", kind.hint);
  const std::filesystem::path name(path);
  std::string converted = (name.parent_path() / name.stem()).string() + ".wav";
  if (converted == path) converted.insert(converted.size() - 4, "-converted");
  refuse_file(path,
              fmt::format("this is {}; recordings are read from WAV, FLAC and OGG", kind.name),
              fmt::format("ffmpeg -i {} {}", path, converted));
}

// Zero bytes after decoding.
void refuse_zeros(const std::string& path, const std::string& text, const std::string& encoding) {
  const std::size_t zero = text.find('\0');
  if (zero == std::string::npos) return;
  if (encoding == "utf-8" && base::guess_encoding(text) == "utf-16") {
    refuse_file(path, "not UTF-8 (looks like utf-16)", "read it with --encoding utf-16");
  }
  const auto line =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
  throw Error(Code::kData,
              fmt::format("{}:{}: a zero byte: this is a binary file, not text", path, line + 1),
              "give a text file, or name its --encoding");
}

// Where in the text bad bytes stand: the lines, each once, and the first one's column in
// characters.
struct BadPlaces {
  std::vector<std::int64_t> lines;
  std::int64_t column = 0;
};

BadPlaces find_places(const base::Decoded& decoded) {
  BadPlaces places;
  std::int64_t line = 1;
  std::size_t at = 0;
  for (const std::size_t bad : decoded.bad) {
    const auto from = decoded.text.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = decoded.text.begin() + static_cast<std::ptrdiff_t>(bad);
    line += std::count(from, to, '\n');
    at = bad;
    if (places.lines.empty() || places.lines.back() != line) places.lines.push_back(line);
    if (places.column > 0) continue;
    const std::size_t start = decoded.text.rfind('\n', bad) + 1;  // npos + 1 = 0
    places.column = 1 + std::count_if(decoded.text.begin() + static_cast<std::ptrdiff_t>(start), to,
                                      [](char c) { return (c & 0xc0) != 0x80; });
  }
  return places;
}

struct Undecoded {
  const std::string& path;
  const std::string& encoding;
  std::vector<base::EncodingGuess> guesses;  // other possible encodings
};

std::string names_of(const std::vector<base::EncodingGuess>& guesses) {
  std::vector<std::string> names;
  for (const auto& guess : guesses) names.push_back(guess.name);
  return fmt::format("{}", fmt::join(names, " or "));
}

std::string how_to_read(const std::vector<base::EncodingGuess>& guesses) {
  if (guesses.empty()) return "mend this place, or name another --encoding";
  std::vector<std::string> ways;
  for (const auto& guess : guesses) {
    ways.push_back(
        fmt::format("--encoding {} (it then says '{}')", guess.name, trim(guess.sample)));
  }
  return fmt::format("read it with {}", fmt::join(ways, ", or "));
}

// Few bad lines in a large file are a warning, else an error.
void report_bad_bytes(const Undecoded& file, const base::Decoded& decoded, const base::Log& log) {
  const BadPlaces places = find_places(decoded);
  const auto bad = static_cast<std::int64_t>(places.lines.size());
  const std::int64_t lines = std::count(decoded.text.begin(), decoded.text.end(), '\n') +
                             (decoded.text.ends_with('\n') ? 0 : 1);
  std::string name = file.encoding;
  if (name == "utf-8") name = "UTF-8";
  const auto& guesses = file.guesses;
  const bool other = !guesses.empty();
  if (bad * kLinesABadOne >= lines) {
    throw Error(Code::kData,
                fmt::format("{}:{}:{}: not {}{}", file.path, places.lines[0], places.column, name,
                            other ? fmt::format(" (looks like {})", names_of(guesses)) : ""),
                how_to_read(guesses));
  }
  std::vector<std::int64_t> named = places.lines;
  named.resize(std::min(named.size(), kMostLinesNamed));
  log.warning(fmt::format(
      "{}: {} of {} lines hold{} bytes that are not {} (line{} {}{}); they were read as U+FFFD{}",
      file.path, bad, lines, bad == 1 ? "s" : "", name, bad == 1 ? "" : "s", fmt::join(named, ", "),
      places.lines.size() > kMostLinesNamed ? ", ..." : "",
      other ? fmt::format("; --encoding {} reads them", guesses[0].name) : ""));
}

std::string decode_text(std::string bytes, const std::string& path, const std::string& encoding,
                        const base::Log& log) {
  const bool utf8 = encoding == "utf-8";
  const std::string kept =
      utf8 && base::first_invalid_utf8(bytes) != std::string::npos ? bytes : "";
  base::Decoded decoded = base::decode(std::move(bytes), encoding);
  refuse_zeros(path, decoded.text, encoding);
  if (!decoded.bad.empty()) {
    std::vector<base::EncodingGuess> guesses;
    if (utf8 && base::guess_encoding(kept) != "utf-8") guesses = base::guess_encodings(kept);
    report_bad_bytes({path, encoding, std::move(guesses)}, decoded, log);
  }
  return std::move(decoded.text);
}

// A lone CR ends lines only in files without any LF.
void mend_line_ends(std::string& text) {
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
}

void check_lines(const std::string& path, const std::string& text) {
  Lines lines(text);
  Line line;
  bool filled = false;
  while (lines.next(line)) {
    filled = filled || !trim(line.text).empty();
    if (line.text.size() <= kLongestLine) continue;
    throw Error(Code::kData,
                fmt::format("{}:{}: a line of {} MiB; the longest accepted has {}", path,
                            line.number, line.text.size() >> 20, kLongestLine >> 20),
                "is this really a file of series or texts?");
  }
  if (!filled) refuse_file(path, "the file is empty", "give a file with at least one sample");
}

}  // namespace

std::string extension_of(const std::string& path) {
  std::filesystem::path name(lower(path));
  if (name.extension() == ".gz") name = name.stem();
  const std::string extension = name.extension().string();
  return extension.empty() ? "" : extension.substr(1);
}

std::string text_of_bytes(std::string bytes, const std::string& path, const std::string& encoding,
                          const base::Log& log) {
  refuse_binary(path, bytes);
  std::string text = decode_text(std::move(bytes), path, encoding, log);
  mend_line_ends(text);
  check_lines(path, text);
  return text;
}

}  // namespace refrain::data
