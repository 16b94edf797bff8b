#include "base/error.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace fas {
namespace {

TEST(Error, SaysWhatIsKnownAndNoMore) {
    EXPECT_EQ(describe({.kind = ErrorKind::denied,
                        .message = "cannot read queue orders: access denied",
                        .service = "SQS",
                        .code = "AccessDenied",
                        .http_status = 403,
                        .request_id = "r-1"}),
              "SQS: cannot read queue orders: access denied (AccessDenied, HTTP 403, request id "
              "r-1)");
    EXPECT_EQ(describe({.kind = ErrorKind::invalid, .message = "no such option"}),
              "no such option");
}

TEST(Error, IsMadeOfItsKindCodeAndMessage) {
    const Error error = make_error(ErrorKind::denied, "NoKeys", "there are none", "SQS");
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(describe(error), "SQS: there are none (NoKeys)");
    EXPECT_EQ(describe(make_error(ErrorKind::bug, "", "oh")), "oh");
}

TEST(Result, IsAValueOrAnError) {
    const auto half = [](int number) -> Result<int> {
        if (number % 2 != 0) return Error{.kind = ErrorKind::invalid, .message = "odd"};
        return number / 2;
    };
    EXPECT_EQ(*half(4), 2);
    EXPECT_EQ(half(3).error().message, "odd");
}

}  // namespace
}  // namespace fas
