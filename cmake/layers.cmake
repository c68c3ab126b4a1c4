# refrain_layer(name PUBLIC ... PRIVATE ...): a static library from src/refrain/<name>/**.cc, and one
# test program from the *_test.cc beside them.
function(refrain_layer name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/refrain/${name}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    if(NOT EXISTS ${CMAKE_BINARY_DIR}/${name}_empty.cc)
      file(WRITE ${CMAKE_BINARY_DIR}/${name}_empty.cc "")
    endif()
    set(sources ${CMAKE_BINARY_DIR}/${name}_empty.cc)
  endif()
  add_library(refrain_${name} STATIC ${sources})
  target_include_directories(refrain_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>)
  target_link_libraries(refrain_${name} ${ARGN})
  target_compile_options(refrain_${name} PRIVATE ${REFRAIN_COVERAGE})
  refrain_compile_together(refrain_${name})
  refrain_remember_for_install(${name} ${ARGN})
  if(REFRAIN_TESTS AND tests)
    refrain_test(${name}_test SOURCES ${tests} LINK refrain_${name} ${ARGN})
  endif()
endfunction()

# Several sources of a target in one compilation (REFRAIN_TOGETHER): most of the time goes into the
# headers that all of them read. Their unnamed namespaces are then one, so a name stands there once; a
# source that cannot have it so is named here.
set(REFRAIN_APART
    src/refrain/tape/depthwise_convolution.cc  # the same steps as convolution.cc, other kernels
    src/refrain/task/task.cc                   # tests/third_task compiles it with one task more
)
set(REFRAIN_TOGETHER_BYTES 64000)  # of sources in one compilation
list(TRANSFORM REFRAIN_APART PREPEND ${CMAKE_SOURCE_DIR}/)
function(refrain_compile_together target)
  if(NOT REFRAIN_TOGETHER OR target STREQUAL "refrain_kernels")  # Highway compiles each file by itself
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set_source_files_properties(${REFRAIN_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  get_target_property(sources ${target} SOURCES)
  set(group 0)
  set(bytes 0)
  foreach(source ${sources})
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE path)
    if(EXISTS ${path})
      file(SIZE ${path} size)
      math(EXPR bytes "${bytes} + ${size}")
    endif()
    if(bytes GREATER REFRAIN_TOGETHER_BYTES)
      math(EXPR group "${group} + 1")
      set(bytes ${size})
    endif()
    set_source_files_properties(${path} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()

# Notes a layer's objects and its system libraries for the one installed library (cmake/install.cmake).
function(refrain_remember_for_install name)
  list(REMOVE_ITEM ARGN PUBLIC PRIVATE)
  list(FILTER ARGN EXCLUDE REGEX "^refrain_")
  set_property(GLOBAL APPEND PROPERTY REFRAIN_OBJECTS $<TARGET_OBJECTS:refrain_${name}>)
  set_property(GLOBAL APPEND PROPERTY REFRAIN_LIBRARIES ${ARGN})
endfunction()

# The programs that refrain_test makes: what a build for one purpose (double, thread sanitizer) builds.
if(REFRAIN_TESTS)
  add_custom_target(test_programs)
endif()

# refrain_test(name SOURCES ... LINK ...): a GoogleTest program. CTest lists its cases one by one, or,
# where a sanitizer makes the start of a process expensive, the whole program.
function(refrain_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  list(REMOVE_ITEM arg_LINK PUBLIC PRIVATE)
  if(REFRAIN_TEST_PROGRAMS AND NOT name IN_LIST REFRAIN_TEST_PROGRAMS)
    return()
  endif()
  if(REFRAIN_SANITIZE STREQUAL "thread")
    refrain_keep_threaded(arg_SOURCES)
    if(NOT arg_SOURCES)
      return()
    endif()
  endif()
  add_executable(${name} ${arg_SOURCES})
  add_dependencies(test_programs ${name})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE REFRAIN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # Test code runs once: compile it quickly. The code under test keeps its own optimisation.
  target_compile_options(${name} PRIVATE -O0)
  refrain_compile_together(${name})
  if(REFRAIN_SANITIZE)
    refrain_test_in_shards(${name} ${arg_SOURCES})
  else()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 300 PROPERTIES TIMEOUT 1200)
  endif()
endfunction()

# Leaves the sources that have a test about threads ("thread" in its name): the thread sanitizer has
# nothing to find in others.
function(refrain_keep_threaded sources)
  set(kept "")
  foreach(source ${${sources}})
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE path)
    file(STRINGS ${path} threaded LIMIT_COUNT 1 REGEX "^TEST.*[Tt]hread")
    if(threaded OR NOT source MATCHES "_test\\.cc$")
      list(APPEND kept ${source})
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  endforeach()
  if(NOT kept MATCHES "_test\\.cc")
    set(kept "")
  endif()
  set(${sources} ${kept} PARENT_SCOPE)
endfunction()

# One entry a program, or several where it has many sources, so that they run side by side. Tests whose
# suite begins with "Slow" train or draw for seconds and reach no code that shorter ones do not: they run
# in the other builds.
function(refrain_test_in_shards name)
  list(LENGTH ARGN sources)
  math(EXPR shards "1 + ${sources} / 6")
  set(filter "--gtest_filter=-Slow*")
  if(REFRAIN_SANITIZE STREQUAL "thread")
    set(shards 1)
    set(filter "--gtest_filter=*hread*-Slow*")
  endif()
  foreach(index RANGE 1 ${shards})
    math(EXPR zero_based "${index} - 1")
    add_test(NAME ${name}.${index}_of_${shards} COMMAND ${name} --gtest_brief=1 ${filter})
    set_tests_properties(${name}.${index}_of_${shards} PROPERTIES COST ${sources} TIMEOUT 1200 ENVIRONMENT
      "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${zero_based}")
  endforeach()
endfunction()

# refrain_tool(target folder ...): the command-line program, placed at the top of the build folder,
# and the static library target_cli of all but its main(), which the Python package calls.
function(refrain_tool target folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/refrain/${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    return()
  endif()
  set(program ${CMAKE_SOURCE_DIR}/src/refrain/${folder}/program.cc)
  list(REMOVE_ITEM sources ${program})
  add_library(${target}_${folder} STATIC ${sources})
  target_include_directories(${target}_${folder} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target}_${folder} ${ARGN})
  refrain_compile_together(${target}_${folder})
  if(REFRAIN_SANITIZE)  # nothing runs it there: compiled for the warnings of the second compiler
    target_compile_options(${target}_${folder} PRIVATE -O0)
  endif()
  add_executable(${target} ${program})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE ${target}_${folder})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  install(TARGETS ${target})
endfunction()
