#include "base/web_url.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace fas {
namespace {

TEST(WebUrl, IsAnAddressWithoutAPassword) {
    struct Case {
        const char* text;
        bool url;
        bool base;
    };
    const Case cases[]{
        {"http://prometheus:9090", true, true},
        {"https://a.example/x/y%2F", true, true},
        {"https://[::1]:15671/", true, true},
        {"https://10.0.0.1/metrics?name=a&b=c", true, false},
        {"https://a?b", true, false},
        {"", false, false},
        {"prometheus:9090", false, false},
        {"ftp://a", false, false},
        {"http://", false, false},
        {"http://user:password@a/", false, false},
        {"http://a b/", false, false},
        {"http://a/b c", false, false},
        {"http://a/#top", false, false},
        {"http://a/\xc3\xa9", false, false},
        {"http://a:port/", false, false},
        {"http://[::1/", false, false},
    };
    const std::regex url{std::string{web_url_pattern}};
    const std::regex base{std::string{web_base_pattern}};
    for (const Case& one : cases) {
        EXPECT_EQ(is_web_url(one.text), one.url) << one.text;
        EXPECT_EQ(is_web_base(one.text), one.base) << one.text;
        EXPECT_EQ(std::regex_search(one.text, url), one.url) << one.text;
        EXPECT_EQ(std::regex_search(one.text, base), one.base) << one.text;
    }
}

}  // namespace
}  // namespace fas
