#include "refrain/tensor/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/base/files.h"

namespace refrain::tensor {
namespace {

using base::Json;

static_assert(std::endian::native == std::endian::little, "the file format is little endian");

constexpr std::size_t kPrefix = 8;
constexpr std::size_t kLargestHeader = 100'000'000;  // as the format's reference has it
constexpr const char* kDataSum = "refrain.crc32_data";
constexpr const char* kHeadSum = "refrain.crc32_head";
constexpr const char* kType = sizeof(real) == 4 ? "F32" : "F64";

// Bytes of a number of each type that is read; 0 for other types.
std::size_t width_of(const Json& type, bool foreign) {
  if (type == "F32") return 4;
  if (type == "F64") return 8;
  return foreign && (type == "F16" || type == "BF16") ? 2 : 0;
}

// Bytes of a number of a type that is passed over in foreign files; 0 for other types.
std::size_t width_of_integer(const Json& type) {
  if (type == "I64" || type == "U64") return 8;
  if (type == "I32" || type == "U32") return 4;
  if (type == "I16" || type == "U16") return 2;
  return type == "I8" || type == "U8" || type == "BOOL" ? 1 : 0;
}

// The upper half of a float.
float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

// IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction.
float from_half(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 0) {  // zero or subnormal
    const float size = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -size : size;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

std::string hex(std::uint32_t x) { return fmt::format("{:08x}", x); }

// Returns the text under the head's checksum: all metadata but the checksums, and the tensors'
// entries.
std::string head_text(const std::map<std::string, std::string>& metadata, const Json& entries) {
  std::string text = entries.dump();
  for (const auto& [key, value] : metadata) {
    if (key != kDataSum && key != kHeadSum) text += key + '\n' + value + '\n';
  }
  return text;
}

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& path, bool foreign)
      : bytes_(bytes), path_(path), foreign_(foreign) {}

