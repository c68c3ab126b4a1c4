#include "refrain/base/files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::base {
namespace {

using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  std::string put(const std::string& name, const std::string& bytes) const {
    return folder_.write(name, bytes);
  }

  std::size_t file_count() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  TestFolder folder_;
};

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(bytes.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

template <class Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "no error");
}

TEST_F(Files, what_was_written_is_read_and_nothing_else_is_left) {
  std::string bytes(1 << 20, 'x');
  bytes[5] = '\0';
  write_file_atomically(path("a"), bytes);
  EXPECT_EQ(read_file(path("a")).bytes, bytes);
  EXPECT_FALSE(read_file(path("a")).was_compressed);
  write_file_atomically(path("a"), "new");
  EXPECT_EQ(read_file(path("a")).bytes, "new");
  write_file_atomically(path("empty"), "");
  EXPECT_EQ(read_file(path("empty")).bytes, "");
  EXPECT_EQ(file_count(), 2U);
}

TEST_F(Files, gz_is_unpacked_by_its_first_bytes_whatever_its_name) {
  const std::string bytes(3000000, 'y');
  const FileBytes file = read_file(put("a.csv", gzipped(bytes)));
  EXPECT_EQ(file.bytes, bytes);
  EXPECT_TRUE(file.was_compressed);
  EXPECT_EQ(read_file(put("two", gzipped("one,") + gzipped("two"))).bytes, "one,two");
}

TEST_F(Files, a_damaged_gz_is_named) {
  std::string packed = gzipped("some text that is long enough to be cut");
  const std::string cut = put("cut.gz", packed.substr(0, packed.size() - 9));
  const Error error = error_of([&] { read_file(cut); });
  EXPECT_EQ(error.code(), Code::kIo);
  EXPECT_EQ(error.what(), cut + ": damaged .gz file (it ends too early)");
  packed[packed.size() - 6] ^= 1;  // the checksum
  const std::string wrong = put("wrong.gz", packed);
  EXPECT_EQ(error_of([&] { read_file(wrong); }).what(),
            wrong + ": damaged .gz file (incorrect data check)");
}

TEST_F(Files, a_missing_file_and_a_folder_are_errors_of_io) {
  const Error missing = error_of([&] { read_file(path("none")); });
  EXPECT_EQ(missing.code(), Code::kIo);
  EXPECT_EQ(missing.what(), "cannot read " + path("none") + ": No such file or directory");
  EXPECT_EQ(error_of([&] { read_file(folder_.path()); }).what(),
            "cannot read " + folder_.path() + ": Is a directory");
}

TEST_F(Files, a_missing_folder_is_refused_before_and_while_writing) {
  const std::string inside = path("no/such/file");
  const Error error = error_of([&] { write_file_atomically(inside, "x"); });
  EXPECT_EQ(error.code(), Code::kIo);
  EXPECT_EQ(error.what(), "cannot write " + inside + ": No such file or directory");
  EXPECT_EQ(error_of([&] { check_writable(inside); }).what(), std::string(error.what()));
  EXPECT_THAT(error_of([&] { check_writable(folder_.path()); }).what(),
              HasSubstr("Is a directory"));
}

TEST_F(Files, checking_leaves_nothing_behind_and_touches_nothing) {
  EXPECT_NO_THROW(check_writable(path("new")));
  EXPECT_EQ(file_count(), 0U);
  put("old", "kept");
  EXPECT_NO_THROW(check_writable(path("old")));
  EXPECT_EQ(read_file(path("old")).bytes, "kept");
}

TEST_F(Files, a_failed_write_keeps_the_old_file) {
  std::filesystem::create_directory(path("taken"));
  put("taken/x", "kept");
  EXPECT_EQ(error_of([&] { write_file_atomically(path("taken"), "new"); }).code(), Code::kIo);
  EXPECT_EQ(read_file(path("taken/x")).bytes, "kept");
  EXPECT_EQ(file_count(), 1U);
}

TEST(Crc32, agrees_with_the_published_check_value_and_continues) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32("6789", crc32("12345")), 0xcbf43926U);
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Crc32, of_nothing_goes_on_from_what_went_before) {
  EXPECT_EQ(crc32(std::string_view(), 0x1234U), 0x1234U);
  EXPECT_EQ(crc32(std::string_view(""), 0x1234U), 0x1234U);
}

TEST_F(Files, a_link_stays_a_link_and_its_target_is_written) {
  std::filesystem::create_symlink("target", path("link"));
  for (const char* text : {"new", "newer"}) {
    write_file_atomically(path("link"), text);
    EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
    EXPECT_EQ(read_file(path("target")).bytes, text);
  }
  EXPECT_EQ(file_count(), 2U);
}

TEST_F(Files, a_device_is_written_to_and_stays_one) {
  write_file_atomically("/dev/null", "gone");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_NO_THROW(check_writable("/dev/null"));
}

}  // namespace
}  // namespace refrain::base
