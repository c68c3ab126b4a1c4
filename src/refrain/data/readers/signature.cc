#include "refrain/data/readers/signature.h"

#include <array>

namespace refrain::data {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  const char* name;
  const char* hint;
};

constexpr const char* kUnpack = "unpack it first";
constexpr const char* kExport = "export it as CSV";

constexpr std::array<Signature, 14> kSignatures = {{
    {"PAR1"sv, "a Parquet file", kExport},
    {"\x89PNG\r\n\x1a\n"sv, "a PNG image", "give a file of series or texts"},
    {"\xff\xd8\xff"sv, "a JPEG image", "give a file of series or texts"},
    {"%PDF-"sv, "a PDF document", "give a file of series or texts"},
    {"\x93NUMPY"sv, "a NumPy .npy array", kExport},
    {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file", kExport},
    {"MATLAB 5.0 MAT-file"sv, "a MATLAB file", kExport},
    {"SQLite format 3\0"sv, "an SQLite database", kExport},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "an old Office document", kExport},
    {"BZh"sv, "a bzip2 archive", kUnpack},
    {"\xfd\x37zXZ\0"sv, "an xz archive", kUnpack},
    {"\x28\xb5\x2f\xfd"sv, "a zstd archive", kUnpack},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive", kUnpack},
    {"\x7f"
     "ELF"sv,
     "a program", "give a file of series or texts"},
}};

// A zip archive is told apart by the names of the files in it.
BinaryKind zip_kind(std::string_view bytes) {
  const auto holds = [&](std::string_view name) {
    return bytes.find(name) != std::string_view::npos;
  };
  if (holds("xl/workbook") || holds("xl/worksheets")) {
    return {"an Excel workbook (.xlsx)", "save the sheet as CSV"};
  }
  if (holds(".npy")) return {"a NumPy .npz archive", kExport};
  if (holds("word/document")) return {"a Word document (.docx)", "save it as plain text"};
  return {"a zip archive", kUnpack};
}

}  // namespace

BinaryKind binary_kind(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return zip_kind(bytes);
  for (const auto& signature : kSignatures) {
    if (bytes.starts_with(signature.bytes)) return {signature.name, signature.hint};
  }
  return {};
}

}  // namespace refrain::data
