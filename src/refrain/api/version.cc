#include "refrain/api/version.h"

namespace refrain::api {

std::string version() { return REFRAIN_VERSION; }

}  // namespace refrain::api
