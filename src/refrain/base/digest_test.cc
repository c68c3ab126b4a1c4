#include "refrain/base/digest.h"

#include <gtest/gtest.h>

#include <vector>

namespace refrain::base {
namespace {

TEST(Digest, the_examples_of_the_standard_are_met) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, pieces_make_no_difference) {
  const std::string text(200, 'x');
  for (std::size_t cut = 0; cut <= text.size(); cut += 7) {
    EXPECT_EQ(Digest().add(text.substr(0, cut)).add(text.substr(cut)).hex(), sha256(text));
  }
}

TEST(Digest, lists_do_not_run_into_each_other) {
  const std::vector<double> one{1}, two{1, 2}, none;
  EXPECT_NE(Digest().add_list(one).add_list(two).hex(), Digest().add_list(two).add_list(one).hex());
  EXPECT_NE(Digest().add_list(one).add_list(none).hex(), Digest().add_list(one).hex());
  EXPECT_NE(Digest().add_text("ab").add_text("c").hex(),
            Digest().add_text("a").add_text("bc").hex());
}

}  // namespace
}  // namespace refrain::base
