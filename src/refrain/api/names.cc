#include "refrain/api/names.h"

#include "refrain/base/nearest.h"

namespace refrain::api {

std::string nearest_name(const std::string& name, const std::vector<std::string>& known) {
  return base::nearest(name, known);
}

}  // namespace refrain::api
