#include "refrain/report/page.h"

#include <gmock/gmock.h>

#include "refrain/base/digest.h"
#include "refrain/report/assets.h"
#include "refrain/report/matrix.h"

namespace refrain::report {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

Page a_page() {
  Page page({"Title <1>", "标题"}, Language::kEnglish);
  page.head("<h1>x</h1>");
  page.add("one", {"First", "第一"}, "<p>text</p>");
  return page;
}

int count_in(const std::string& text, const std::string& what) {
  int count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(Page, loads_nothing_and_says_so) {
  Page page = a_page();
  page.needs_plots();
  const std::string html = page.html();
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
                              "'sha256-"));
  EXPECT_THAT(html, Not(HasSubstr("unsafe-eval")));
  EXPECT_THAT(html, Not(ContainsRegex("<(link|img|iframe|object|embed|base)[ >]")));
  EXPECT_THAT(html, Not(ContainsRegex("<script[^>]* src")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
}

TEST(Page, each_script_has_its_hash_in_the_policy) {
  Page page = a_page();
  EXPECT_EQ(count_in(page.html(), "'sha256-"), 1);
  EXPECT_EQ(count_in(page.html(), "<script>"), 1);
  page.needs_plots();
  const std::string html = page.html();
  EXPECT_EQ(count_in(html, "'sha256-"), 2);
  EXPECT_EQ(count_in(html, "<script>"), 2);
}

TEST(Page, no_asset_ends_its_own_element_early) {
  for (const char* name : {"page.js", "dygraph.min.js"}) {
    EXPECT_GT(asset(name).size(), 1000U) << name;
    EXPECT_THAT(asset(name), Not(HasSubstr("</script"))) << name;
    EXPECT_THAT(asset(name), Not(HasSubstr("sourceMappingURL"))) << name;
  }
  for (const char* name : {"page.css", "dygraph.min.css"}) {
    EXPECT_GT(asset(name).size(), 500U) << name;
    EXPECT_THAT(asset(name), Not(HasSubstr("</style"))) << name;
  }
}

TEST(Page, both_languages_are_there_and_one_is_first) {
  const std::string english = a_page().html();
  EXPECT_THAT(english, HasSubstr("<html lang=\"en\""));
  EXPECT_THAT(english, HasSubstr("<title>Title &lt;1&gt;</title>"));
  EXPECT_THAT(english, HasSubstr("<span class=\"zh\" lang=\"zh-CN\">第一</span>"));
  const std::string chinese = Page({"a", "标题"}, Language::kChinese).html();
  EXPECT_THAT(chinese, HasSubstr("<html lang=\"zh-CN\""));
  EXPECT_THAT(chinese, HasSubstr("<title>标题</title>"));
}

TEST(Page, a_section_without_markup_is_none) {
  Page page = a_page();
  page.add("empty", {"Empty", "空"}, "");
  EXPECT_THAT(page.html(), Not(HasSubstr("id=\"empty\"")));
}

TEST(Page, sound_plays_only_where_a_page_has_some) {
  Page page = a_page();
  EXPECT_THAT(page.html(), Not(HasSubstr("media-src")));
  page.may_play_sound();
  EXPECT_THAT(page.html(), HasSubstr("media-src data:;"));
}

TEST(Table, columns_of_numbers_stand_at_the_right) {
  const std::string html = table({"", "a", "b"}, {{"x", "1.5", "word"}, {"y", "-2", "3"}});
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">1.5</td><td>word</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">-2</td><td>3</td>"));
}

TEST(Matrix, names_are_text_and_only_cells_with_samples_open) {
  const std::string html = matrix({{"<a>", "b"}, {{3, 1}, {0, 2}}});
  EXPECT_THAT(html, HasSubstr("&lt;a&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<a>")));
  EXPECT_EQ(count_in(html, "<button"), 3);
  EXPECT_THAT(html, HasSubstr("data-truth=\"0\" data-predicted=\"1\">1</button>"));
}

}  // namespace
}  // namespace refrain::report
