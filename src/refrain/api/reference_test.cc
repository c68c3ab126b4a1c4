#include "refrain/api/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "refrain/api/options.h"

namespace refrain::api {
namespace {

TEST(OptionReference, holds_every_option_once_with_its_help) {
  const std::string page = option_reference();
  for (const auto& option : Options::list()) {
    const std::string start = "\n| `" + option.name + "` | ";
    const auto at = page.find(start);
    ASSERT_NE(at, std::string::npos) << option.name;
    EXPECT_EQ(page.find(start, at + 1), std::string::npos) << option.name << " stands twice";
    const std::string row = page.substr(at, page.find('\n', at + 1) - at);
    EXPECT_NE(row.find(option.default_value), std::string::npos) << row;
    EXPECT_NE(row.find(option.help.substr(0, 10)), std::string::npos) << row;
    for (const auto& choice : option.choices) {
      EXPECT_NE(row.find("`" + choice + "`"), std::string::npos) << row;
    }
  }
}

TEST(OptionReference, begins_with_links_to_all_sections) {
  const std::string page = option_reference();
  for (const auto& option : Options::list()) {
    EXPECT_NE(page.find("[" + option.section + "](#"), std::string::npos) << option.section;
  }
}

TEST(OptionReference, sections_are_not_torn) {
  const std::string page = option_reference();
  std::size_t sections = 0;
  for (auto at = page.find("\n## "); at != std::string::npos; at = page.find("\n## ", at + 1)) {
    const std::string title = page.substr(at, page.find('\n', at + 1) - at + 1);
    EXPECT_EQ(page.find(title, at + 1), std::string::npos) << title;
    ++sections;
  }
  EXPECT_GE(sections, 5u);
}

TEST(OptionReference, is_the_page_in_doc) {
  const std::string path = REFRAIN_SOURCE_DIR "/doc/options.md";
  if (std::getenv("REFRAIN_WRITE_REFERENCE") != nullptr) {
    std::ofstream(path, std::ios::binary) << option_reference();
  }
  std::ifstream stored(path, std::ios::binary);
  std::istringstream fresh(option_reference());
  std::string was, is;
  for (int line = 1; std::getline(fresh, is); ++line) {
    std::getline(stored, was);
    ASSERT_EQ(was, is) << "line " << line << " of doc/options.md: run api_test with "
                       << "REFRAIN_WRITE_REFERENCE=1 in the environment to write it anew";
  }
  EXPECT_FALSE(std::getline(stored, was)) << "doc/options.md goes on: " << was;
}

}  // namespace
}  // namespace refrain::api
