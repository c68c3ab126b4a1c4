# The files inside of every report (src/refrain/report/assets.h): the page's own style and script, and the
# plotting library dygraphs of the system, packed and written as a C++ source of the layer report.
#
# Included by CMakeLists.txt it adds that source; run as a script (cmake -P) it writes it.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  find_path(REFRAIN_DYGRAPHS_DIR dygraph.min.js
            PATHS /usr/share/javascript/dygraphs /usr/share/javascript/dygraphs/dist)
  if(NOT REFRAIN_DYGRAPHS_DIR)
    message(FATAL_ERROR "dygraphs is missing, which reports carry: apt-get install libjs-dygraphs, or name the "
                        "folder of dygraph.min.js and dygraph.min.css with -DREFRAIN_DYGRAPHS_DIR=...")
  endif()
  set(folder ${CMAKE_SOURCE_DIR}/src/refrain/report)
  set(assets ${folder}/page.css ${folder}/page.js ${REFRAIN_DYGRAPHS_DIR}/dygraph.min.css
             ${REFRAIN_DYGRAPHS_DIR}/dygraph.min.js)
  set(source ${CMAKE_BINARY_DIR}/report_assets.cc)
  string(REPLACE ";" "," list "${assets}")
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -D ASSETS=${list} -D OUT=${source} -P ${CMAKE_CURRENT_LIST_FILE}
    DEPENDS ${assets} ${CMAKE_CURRENT_LIST_FILE}
    VERBATIM)
  target_sources(refrain_report PRIVATE ${source})
  return()
endif()

string(REPLACE "," ";" assets "${ASSETS}")
set(all "")
set(list "")
set(count 0)
foreach(path ${assets})
  cmake_path(GET path FILENAME name)
  if(name MATCHES "^dygraph")  # without the line that names a map of the source, which nobody has
    file(READ ${path} text)
    string(REGEX REPLACE "\n?/[/*]# sourceMappingURL=[^\n]*" "" text "${text}")
  else()
    file(READ ${path} text)
  endif()
  file(WRITE ${OUT}.part "${text}")
  file(SIZE ${OUT}.part bytes)
  string(APPEND all "${text}")
  string(APPEND list "    {\"${name}\", ${bytes}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT}.part "${all}")
file(ARCHIVE_CREATE OUTPUT ${OUT}.gz PATHS ${OUT}.part FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
file(READ ${OUT}.gz packed HEX)
file(REMOVE ${OUT}.part ${OUT}.gz)
string(LENGTH "${packed}" digits)
math(EXPR bytes "${digits} / 2")
# Bytes 4 to 7 of the format are the time of packing.
string(SUBSTRING "${packed}" 0 8 begin)
string(SUBSTRING "${packed}" 16 -1 end)
string(REGEX REPLACE "(..)" "0x\\1," packed "${begin}00000000${end}")
file(WRITE ${OUT}
"// Written by cmake/assets.cmake.
#include <cstddef>

namespace refrain::report {

struct PackedAsset {
  const char* name;
  std::size_t bytes;
};
extern const unsigned char kPackedAssets[];
extern const std::size_t kPackedAssetBytes;
extern const PackedAsset kAssetList[];
extern const std::size_t kAssetCount;

const PackedAsset kAssetList[] = {
${list}};
const std::size_t kAssetCount = ${count};
const std::size_t kPackedAssetBytes = ${bytes};
const unsigned char kPackedAssets[] = {${packed}};

}  // namespace refrain::report
")
