#include "refrain/base/log.h"

#include <gmock/gmock.h>

#include <vector>

namespace refrain::base {
namespace {

TEST(Log, sentences_reach_the_sink_with_their_level) {
  std::vector<std::pair<Level, std::string>> seen;
  const Log log([&](Level level, const std::string& text) { seen.emplace_back(level, text); });
  log.info("one");
  log.warning("two");
  EXPECT_THAT(seen, testing::ElementsAre(std::pair(Level::kInfo, std::string("one")),
                                         std::pair(Level::kWarning, std::string("two"))));
}

TEST(Log, without_a_sink_they_are_dropped) { EXPECT_NO_THROW(Log().warning("nobody hears")); }

}  // namespace
}  // namespace refrain::base
