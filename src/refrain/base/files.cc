#include "refrain/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "refrain/base/error.h"

namespace refrain::base {
namespace {

constexpr std::size_t kChunk = 1 << 18;

[[noreturn]] void fail(const std::string& what, const std::string& path, int code,
                       const std::string& hint) {
  if (code == EFBIG) {
    throw Error(Code::kIo,
                fmt::format("{} {}: larger than the limit of this system or shell", what, path),
                "raise the limit (ulimit -f), or choose another folder");
  }
  throw Error(Code::kIo, fmt::format("{} {}: {}", what, path, std::strerror(code)), hint);
}

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int close() {
    const int result = fd_ > 2 ? ::close(fd_) : 0;
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

std::string read_raw(const std::string& path) {
  Descriptor file(path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("cannot read", path, errno, "check the path and its permissions");
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode)) {
    fail("cannot read", path, EISDIR, "give a file inside the folder");
  }
  std::string bytes;
  if (S_ISREG(info.st_mode)) bytes.reserve(static_cast<std::size_t>(info.st_size) + 1);
  for (;;) {
    const std::size_t old = bytes.size();
    bytes.resize(old + kChunk);
    const ssize_t got = ::read(file.get(), bytes.data() + old, kChunk);
    bytes.resize(old + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return bytes;
    if (got < 0 && errno != EINTR) fail("cannot read", path, errno, "check the disk");
  }
}

constexpr std::size_t kLargestUnpacked = std::size_t{4} << 30;  // a compressed bomb stops here

}  // namespace

std::string unpack_gz(std::string_view packed, const std::string& path) {
  const auto damaged = [&](const char* why) {
    return Error(Code::kIo, fmt::format("{}: damaged .gz file ({})", path, why),
                 "copy or download the file again; 'gzip -t' checks it");
  };
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw Error(Code::kInternal, "zlib did not start");
  struct End {
    z_stream* s;
    ~End() { inflateEnd(s); }
  } end{&stream};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  for (;;) {
    const std::size_t old = out.size();
    if (old > kLargestUnpacked) throw damaged("more than 4 GiB unpacked");
    out.resize(old + kChunk);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + old);
    stream.avail_out = kChunk;
    const int code = inflate(&stream, Z_NO_FLUSH);
    out.resize(old + kChunk - stream.avail_out);
    if (code == Z_STREAM_END) {  // members may follow one another
      if (stream.avail_in == 0) return out;
      if (inflateReset(&stream) != Z_OK) throw damaged("cannot continue");
    } else if (code == Z_BUF_ERROR || (code == Z_OK && stream.avail_in == 0 && out.size() == old)) {
      throw damaged("it ends too early");
    } else if (code != Z_OK) {
      throw damaged(stream.msg != nullptr ? stream.msg : "not the gzip format");
    }
  }
}

namespace {

// Devices, pipes and what a process inherited: written to as they are, for a rename would put a
// file in their place.
bool is_device(const std::string& path) {
  for (const char* start : {"/dev/std", "/dev/fd/", "/proc/"}) {
    if (path.starts_with(start)) return true;
  }
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

// Where the links at the end of a path lead, so that the file is replaced and not the link.
std::string follow_links(const std::string& path) {
  constexpr int kMostLinks = 40;
  std::filesystem::path at = path;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code none;
    const auto target = std::filesystem::read_symlink(at, none);
    if (none) break;
    at = at.parent_path() / target;
  }
  return at.string();
}

std::string temporary_name(const std::string& path) {
  return fmt::format("{}.{}.tmp", path, ::getpid());
}

void flush_folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  Descriptor handle(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC));
  if (handle.get() >= 0) ::fsync(handle.get());
}

constexpr const char* kWriteHint = "choose a folder that exists, is writable and has space";

// 0, or what went wrong.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void write_device(const std::string& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (file.get() < 0) fail("cannot write", path, errno, kWriteHint);
  const int code = write_all(file.get(), bytes);
  if (code != 0) fail("cannot write", path, code, kWriteHint);
}

}  // namespace

FileBytes read_file(const std::string& path) {
  FileBytes file{read_raw(path)};
  const bool packed = file.bytes.size() >= 2 && file.bytes[0] == '\x1f' && file.bytes[1] == '\x8b';
  if (packed) return {unpack_gz(file.bytes, path), true};
  return file;
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  if (is_device(path)) return write_device(path, bytes);
  const std::string target = follow_links(path), temporary = temporary_name(target);
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) fail("cannot write", path, errno, kWriteHint);
  int code = write_all(file.get(), bytes);
  if (code == 0 && ::fsync(file.get()) != 0) code = errno;
  if (file.close() != 0 && code == 0) code = errno;
  if (code == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) code = errno;
  if (code != 0) {
    ::unlink(temporary.c_str());
    fail("cannot write", path, code, kWriteHint);
  }
  flush_folder_of(target);
}

void check_writable(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    fail("cannot write", path, EISDIR, "give the name of a file inside the folder");
  }
  if (is_device(path)) {
    if (::access(path.c_str(), W_OK) != 0) fail("cannot write", path, errno, kWriteHint);
    return;
  }
  const std::string temporary = temporary_name(follow_links(path));
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (file.get() < 0) fail("cannot write", path, errno, kWriteHint);
  ::unlink(temporary.c_str());
}

std::uint32_t crc32(std::string_view bytes, std::uint32_t previous) {
  if (bytes.empty()) return previous;  // zlib takes a null pointer for the wish to start anew
  return static_cast<std::uint32_t>(::crc32_z(
      previous, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

}  // namespace refrain::base
