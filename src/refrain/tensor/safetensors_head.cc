#include "refrain/tensor/safetensors_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/json.h"

namespace refrain::tensor {
namespace {

using base::Json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLargestLooked = 32'000'000;
constexpr int kDeepestHead = 8;  // nested brackets

[[noreturn]] void refuse_head(const std::string& path, const std::string& why) {
  throw Error(Code::kData, fmt::format("{}: {}", path, why),
              "the file is damaged or no safetensors file; copy it again or train again");
}

std::uint64_t head_length(std::string_view first) {
  std::uint64_t length = 0;
  if (first.size() >= kLengthBytes) std::memcpy(&length, first.data(), kLengthBytes);
  return length;
}

Json parse_head(const std::string& text, const std::string& path) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepestHead) throw Error(Code::kData, "nested too deeply");
    return true;
  };
  try {
    Json head = Json::parse(text, shallow);
    if (head.is_object()) return head;
  } catch (const Json::exception&) {
  } catch (const Error&) {
  }
  refuse_head(path, "its head is damaged");
}

std::uint64_t whole_number(const Json& json) {
  if (!json.is_number_unsigned()) throw Error(Code::kData, "not a size");
  return json.get<std::uint64_t>();
}

// Throws where there are more than `most`.
std::uint64_t count_of(const Json& shape, std::uint64_t most) {
  if (!shape.is_array()) throw Error(Code::kData, "not a shape");
  std::uint64_t count = 1;
  for (const auto& size : shape) {
    const std::uint64_t n = whole_number(size);
    if (n != 0 && count > most / n) throw Error(Code::kData, "too many numbers");
    count *= n;
  }
  return count;
}

// The bytes of numbers behind the head.
std::uint64_t take_entries(const Json& json, SafetensorsHead& out) {
  std::uint64_t end = 0;
  for (const auto& [name, entry] : json.items()) {
    if (name == "__metadata__") {
      out.metadata = entry.get<std::map<std::string, std::string>>();
      continue;
    }
    const Json& place = entry.at("data_offsets");
    const std::uint64_t from = whole_number(place.at(0)), to = whole_number(place.at(1));
    if (from > to) throw Error(Code::kData, "not a place");
    out.numbers += count_of(entry.at("shape"), to - from);  // each has a byte or more
    end = std::max(end, to);
  }
  return end;
}

}  // namespace

bool begins_as_safetensors(std::string_view first) {
  return first.size() > kLengthBytes && first[kLengthBytes] == '{' && head_length(first) >= 2 &&
         head_length(first) <= 100'000'000;
}

SafetensorsHead read_safetensors_head(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string first(kLengthBytes, '\0');
  if (!in) throw Error(Code::kIo, "cannot read " + path, "check the path and its permissions");
  if (!in.read(first.data(), kLengthBytes)) refuse_head(path, "too short to be a safetensors file");
  const std::uint64_t length = head_length(first);
  if (length > kLargestLooked) {
    refuse_head(path, fmt::format("its head claims {} bytes, at most {} are looked at", length,
                                  kLargestLooked));
  }
  std::string text(length, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(length))) {
    refuse_head(path, "it ends in its head");
  }
  SafetensorsHead out;
  std::uint64_t end = 0;
  try {
    end = take_entries(parse_head(text, path), out);
  } catch (const Json::exception&) {
    refuse_head(path, "its head is damaged");
  } catch (const Error& e) {
    if (!e.hint().empty()) throw;
    refuse_head(path, "its head is damaged");
  }
  std::error_code none;
  const std::uint64_t size = std::filesystem::file_size(path, none);
  if (end > size || size - end < kLengthBytes + length) refuse_head(path, "it is cut off");
  return out;
}

}  // namespace refrain::tensor
