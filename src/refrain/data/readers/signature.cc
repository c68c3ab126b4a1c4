#include "refrain/data/readers/signature.h"

#include <algorithm>
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

constexpr std::array<Signature, 16> kSignatures = {{
    {"PAR1"sv, "a Parquet file", kExport},
    {"\x89PNG\r\n\x1a\n"sv, "a PNG image", "give a file of series or texts"},
    {"\xff\xd8\xff"sv, "a JPEG image", "give a file of series or texts"},
    {"%PDF-"sv, "a PDF document", "give a file of series or texts"},
    {"\x93NUMPY"sv, "a NumPy .npy array", kExport},
    {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file", kExport},
    {"MATLAB 5.0 MAT-file"sv, "a MATLAB file", kExport},
    {"SQLite format 3\0"sv, "an SQLite database", kExport},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "an old Office document", kExport},
    {"\xff"
     "BIOSEMI"sv,
     "a BDF recording of a biosignal", kExport},
    {"RDX3\n"sv, "an R data file", kExport},
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

char byte_at(std::string_view bytes, std::size_t i) { return i < bytes.size() ? bytes[i] : '\0'; }

// The first two bytes of a frame of MPEG sound, without the byte-order marks of text.
bool is_mpeg_frame(std::string_view bytes) {
  const auto second = static_cast<unsigned char>(byte_at(bytes, 1));
  return byte_at(bytes, 0) == '\xff' && (second & 0xe0) == 0xe0 && second != 0xfe &&
         second != 0xff && (second & 0x18) != 0x08;
}

// Recordings that are known by name only; "" where it is none.
std::string_view sound_name(std::string_view bytes) {
  if (bytes.starts_with("ID3") && byte_at(bytes, 3) < 0x10) {
    return bytes.substr(0, 1 << 20).find("WAVEfmt ") != std::string_view::npos
               ? "a WAV file behind an ID3 tag"
               : "an MP3 recording";
  }
  if (bytes.substr(0, 12).substr(std::min<std::size_t>(4, bytes.size()), 4) == "ftyp") {
    return "an M4A or MP4 file";
  }
  const bool form = bytes.starts_with("FORM") && bytes.size() >= 12;
  if (form && (bytes.substr(8, 4) == "AIFF" || bytes.substr(8, 4) == "AIFC"))
    return "an AIFF recording";
  if (bytes.starts_with(".snd\0\0"sv)) return "an AU recording";
  if (bytes.starts_with("caff\0"sv)) return "a CAF recording";
  if (bytes.starts_with("#!AMR")) return "an AMR recording";
  if (bytes.starts_with("\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv)) return "a WMA recording";
  if (bytes.starts_with("\x1a\x45\xdf\xa3"sv)) return "a Matroska or WebM file";
  if (!is_mpeg_frame(bytes)) return "";
  const auto second = static_cast<unsigned char>(byte_at(bytes, 1));
  return (second & 0x06) == 0 ? "an AAC recording" : "an MP3 recording";
}

bool is_pickle(std::string_view bytes) {
  return byte_at(bytes, 0) == '\x80' && byte_at(bytes, 1) >= 2 && byte_at(bytes, 1) <= 5 &&
         bytes.ends_with('.');
}

// Its version is "0" and seven blanks; the date of the recording stands at byte 168.
bool is_edf(std::string_view bytes) {
  return bytes.starts_with("0       ") && bytes.size() >= 256 && byte_at(bytes, 170) == '.' &&
         byte_at(bytes, 173) == '.';
}

// The length of a head of JSON in eight bytes, and the head.
bool is_safetensors(std::string_view bytes) {
  return bytes.size() > 10 && bytes.substr(4, 4) == "\0\0\0\0"sv && bytes.substr(8, 2) == "{\"";
}

}  // namespace

BinaryKind binary_kind(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return zip_kind(bytes);
  if (const auto sound = sound_name(bytes); !sound.empty()) {
    return {std::string(sound), "make a WAV of it, for example with ffmpeg -i FILE out.wav", true};
  }
  if (is_safetensors(bytes)) {
    return {"a model (safetensors)",
            "give data; a model stands in front: 'refrain evaluate MODEL "
            "DATA'"};
  }
  if (is_pickle(bytes)) return {"a Python pickle", kExport};
  if (is_edf(bytes)) return {"an EDF recording of a biosignal", kExport};
  for (const auto& signature : kSignatures) {
    if (bytes.starts_with(signature.bytes)) return {signature.name, signature.hint};
  }
  return {};
}

}  // namespace refrain::data
