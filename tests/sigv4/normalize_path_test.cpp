#include "sigv4/normalize_path.h"

#include <gtest/gtest.h>

#include <string_view>

namespace fas::sigv4 {
namespace {

struct PathCase {
    std::string_view path;
    std::string_view normalized;
};

class NormalizePath : public testing::TestWithParam<PathCase> {};

TEST_P(NormalizePath, GivesTheCanonicalPath) {
    EXPECT_EQ(normalize_path(GetParam().path), GetParam().normalized) << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    Paths, NormalizePath,
    testing::Values(PathCase{"", "/"}, PathCase{"/", "/"}, PathCase{"//", "/"},
                    PathCase{"/a", "/a"}, PathCase{"a", "/a"}, PathCase{"/a/", "/a/"},
                    PathCase{"//a//b//", "/a/b/"}, PathCase{"/./", "/"}, PathCase{"/./a", "/a"},
                    PathCase{"/a/./b", "/a/b"}, PathCase{"/a/..", "/"}, PathCase{"/a/../", "/"},
                    PathCase{"/a/b/..", "/a"}, PathCase{"/a/b/../", "/a/"},
                    PathCase{"/a/b/../../c", "/c"}, PathCase{"/..", "/"},
                    PathCase{"/../../a", "/a"}, PathCase{"/...", "/..."},
                    PathCase{"/.a/..b", "/.a/..b"}, PathCase{"/%2E%2E/a", "/%2E%2E/a"}));

}  // namespace
}  // namespace fas::sigv4
