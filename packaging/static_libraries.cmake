# What a static program is linked with, from FAS_SYSROOT (made by fetch.sh and libraries.sh): targets
# of the names that the system's libraries have.
file(GLOB_RECURSE crypto_library ${FAS_SYSROOT}/usr/lib/*/libcrypto.a)
get_filename_component(library_dir "${crypto_library}" DIRECTORY)

function(static_library target file)
  add_library(${target} STATIC IMPORTED)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${library_dir}/${file}
    INTERFACE_INCLUDE_DIRECTORIES ${FAS_SYSROOT}/usr/include
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

static_library(OpenSSL::Crypto libcrypto.a)
static_library(OpenSSL::SSL libssl.a OpenSSL::Crypto)
static_library(cares libcares.a)
static_library(PkgConfig::LIBUV libuv_a.a)
static_library(PkgConfig::CURL libcurl.a OpenSSL::SSL cares)
set_property(TARGET PkgConfig::CURL PROPERTY INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB)
static_library(PkgConfig::SIMDJSON libsimdjson.a)
if(FAS_KAFKA)
  static_library(PkgConfig::RDKAFKA librdkafka.a OpenSSL::SSL)
endif()

# The separator, which no format here asks for, keeps C++'s locales out of the program.
add_library(fmt::fmt-header-only INTERFACE IMPORTED)
target_include_directories(fmt::fmt-header-only INTERFACE ${FAS_SYSROOT}/usr/include)
target_compile_definitions(fmt::fmt-header-only
  INTERFACE FMT_HEADER_ONLY=1 FMT_STATIC_THOUSANDS_SEPARATOR=0x2c)
set(RAPIDXML_INCLUDE_DIR ${FAS_SYSROOT}/usr/include)
set(GTest_DIR ${library_dir}/cmake/GTest)

# Small, for what a cold start reads from disk counts; only signing is worth its speed
# (CMakeLists.txt). Addresses are fixed when linking: relocating OpenSSL's tables takes time at each
# start. The linker's warnings are about getaddrinfo and its like in OpenSSL, libuv and c-ares, which
# would want the C library's shared parts: nothing here calls them, for c-ares resolves names.
set(CMAKE_CXX_FLAGS_RELEASE "-Oz -DNDEBUG -ffunction-sections -fdata-sections")
add_compile_options(-fno-pie)
add_link_options(-static -no-pie -Wl,--gc-sections -Wl,--no-warnings)

# The linker passes silently over a library that it does not know, and a room that has another name
# since would be read by every cold start.
function(refuse_unknown_libraries script)
  file(STRINGS ${script} lines REGEX "[*]lib")
  string(REGEX MATCHALL "lib[^* ]+[.]a:" names "${lines}")
  list(REMOVE_DUPLICATES names)
  foreach(name IN LISTS names)
    string(REGEX REPLACE "^lib(.*)[.]a:$" "\\1" library ${name})
    if(NOT TARGET ${library} AND NOT EXISTS ${library_dir}/lib${library}.a)
      message(FATAL_ERROR "${script} names lib${library}.a, which is neither a target of the build "
        "nor a library in ${library_dir}. What it meant would be read by every cold start: write "
        "the name that it has now (for a room, see room() in CMakeLists.txt), or delete it there")
    endif()
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
endfunction()

# Lays the program out for a start from a disk: start_first.ld and entry.S say how. After the rooms.
enable_language(ASM)
function(lay_out_for_a_cold_start program)
  set(script ${PROJECT_SOURCE_DIR}/packaging/start_first.ld)
  refuse_unknown_libraries(${script})
  target_sources(${program} PRIVATE packaging/entry.S)
  target_link_options(${program} PRIVATE -Wl,-e,entry -Wl,-T,${script})
  set_property(TARGET ${program} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()
