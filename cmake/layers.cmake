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
)
list(TRANSFORM REFRAIN_APART PREPEND ${CMAKE_SOURCE_DIR}/)
function(refrain_compile_together target)
  if(NOT REFRAIN_TOGETHER OR target STREQUAL "refrain_kernels")  # Highway compiles each file by itself
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  set_source_files_properties(${REFRAIN_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# Notes a layer's objects and its system libraries for the one installed library (cmake/install.cmake).
function(refrain_remember_for_install name)
  list(REMOVE_ITEM ARGN PUBLIC PRIVATE)
  list(FILTER ARGN EXCLUDE REGEX "^refrain_")
  set_property(GLOBAL APPEND PROPERTY REFRAIN_OBJECTS $<TARGET_OBJECTS:refrain_${name}>)
  set_property(GLOBAL APPEND PROPERTY REFRAIN_LIBRARIES ${ARGN})
endfunction()

# refrain_test(name SOURCES ... LINK ...): a GoogleTest program whose cases CTest lists one by one.
function(refrain_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  list(REMOVE_ITEM arg_LINK PUBLIC PRIVATE)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE REFRAIN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # Test code runs once: compile it quickly. The code under test keeps its own optimisation.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  refrain_compile_together(${name})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 300 PROPERTIES TIMEOUT 1200)
endfunction()

# refrain_tool(target folder ...): the command-line program, placed at the top of the build folder.
function(refrain_tool target folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/refrain/${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} ${ARGN})
  refrain_compile_together(${target})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  install(TARGETS ${target})
endfunction()
