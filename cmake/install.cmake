# cmake --install build --prefix P: the tool, one static library of all layers, the headers of the
# api layer (with base/error.h, the only other header they include) and RefrainConfig.cmake, so that
# find_package(Refrain) gives the target Refrain::refrain.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(objects GLOBAL PROPERTY REFRAIN_OBJECTS)
get_property(libraries GLOBAL PROPERTY REFRAIN_LIBRARIES)
list(REMOVE_DUPLICATES libraries)
list(REMOVE_ITEM libraries nlohmann_json::nlohmann_json)  # headers only, and in no installed header

add_library(refrain_library STATIC ${objects})
add_library(Refrain::refrain ALIAS refrain_library)
set_target_properties(refrain_library PROPERTIES OUTPUT_NAME refrain EXPORT_NAME refrain
                                                 LINKER_LANGUAGE CXX)
target_compile_features(refrain_library PUBLIC cxx_std_20)
target_include_directories(refrain_library PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>
                                                  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(refrain_library PRIVATE ${libraries} Threads::Threads)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Refrain)
install(TARGETS refrain_library EXPORT refrain)
install(EXPORT refrain NAMESPACE Refrain:: DESTINATION ${package_dir} FILE RefrainTargets.cmake)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/RefrainConfig.cmake.in
                              ${CMAKE_BINARY_DIR}/RefrainConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/RefrainConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/RefrainConfig.cmake ${CMAKE_BINARY_DIR}/RefrainConfigVersion.cmake
              ${CMAKE_SOURCE_DIR}/cmake/system_libraries.cmake
        DESTINATION ${package_dir})

# The pages of the manual, which the tool makes of its own options.
if(TARGET refrain AND NOT CMAKE_CROSSCOMPILING AND NOT REFRAIN_SANITIZE)
  set(manual ${CMAKE_BINARY_DIR}/man1)
  file(MAKE_DIRECTORY ${manual})
  add_custom_command(OUTPUT ${manual}/refrain.1 COMMAND refrain manual ${manual} DEPENDS refrain VERBATIM)
  add_custom_target(manual ALL DEPENDS ${manual}/refrain.1)
  install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

file(GLOB api_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/refrain/api/*.h)
install(FILES ${api_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/refrain/api)
install(FILES ${CMAKE_SOURCE_DIR}/src/refrain/base/error.h
              ${CMAKE_SOURCE_DIR}/src/refrain/base/table.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/refrain/base)
