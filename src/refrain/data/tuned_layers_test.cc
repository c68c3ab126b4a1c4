#include "refrain/data/tuned_layers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

const TunedLayers kForm = {2, 4, 3, 40, "gelu_tanh", 1e-6};

TEST(TunedLayers, come_back_from_json) {
  EXPECT_EQ(tuned_layers_from(tuned_layers_to_json(kForm), 24), kForm);
}

TEST(TunedLayers, that_are_impossible_are_refused) {
  const base::Json whole = tuned_layers_to_json(kForm);
  for (const auto& item : whole.items()) {
    for (const base::Json& other : {base::Json(), base::Json(-1), base::Json("x"), base::Json(1e9),
                                    base::Json::array(), base::Json(std::int64_t{1} << 40)}) {
      base::Json changed = whole;
      changed[item.key()] = other;
      EXPECT_THROW(tuned_layers_from(changed, 24), Error) << item.key() << " " << other;
    }
    base::Json fewer = whole;
    fewer.erase(item.key());
    EXPECT_THROW(tuned_layers_from(fewer, 24), Error) << item.key();
  }
  EXPECT_THROW(tuned_layers_from(whole, 25), Error) << "three heads do not divide 25 states";
  for (const base::Json& none : {base::Json(), base::Json::array(), base::Json(3)}) {
    EXPECT_THROW(tuned_layers_from(none, 24), Error);
  }
}

}  // namespace
}  // namespace refrain::data
