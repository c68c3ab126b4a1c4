#include "refrain/tensor/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::tensor {
namespace {

using testing::HasSubstr;

// A file from its header's text and its numbers.
std::string file_of(const std::string& header, const std::string& data = "") {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

std::string message_of(const std::string& bytes) {
  try {
    from_safetensors(bytes, "m.refrain");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kData);
    EXPECT_NE(error.hint(), "");
    return error.what();
  }
  return "read";
}

TensorFile example() {
  TensorFile file;
  file.tensors = {{"w", {2, 3}, {1, -2, real{0.5}, real{1e-30f}, 0, 7}},
                  {"empty", {0, 4}, {}},
                  {"scalar", {}, {real{3.25}}}};
  file.metadata = {{"refrain", "{\"a\": 1}"}, {"note", "caf\xc3\xa9 \xe4\xb8\xad"}};
  return file;
}

TEST(Safetensors, gives_back_names_shapes_numbers_and_metadata) {
  const TensorFile file = example();
  const TensorFile got = from_safetensors(to_safetensors(file), "m.refrain");
  ASSERT_EQ(got.tensors.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(got.tensors[i].name, file.tensors[i].name);
    EXPECT_EQ(got.tensors[i].shape, file.tensors[i].shape);
    EXPECT_EQ(got.tensors[i].values, file.tensors[i].values);
  }
  for (const auto& [key, value] : file.metadata) EXPECT_EQ(got.metadata.at(key), value);
  ASSERT_NE(got.find("scalar"), nullptr);
  EXPECT_EQ(got.find("scalar")->values[0], real{3.25});
  EXPECT_EQ(got.find("absent"), nullptr);
}

TEST(Safetensors, the_numbers_start_aligned_to_eight_bytes) {
  for (const char* name : {"a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh"}) {
    TensorFile file;
    file.tensors = {{name, {1}, {1}}};
    const std::string bytes = to_safetensors(file);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    EXPECT_EQ(length % 8, 0u) << name;
    EXPECT_EQ(bytes.size(), 8 + length + sizeof(real));
  }
}

TEST(Safetensors, keeps_numbers_that_are_not_finite) {
  TensorFile file;
  const real inf = std::numeric_limits<real>::infinity();
  file.tensors = {{"w", {3}, {inf, -inf, std::numeric_limits<real>::quiet_NaN()}}};
  const auto got = from_safetensors(to_safetensors(file), "m").tensors[0].values;
  EXPECT_EQ(got[0], inf);
  EXPECT_EQ(got[1], -inf);
  EXPECT_TRUE(std::isnan(got[2]));
}

TEST(Safetensors, reads_single_and_double_precision_of_other_programs) {
  const float f[2] = {1.5f, -2};
  const double d[1] = {0.25};
  std::string data(reinterpret_cast<const char*>(f), 8);
  data.append(reinterpret_cast<const char*>(d), 8);
  const auto got =
      from_safetensors(file_of(R"({"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                               R"("d":{"dtype":"F64","shape":[1,1],"data_offsets":[8,16]}})",
                               data),
                       "m");
  EXPECT_EQ(got.find("f")->values, (std::vector<real>{1.5, -2}));
  EXPECT_EQ(got.find("d")->values, (std::vector<real>{0.25}));
  EXPECT_TRUE(got.metadata.empty());
}

TEST(Safetensors, foreign_weights_may_have_half_precision_and_integers_beside_them) {
  // 1, -2, 65504 (the largest), 2^-24 (the smallest), infinity
  const std::string half("\x00\x3c\x00\xc0\xff\x7b\x01\x00\x00\x7c", 10);
  const std::string brain("\x80\x3f\x40\xc0", 4);  // 1, -3
  const std::string file = file_of(R"({"h":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},)"
                                   R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[10,14]},)"
                                   R"("i":{"dtype":"I64","shape":[1],"data_offsets":[14,22]}})",
                                   half + brain + std::string(8, '\1'));
  const TensorFile got = foreign_from_safetensors(file, "f");
  ASSERT_EQ(got.tensors.size(), 2u);
  const auto infinite = std::numeric_limits<real>::infinity();
  EXPECT_EQ(got.find("h")->values, (std::vector<real>{1, -2, 65504, real{0x1p-24f}, infinite}));
  EXPECT_EQ(got.find("b")->values, (std::vector<real>{1, -3}));
  EXPECT_THAT(message_of(file), HasSubstr("is of type \"F16\", only F32 and F64 are read"));
  EXPECT_THROW(foreign_from_safetensors(file.substr(0, file.size() - 1), "f"), Error);
}

