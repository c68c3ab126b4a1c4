// What a Model holds; for the sources of this layer only.
#pragma once

#include "refrain/api/model.h"
#include "refrain/task/model_file.h"

namespace refrain::api {

struct Model::Impl {
  std::string path;
  task::Model model;
};

}  // namespace refrain::api
