#include "refrain/data/pieces.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "refrain/base/byte_stream.h"
#include "refrain/base/error.h"

namespace refrain::data {
namespace {

const std::set<std::string>& line_formats() {
  static const std::set<std::string> kFormats = {
      "ts",  "jsonl",          "fasttext",   "text-csv",  "wide-csv",
      "ucr", "text-tab-label", "label-text", "text-lines"};
  return kFormats;
}

bool is_large(const std::string& path, std::size_t small) {
  constexpr std::size_t kPacked = 4;  // times as large when it is unpacked, at least
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const auto size = std::filesystem::file_size(path, error);
  return !error && size * (path.ends_with(".gz") ? kPacked : 1) > small;
}

// Lines one after the other until there are enough bytes; a quoted field is not cut.
class PieceText {
 public:
  PieceText(const std::string& path, std::size_t size) : stream_(path), size_(size) {}

  bool next(std::string& out, std::int64_t* lines) {
    out.clear();
    *lines = 0;
    bool quoted = false;
    std::string line;
    while ((out.size() < size_ || quoted) && out.size() < 8 * size_ && stream_.line(line)) {
      if (tables_ && std::count(line.begin(), line.end(), '"') % 2 == 1) quoted = !quoted;
      out += line;
      out += '\n';
      ++*lines;
    }
    return *lines > 0;
  }
  void quotes_count(bool tables) { tables_ = tables; }

 private:
  base::ByteStream stream_;
  std::size_t size_;
  bool tables_ = true;
};

// Returns the beginning that every piece repeats: the names of the columns, or the head of a .ts
// file.
std::string head_of(const std::string& text, const std::string& format) {
  if (format == "ts") {
    std::size_t at = 0;
    while (at < text.size() && text[at] != '\n' && (text[at] == '@' || text[at] == '#')) {
      const std::size_t end = text.find('\n', at);
      if (end == std::string::npos) return text;
      at = end + 1;
    }
    return text.substr(0, at);
  }
  return format.ends_with("-csv") ? text.substr(0, text.find('\n') + 1) : "";
}

}  // namespace

void read_in_pieces(const std::string& path, const ReadSpec& spec, const base::Log& log,
                    const std::function<void(Dataset)>& take, std::size_t small) {
  if (!is_large(path, small) || spec.encoding.starts_with("utf-16")) {
    take(read(path, spec, log));
    return;
  }
  PieceText pieces(path, std::min(kPieceBytes, std::max<std::size_t>(1, small)));
  std::string text;
  std::int64_t lines = 0, before = 0;
  pieces.next(text, &lines);
  Dataset first = read_bytes(text, path, spec, log);
  if (!line_formats().contains(first.format)) {
    first = {};
    take(read(path, spec, log));
    return;
  }
  ReadSpec same = spec;
  same.format = first.format;
  const std::string head = head_of(text, first.format);
  const std::int64_t head_lines = std::count(head.begin(), head.end(), '\n');
  pieces.quotes_count(first.format.ends_with("-csv"));
  before = lines;
  take(std::move(first));
  while (pieces.next(text, &lines)) {
    Dataset piece;
    try {
      piece = read_bytes(head + text, path, same, {});
    } catch (const Error&) {  // again, with the numbers of the lines as they are in the file
      const auto above = static_cast<std::size_t>(before - head_lines);
      read_bytes(head + std::string(above, '\n') + text, path, same, {});
      throw;
    }
    for (auto& sample : piece.samples) sample.line += before - head_lines;
    before += lines;
    take(std::move(piece));
  }
}

}  // namespace refrain::data
