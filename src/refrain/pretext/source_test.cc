#include "refrain/pretext/source.h"

#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/pretext/made_up_series.h"

namespace refrain::pretext {
namespace {

SeriesSource made_up_source(const std::string& objective) {
  SeriesSource out;
  out.spec = small_spec(objective);
  MadeUpCourse made(out.spec);
  out.features = made.features;
  if (objective == "labels") out.classes = {"quick", "slow"};
  out.network = std::make_unique<PretextNetwork>(out.spec, out.features, 2);
  out.receipt = {"0.1.0", 1, 36, 4, 10, 9, "epochs", "matched", 0.5};
  return out;
}

TEST(SeriesSource, is_read_as_it_was_written) {
  for (const char* objective : {"contrast", "mask", "next", "labels"}) {
    const auto source = made_up_source(objective);
    const std::string bytes = series_source_bytes(source);
    const auto read = series_source_from(bytes, "a.source");
    EXPECT_EQ(series_source_bytes(read), bytes) << objective;
    EXPECT_EQ(read.network->params.values(), source.network->params.values()) << objective;
  }
}

// Each byte of the head, some of the tensors: an error that names the file, or the same source.
TEST(SeriesSource, names_the_file_where_it_is_damaged) {
  const auto source = made_up_source("mask");
  const std::string bytes = series_source_bytes(source);
  int refused = 0, tried = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 97, ++tried) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x15);
    try {
      series_source_from(damaged, "a.source");
    } catch (const Error& e) {
      ++refused;
      EXPECT_NE(std::string(e.what()).find("a.source"), std::string::npos) << i;
    }
  }
  EXPECT_GT(refused, 0);
  for (const std::size_t length : {0UL, 7UL, 100UL, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_THROW(series_source_from(bytes.substr(0, length), "a.source"), Error) << length;
  }
}

}  // namespace
}  // namespace refrain::pretext