TEST(Safetensors, each_kind_of_damage_is_named_with_the_file) {
  const auto tensor = [](const std::string& entry) {
    return message_of(file_of("{\"w\":" + entry + "}", "12345678"));
  };
  EXPECT_EQ(message_of(""), "m.refrain: too short to be a safetensors file");
  EXPECT_EQ(message_of(std::string("\xff\0\0\0\0\0\0\0{}", 10)),
            "m.refrain: its header claims 255 bytes, the file has 10");
  EXPECT_THAT(message_of(std::string(8, '\xff') + "{}"), HasSubstr("its header claims"));
  EXPECT_EQ(message_of(file_of("{")), "m.refrain: its header is not valid JSON");
  EXPECT_EQ(message_of(file_of("[1]")), "m.refrain: its header is no JSON object");
  EXPECT_EQ(message_of(file_of("{\"a\":" + std::string(100000, '['))),
            "m.refrain: its header is nested too deeply");
  EXPECT_EQ(message_of(file_of(R"({"__metadata__":3})")), "m.refrain: __metadata__ is no object");
  EXPECT_EQ(message_of(file_of(R"({"__metadata__":{"a":1}})")),
            "m.refrain: __metadata__ holds something that is no text");
  EXPECT_EQ(tensor("3"), "m.refrain: tensor 'w' has no description");
  EXPECT_EQ(tensor(R"({"dtype":"F32"})"), "m.refrain: tensor 'w' has no proper shape");
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})"),
            "m.refrain: tensor 'w' has a bad size");
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[99999999999],"data_offsets":[0,4]})"),
            "m.refrain: tensor 'w' is larger than the file");
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[100,100,100],"data_offsets":[0,8]})"),
            "m.refrain: tensor 'w' is larger than the file");
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[20,20,20],"data_offsets":[0,8]})"),
            "m.refrain: tensor 'w' is larger than the file");
  EXPECT_EQ(message_of(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                               R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                               "12345678")),
            "m.refrain: two tensors overlap");
  EXPECT_EQ(tensor(R"({"dtype":"I64","shape":[1],"data_offsets":[0,8]})"),
            "m.refrain: tensor 'w' is of type \"I64\", only F32 and F64 are read");
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[1]})"), "m.refrain: tensor 'w' has no place");
  for (const char* place : {"[0,3]", "[4,0]", "[8,12]", "[0,8]"}) {
    EXPECT_EQ(tensor(std::string(R"({"dtype":"F32","shape":[1],"data_offsets":)") + place + "}"),
              "m.refrain: tensor 'w' does not lie within the file")
        << place;
  }
}

TEST(Safetensors, any_changed_bit_is_found) {
  const std::string bytes = to_safetensors(example());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool padding = bytes[i] == ' ' && (bytes[i - 1] == '}' || bytes[i - 1] == ' ');
    if (padding) continue;  // after the header, to align the numbers: it means nothing
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_NE(message_of(changed), "read")
          << "bit " << bit << " of byte " << i << " '" << bytes[i] << "'";
    }
  }
}

TEST(Safetensors, any_cut_and_any_addition_is_found) {
  const std::string bytes = to_safetensors(example());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_NE(message_of(bytes.substr(0, length)), "read") << length;
  }
  EXPECT_NE(message_of(bytes + "x"), "read");
}

TEST(Safetensors, random_bytes_end_in_an_error) {
  base::Rng rng(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(rng.below(200), ' ');
    for (char& c : bytes) c = static_cast<char>(rng.below(256));
    for (std::size_t k = 1; k < 8 && k < bytes.size(); ++k) bytes[k] = 0;
    EXPECT_NE(message_of(bytes), "read");
  }
}

}  // namespace
}  // namespace refrain::tensor
