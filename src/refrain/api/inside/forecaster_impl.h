// What a Forecaster holds; for the sources of this layer only.
#pragma once

#include "refrain/api/forecast.h"
#include "refrain/data/history/read.h"
#include "refrain/forecast/forecaster.h"

namespace refrain::api {

struct Forecaster::Impl {
  forecast::Forecaster model;
};

// The series of a file as the model continues them. Throws as Forecaster::predict.
data::Histories read_histories_for(const forecast::Forecaster& f, const std::string& path,
                                   const Options& options, const Hooks& hooks);

}  // namespace refrain::api