  TensorFile parse() {
    const Json header = read_header();
    TensorFile file;
    Json entries = Json::object();
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        read_metadata(entry, file);
      } else {
        NamedTensor tensor = read_tensor(name, entry);
        if (!foreign_ || width_of_integer(entry["dtype"]) == 0) {
          file.tensors.push_back(std::move(tensor));
        }
        entries[name] = entry;
      }
    }
    check_tiling();
    check_sums(file, entries);
    return file;
  }

 private:
  Error damaged(const std::string& why) const {
    return Error(Code::kData, fmt::format("{}: {}", path_, why),
                 foreign_ ? "the file is damaged or no safetensors file; copy or download it again"
                          : "the file is damaged or no safetensors file; copy it again or train "
                            "again");
  }

  Json read_header() {
    if (bytes_.size() < kPrefix) throw damaged("too short to be a safetensors file");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), kPrefix);
    if (length > kLargestHeader || length > bytes_.size() - kPrefix) {
      throw damaged(
          fmt::format("its header claims {} bytes, the file has {}", length, bytes_.size()));
    }
    const std::string_view text = bytes_.substr(kPrefix, length);
    data_ = bytes_.substr(kPrefix + length);
    // A depth limit: nested brackets would otherwise use the stack up.
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
      if (depth > 8) throw Error(Code::kData, "nested too deeply");
      return true;
    };
    Json header;
    try {
      header = Json::parse(text, shallow);
    } catch (const Json::exception&) {
      throw damaged("its header is not valid JSON");
    } catch (const Error&) {
      throw damaged("its header is nested too deeply");
    }
    if (!header.is_object()) throw damaged("its header is no JSON object");
    return header;
  }

  void read_metadata(const Json& entry, TensorFile& file) const {
    if (!entry.is_object()) throw damaged("__metadata__ is no object");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) throw damaged("__metadata__ holds something that is no text");
      file.metadata[key] = value.get<std::string>();
    }
  }

  // The number of elements, or an error for negative sizes and products that overflow.
  std::size_t read_shape(const std::string& name, const Json& entry, NamedTensor& out) const {
    std::size_t count = 1;
    if (!entry.contains("shape") || !entry["shape"].is_array() || entry["shape"].size() > 8) {
      throw damaged(fmt::format("tensor '{}' has no proper shape", name));
    }
    for (const auto& size : entry["shape"]) {
      if (!size.is_number_unsigned())
        throw damaged(fmt::format("tensor '{}' has a bad size", name));
      const auto n = size.get<std::uint64_t>();
      if (n > bytes_.size() || (n != 0 && count > bytes_.size() / n)) {
        throw damaged(fmt::format("tensor '{}' is larger than the file", name));
      }
      count *= n;
      out.shape.push_back(static_cast<std::int64_t>(n));
    }
    return count;
  }

  template <class T, class Convert>
  void copy(std::string_view from, std::vector<real>& values, Convert convert) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
      T x;
      std::memcpy(&x, from.data() + i * sizeof(T), sizeof(T));
      values[i] = static_cast<real>(convert(x));
    }
  }

  NamedTensor read_tensor(const std::string& name, const Json& entry) {
    NamedTensor out{name, {}, {}};
    if (!entry.is_object()) throw damaged(fmt::format("tensor '{}' has no description", name));
    const std::size_t count = read_shape(name, entry, out);
    const Json type = entry.value("dtype", Json());
    const std::size_t skipped = foreign_ ? width_of_integer(type) : 0;
    const std::size_t width = skipped > 0 ? skipped : width_of(type, foreign_);
    if (width == 0) {
      throw damaged(fmt::format("tensor '{}' is of type {}, only F32 and F64{} are read", name,
                                type.dump(), foreign_ ? ", F16 and BF16" : ""));
    }
    const Json place = entry.value("data_offsets", Json());
    const bool two = place.is_array() && place.size() == 2 && place[0].is_number_unsigned() &&
                     place[1].is_number_unsigned();
    if (!two) throw damaged(fmt::format("tensor '{}' has no place", name));
    const auto begin = place[0].get<std::uint64_t>(), end = place[1].get<std::uint64_t>();
    if (begin > end || end > data_.size() || end - begin != count * width) {
      throw damaged(fmt::format("tensor '{}' does not lie within the file", name));
    }
    places_.emplace_back(begin, end);
    if (skipped > 0) return out;
    out.values.resize(count);
    fill(type, data_.substr(begin, end - begin), out.values);
    return out;
  }

  void fill(const Json& type, std::string_view from, std::vector<real>& values) const {
    const auto same = [](auto x) { return x; };
    if (type == "F32") copy<float>(from, values, same);
    if (type == "F64") copy<double>(from, values, same);
    if (type == "F16") copy<std::uint16_t>(from, values, from_half);
    if (type == "BF16") copy<std::uint16_t>(from, values, from_bfloat16);
  }

  // Tensors fill the file without gaps and without overlaps, as the format demands.
  void check_tiling() {
    std::sort(places_.begin(), places_.end());
    std::uint64_t at = 0;
    for (const auto& [begin, end] : places_) {
      if (begin < at) throw damaged("two tensors overlap");
      if (begin > at) break;
      at = end;
    }
    if (at != data_.size()) throw damaged("some of its bytes belong to no tensor");
  }

  void check_sums(const TensorFile& file, const Json& entries) const {
    const auto& m = file.metadata;
    if (m.contains(kDataSum) != m.contains(kHeadSum)) {  // its name is not covered by itself
      throw damaged("its header was changed since it was written (a checksum is gone)");
    }
    if (m.contains(kDataSum) && m.at(kDataSum) != hex(base::crc32(data_))) {
      throw damaged("its numbers were changed since it was written (checksum)");
    }
    if (m.contains(kHeadSum) && m.at(kHeadSum) != hex(base::crc32(head_text(m, entries)))) {
      throw damaged("its header was changed since it was written (checksum)");
    }
  }

  std::string_view bytes_, data_;
  const std::string& path_;
  bool foreign_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places_;  // of the tensors, begin and end
};

}  // namespace

const NamedTensor* TensorFile::find(const std::string& name) const {
  for (const auto& t : tensors) {
    if (t.name == name) return &t;
  }
  return nullptr;
}

std::string to_safetensors(const TensorFile& file) {
  std::string data;
  Json entries = Json::object();
  for (const auto& t : file.tensors) {
    const std::size_t begin = data.size(), bytes = t.values.size() * sizeof(real);
    data.append(reinterpret_cast<const char*>(t.values.data()), bytes);
    entries[t.name] = {
        {"dtype", kType}, {"shape", t.shape}, {"data_offsets", {begin, begin + bytes}}};
  }
  Json header = Json::object();
  Json& metadata = header["__metadata__"];
  metadata = Json::object();
  for (const auto& [key, value] : file.metadata) metadata[key] = value;
  metadata[kDataSum] = hex(base::crc32(data));
  metadata[kHeadSum] = hex(base::crc32(head_text(file.metadata, entries)));
  for (const auto& [name, entry] : entries.items()) header[name] = entry;
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.append((kPrefix - text.size() % kPrefix) % kPrefix, ' ');  // numbers start aligned
  const std::uint64_t length = text.size();
  std::string out(reinterpret_cast<const char*>(&length), kPrefix);
  return out + text + data;
}

TensorFile from_safetensors(std::string_view bytes, const std::string& path) {
  return Parser(bytes, path, false).parse();
}

TensorFile foreign_from_safetensors(std::string_view bytes, const std::string& path) {
  return Parser(bytes, path, true).parse();
}

}  // namespace refrain::tensor
