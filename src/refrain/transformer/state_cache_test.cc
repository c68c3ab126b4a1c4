#include "refrain/transformer/state_cache.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "refrain/base/digest.h"
#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"

namespace refrain::transformer {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 3;

struct Texts {
  std::vector<std::string> digests;
  std::vector<TextStates> states;

  // `count` texts from number `first` on, each of two tokens.
  explicit Texts(int count, int first = 0) {
    for (int i = first; i < first + count; ++i) {
      digests.push_back(base::sha256(std::to_string(i)));
      states.emplace_back(2 * kWidth, static_cast<float>(i));
    }
  }
};

std::vector<fs::path> files_of(const base::TestFolder& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder.path())) out.push_back(entry.path());
  return out;
}

TEST(StateCache, what_was_kept_is_found_and_nothing_else) {
  const base::TestFolder folder;
  const StateCache cache(folder.path(), "key", kWidth);
  const Texts first(20), second(20, 20);
  EXPECT_TRUE(cache.keep(first.digests, first.states));
  EXPECT_TRUE(cache.keep(second.digests, second.states));
  const Texts wanted(40, 10);
  const auto found = cache.find(wanted.digests);
  EXPECT_EQ(found.size(), 30u);
  EXPECT_EQ(found.at(wanted.digests[0]), wanted.states[0]);
  EXPECT_EQ(found.at(wanted.digests[29]), wanted.states[29]);
  EXPECT_TRUE(StateCache(folder.path(), "other", kWidth).find(wanted.digests).empty());
  EXPECT_TRUE(StateCache(folder.path(), "key", kWidth + 1).find(wanted.digests).empty());
}

TEST(StateCache, a_file_that_is_cut_or_changed_counts_as_absent) {
  const base::TestFolder folder;
  const StateCache cache(folder.path(), "key", kWidth);
  const Texts texts(20);
  cache.keep(texts.digests, texts.states);
  const fs::path path = files_of(folder).at(0);
  const std::string bytes = base::read_file(path.string()).bytes;
  for (std::size_t size = 0; size < bytes.size(); size += 61) {
    std::ofstream(path, std::ios::binary) << bytes.substr(0, size);
    EXPECT_TRUE(cache.find(texts.digests).empty()) << size;
  }
  for (std::size_t i = 0; i < bytes.size(); i += 37) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    std::ofstream(path, std::ios::binary) << changed;
    EXPECT_TRUE(cache.find(texts.digests).empty()) << i;
  }
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(cache.find(texts.digests).size(), 20u);
}

TEST(StateCache, above_the_limit_the_file_used_longest_ago_goes) {
  const base::TestFolder folder;
  const Texts a(20), b(20, 20), c(20, 40);
  const StateCache cache(folder.path(), "key", kWidth, 5000);  // two files of 1,908 bytes
  cache.keep(a.digests, a.states);
  const fs::path first = files_of(folder).at(0);
  fs::last_write_time(first, fs::file_time_type::clock::now() - std::chrono::hours(2));
  cache.keep(b.digests, b.states);
  for (const auto& path : files_of(folder)) {
    if (path == first) continue;
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  EXPECT_EQ(cache.find(a.digests).size(), 20u);  // used: b is now the older one
  cache.keep(c.digests, c.states);
  EXPECT_EQ(cache.find(a.digests).size(), 20u);
  EXPECT_TRUE(cache.find(b.digests).empty());
  EXPECT_EQ(cache.find(c.digests).size(), 20u);
}

TEST(StateCache, few_texts_and_texts_beyond_the_limit_are_not_kept) {
  const base::TestFolder folder;
  const Texts few(15), many(20);
  EXPECT_TRUE(StateCache(folder.path(), "key", kWidth).keep(few.digests, few.states));
  EXPECT_TRUE(StateCache(folder.path(), "key", kWidth, 1000).keep(many.digests, many.states));
  EXPECT_TRUE(files_of(folder).empty());
}

TEST(StateCache, without_a_folder_nothing_is_kept_and_an_impossible_one_is_said) {
  const base::TestFolder folder;
  const Texts texts(20);
  const StateCache off("", "key", kWidth);
  EXPECT_TRUE(off.keep(texts.digests, texts.states));
  EXPECT_TRUE(off.find(texts.digests).empty());
  const std::string file = folder.write("file", "x");
  EXPECT_FALSE(StateCache(file, "key", kWidth).keep(texts.digests, texts.states));
  EXPECT_TRUE(StateCache(file, "key", kWidth).find(texts.digests).empty());
}

TEST(StateCache, several_threads_may_write_and_read_at_once) {
  const base::TestFolder folder;
  const Texts texts(50);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const StateCache cache(folder.path(), "key", kWidth);
      for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(cache.keep(texts.digests, texts.states));
        for (const auto& [digest, states] : cache.find(texts.digests)) {
          EXPECT_EQ(states.size(), 2u * kWidth);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(files_of(folder).size(), 1u);
}

TEST(StateCache, none_switches_it_off_and_a_path_is_taken_as_it_is) {
  EXPECT_EQ(StateCache::folder_of("none"), "");
  EXPECT_EQ(StateCache::folder_of("a/b"), "a/b");
}

}  // namespace
}  // namespace refrain::transformer
