#include "refrain/tensor/safetensors_head.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::tensor {
namespace {

using testing::HasSubstr;

std::string small_file() {
  TensorFile file;
  file.metadata["refrain"] = "{\"task\":\"x\"}";
  file.tensors = {{"a", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"b", {4}, {1, 2, 3, 4}}};
  return to_safetensors(file);
}

std::string refusal_of_head(const std::string& path) {
  try {
    read_safetensors_head(path);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(SafetensorsHead, has_metadata_and_the_count_of_numbers) {
  const base::TestFolder folder;
  const auto head = read_safetensors_head(folder.write("m", small_file()));
  EXPECT_EQ(head.numbers, 10U);
  EXPECT_EQ(head.metadata.at("refrain"), "{\"task\":\"x\"}");
}

TEST(SafetensorsHead, a_beginning_is_known_from_nine_bytes) {
  const std::string bytes = small_file();
  EXPECT_TRUE(begins_as_safetensors(bytes.substr(0, 9)));
  EXPECT_FALSE(begins_as_safetensors(bytes.substr(0, 8)));
  EXPECT_FALSE(begins_as_safetensors("text of some length"));
  EXPECT_FALSE(begins_as_safetensors(std::string(8, '\xff') + "{"));
}

TEST(SafetensorsHead, every_cut_file_is_refused) {
  const base::TestFolder folder;
  const std::string bytes = small_file();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(refusal_of_head(folder.write("m", bytes.substr(0, size))), "") << size;
  }
}

TEST(SafetensorsHead, hostile_heads_are_refused) {
  const base::TestFolder folder;
  const auto file = [&](const std::string& head) {
    std::string length(8, '\0');
    length[0] = static_cast<char>(head.size());
    return folder.write("m", length + head);
  };
  for (const char* head :
       {"[]", "{", "{\"a\":3}", "{\"a\":{\"shape\":[1]}}", "{\"__metadata__\":{\"a\":1}}",
        "{\"a\":{\"shape\":[-1],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"shape\":[9],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"shape\":\"x\",\"data_offsets\":[0,0]}}",
        "{\"a\":{\"shape\":[[[[[[[[[[1]]]]]]]]]],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"shape\":[1],\"data_offsets\":[0,18446744073709551615]}}"}) {
    EXPECT_NE(refusal_of_head(file(head)), "") << head;
  }
  EXPECT_THAT(refusal_of_head(folder.write("m", std::string("\0\0\0\x7f\0\0\0\0{", 9))),
              HasSubstr("its head claims"));
  EXPECT_THAT(refusal_of_head(folder.path("nowhere")), HasSubstr("cannot read"));
}

}  // namespace
}  // namespace refrain::tensor
