#include "refrain/nn/convolution_stem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/nn/encoder.h"

namespace refrain::nn {
namespace {

using testing::ElementsAre;

TEST(ConvolutionStem, widths_are_as_listed_or_by_the_length) {
  StemSpec spec;
  EXPECT_THAT(stem_kernels(spec, {1, 500, false}), ElementsAre(9, 19, 39));
  EXPECT_THAT(stem_kernels(spec, {1, 100, false}), ElementsAre(5, 9, 17));
  EXPECT_THAT(stem_kernels(spec, {1, 12, false}), ElementsAre(3, 5, 7));
  EXPECT_THAT(stem_kernels(spec, {300, 12, true}), ElementsAre(2, 3, 4, 5));
  spec.stem_kernels = "8,1,1001";
  EXPECT_THAT(stem_kernels(spec, {1, 500, false}), ElementsAre(8, 1, 1001));
}

TEST(ConvolutionStem, a_list_of_widths_that_is_none_is_refused) {
  for (const char* list : {"", ",", "3,", ",3", "0", "-1", "3 5", "1002", "three",
                           "3,5,7,9,1,1,1,1,1", "99999999999"}) {
    StemSpec spec;
    spec.stem = "full";
    spec.stem_kernels = list;
    ParamSet params;
    try {
      ConvolutionStem::make(spec, {1, 100, false}, "stem", params);
      FAIL() << list;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kUsage) << list;
    }
  }
}

TEST(ConvolutionStem, about_a_hundred_steps_are_left_where_the_pool_is_chosen) {
  StemSpec spec;
  EXPECT_EQ(stem_pool(spec, {1, 0, false}), 1);
  EXPECT_EQ(stem_pool(spec, {1, 100, false}), 1);
  EXPECT_EQ(stem_pool(spec, {1, 101, false}), 2);
  EXPECT_EQ(stem_pool(spec, {1, 3000, false}), 30);
  spec.stem_pool = 4;
  EXPECT_EQ(stem_pool(spec, {1, 3000, false}), 4);
}

TEST(ConvolutionStem, of_48_channels_and_three_scales_has_about_ten_thousand_parameters) {
  StemSpec spec;
  spec.stem = "depthwise";
  ParamSet params;
  ConvolutionStem::make(spec, {3, 500, false}, "stem", params);
  EXPECT_EQ(params.parameter_count(), 3 * 48 + 48 + (9 + 19 + 39) * 48 + 3 * 48 * 48 + 3 * 48u);
}

TEST(ConvolutionStem, full_filters_share_the_channels_out) {
  StemSpec spec;
  spec.stem = "full";
  spec.stem_channels = 8;
  spec.stem_layers = 2;
  ParamSet params;
  ConvolutionStem::make(spec, {2, 12, false}, "stem", params);
  EXPECT_EQ(params.params()[0].shape, (tensor::Shape{6, 2}));
  EXPECT_EQ(params.params()[2].shape, (tensor::Shape{10, 3}));
  EXPECT_EQ(params.params()[4].shape, (tensor::Shape{14, 3}));
  spec.stem_channels = 2;
  ParamSet other;
  EXPECT_THROW(ConvolutionStem::make(spec, {2, 12, false}, "stem", other), Error);
}

TEST(ConvolutionStem, a_model_with_a_stem_answers_no_single_steps) {
  EncoderSpec spec;
  spec.bidirectional = false;
  spec.stem.stem = "full";
  ParamSet params;
  const auto encoder = make_encoder(spec, {data::StreamKind::kSeries, 2, 20}, "encoder", params);
  params.initialise(base::Rng(1));
  try {
    encoder->stream(params);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnsupported);
  }
}

}  // namespace
}  // namespace refrain::nn
