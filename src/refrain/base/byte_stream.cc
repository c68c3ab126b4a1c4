#include "refrain/base/byte_stream.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "refrain/base/error.h"

namespace refrain::base {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18, kLongestLine = std::size_t{64} << 20;

}  // namespace

struct ByteStream::Handle {
  std::string path;
  gzFile file = nullptr;
  std::vector<char> piece = std::vector<char>(kPiece);
  std::size_t at = 0, end = 0;
};

ByteStream::ByteStream(const std::string& path) : handle_(std::make_unique<Handle>()) {
  handle_->path = path;
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw Error(Code::kIo, path + " is a folder", "name a file in it");
  }
  handle_->file = gzopen(path.c_str(), "rb");
  if (handle_->file == nullptr) {
    throw Error(Code::kIo, "cannot read " + path + ": " + std::strerror(errno),
                "check the path and its permissions");
  }
  gzbuffer(handle_->file, 1 << 17);
}

ByteStream::~ByteStream() {
  if (handle_->file != nullptr) gzclose(handle_->file);
}

bool ByteStream::fill() {
  Handle& h = *handle_;
  if (h.at < h.end) return true;
  const int got = gzread(h.file, h.piece.data(), static_cast<unsigned>(h.piece.size()));
  int state = Z_OK;
  const char* why = gzerror(h.file, &state);
  if (got < 0 || (got == 0 && state != Z_OK && state != Z_STREAM_END)) {
    throw Error(Code::kIo, h.path + " is damaged: " + (why != nullptr ? why : "unreadable"),
                "fetch the file again");
  }
  h.at = 0;
  h.end = static_cast<std::size_t>(got);
  return got > 0;
}

bool ByteStream::line(std::string& out) {
  out.clear();
  Handle& h = *handle_;
  bool any = false;
  while (fill()) {
    any = true;
    const char* begin = h.piece.data() + h.at;
    const auto* stop = static_cast<const char*>(std::memchr(begin, '\n', h.end - h.at));
    const std::size_t count =
        stop == nullptr ? h.end - h.at : static_cast<std::size_t>(stop - begin);
    if (out.size() + count > kLongestLine) {
      throw Error(Code::kData, h.path + " has a line of more than 64 MB", "is it a text file?");
    }
    out.append(begin, count);
    h.at += count + (stop == nullptr ? 0 : 1);
    if (stop != nullptr) break;
  }
  if (!out.empty() && out.back() == '\r') out.pop_back();
  return any;
}

std::size_t ByteStream::read(char* out, std::size_t count) {
  Handle& h = *handle_;
  std::size_t done = 0;
  while (done < count && fill()) {
    const std::size_t some = std::min(count - done, h.end - h.at);
    std::memcpy(out + done, h.piece.data() + h.at, some);
    h.at += some;
    done += some;
  }
  return done;
}

int ByteStream::peek() {
  return fill() ? static_cast<unsigned char>(handle_->piece[handle_->at]) : -1;
}

}  // namespace refrain::base
