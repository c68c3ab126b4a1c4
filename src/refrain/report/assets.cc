#include "refrain/report/assets.h"

#include <map>
#include <string_view>

#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::report {

// The generated source: all files, packed one after the other, and where each begins.
struct PackedAsset {
  const char* name;
  std::size_t bytes;
};
extern const unsigned char kPackedAssets[];
extern const std::size_t kPackedAssetBytes;
extern const PackedAsset kAssetList[];
extern const std::size_t kAssetCount;

namespace {

std::map<std::string, std::string> unpack_assets() {
  const std::string all = base::unpack_gz(
      {reinterpret_cast<const char*>(kPackedAssets), kPackedAssetBytes}, "the page's own files");
  std::map<std::string, std::string> out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < kAssetCount; ++i) {
    out[kAssetList[i].name] = all.substr(at, kAssetList[i].bytes);
    at += kAssetList[i].bytes;
  }
  return out;
}

}  // namespace

const std::string& asset(const std::string& name) {
  static const std::map<std::string, std::string> files = unpack_assets();
  const auto found = files.find(name);
  if (found == files.end()) throw Error(Code::kInternal, "no file " + name + " in the program");
  return found->second;
}

}  // namespace refrain::report
