#include "reactor/http.h"

#include <gtest/gtest.h>

namespace fas::reactor {
namespace {

TEST(HttpResponse, FindsTheFirstHeaderOfANameInAnyCase) {
    const HttpResponse response{
        .status = 200, .headers = {{"ETag", "one"}, {"etag", "two"}, {"Empty", ""}}, .body = ""};
    EXPECT_EQ(response.header("etag"), "one");
    EXPECT_EQ(response.header("ETAG"), "one");
    EXPECT_EQ(response.header("Empty"), "");
    EXPECT_EQ(response.header("ETa"), "");
    EXPECT_EQ(response.header("Missing"), "");
}

}  // namespace
}  // namespace fas::reactor
