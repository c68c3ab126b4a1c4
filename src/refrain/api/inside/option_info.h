// Options as they are declared; for the sources of this layer only.
#pragma once

#include "refrain/api/options.h"
#include "refrain/task/spec.h"

namespace refrain::api {

// Describes a field whose default is `value`.
OptionInfo info_of(const base::Field& field, const base::Json& value);

// The option augment where something can be done by it. Throws usage where it is missing or auto.
const std::string& require_augment(const task::Spec& spec);

}  // namespace refrain::api
