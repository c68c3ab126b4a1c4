# Every library comes from the system; doc/dependencies.md tells why each is here.
macro(refrain_find)
  find_package(${ARGN} REQUIRED)
endmacro()
include(system_libraries)
refrain_find(nlohmann_json 3.11)  # headers only
refrain_find(CLI11 2.1)           # headers only
find_path(REFRAIN_KISSFFT_DIR kissfft/kissfft.hh REQUIRED)  # headers only

if(REFRAIN_TESTS)
  refrain_find(GTest)
  include(GoogleTest)
  enable_testing()
endif()
