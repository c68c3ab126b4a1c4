# Language, warnings, optimisation and sanitizers, the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -ffp-contract=off: the same source gives the same bits whatever the compiler fuses; the kernels ask
# for fused multiply-add by name.
add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -ffp-contract=off)
# g++ 12 sees overlapping copies where a short literal is added to a std::string; there are none.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict)
endif()
# Where ccache is installed, what was compiled before is taken from it, in any checkout.
find_program(REFRAIN_CCACHE ccache)
if(REFRAIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${REFRAIN_CCACHE})
endif()
if(REFRAIN_WERROR)
  add_compile_options(-Werror)
endif()
# Each function in a section of its own, so that the linker leaves out what a program never calls.
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)
# Functions with the same code become one, where the linker gold is installed: 4 % of the tool.
find_program(REFRAIN_GOLD ld.gold)
if(REFRAIN_GOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT REFRAIN_SANITIZE AND NOT REFRAIN_FUZZ)
  add_link_options(-fuse-ld=gold -Wl,--icf=safe)
endif()
if(REFRAIN_DOUBLE)
  add_compile_definitions(REFRAIN_DOUBLE)
endif()
if(NOT REFRAIN_AVX512)
  add_compile_definitions(REFRAIN_NO_AVX512)
endif()
if(REFRAIN_SANITIZE)
  add_compile_options(-fsanitize=${REFRAIN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${REFRAIN_SANITIZE})
  if(REFRAIN_SANITIZE MATCHES "address,undefined")
    # The address sanitizer finds null and sizes as well, and casts to a class are dynamic ones: a fifth of
    # clang's time.
    add_compile_options(-fno-sanitize=null,object-size,vptr)
  endif()
  find_program(REFRAIN_LLD ld.lld-14)
  if(REFRAIN_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(-fuse-ld=lld-14)  # programs with sanitizers are large
  endif()
endif()
if(REFRAIN_SANITIZE STREQUAL "thread")
  include_directories(BEFORE ${CMAKE_CURRENT_LIST_DIR}/tsan)  # plain threads in place of oneTBB
endif()
if(REFRAIN_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "REFRAIN_FUZZ needs clang: cmake --preset fuzz")
  endif()
  # Counts what inputs reach, in the code under test; the fuzz programs themselves link the engine.
  set(REFRAIN_COVERAGE -fsanitize=fuzzer-no-link)
endif()
