#include "sigv4/canonical.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fas::sigv4 {
namespace {

using Fields = std::vector<Field>;

TEST(CanonicalQuery, IsEmptyWithoutParameters) { EXPECT_EQ(canonical_query({}), ""); }

TEST(CanonicalQuery, GivesAParameterWithoutAValueAnEqualsSign) {
    EXPECT_EQ(canonical_query(Fields{{"lifecycle", ""}}), "lifecycle=");
}

TEST(CanonicalQuery, SortsPairsAndNotTheirJoinedText) {
    // '-' sorts before '=': as joined texts the longer name would come first.
    EXPECT_EQ(canonical_query(Fields{{"Param-3", "c"}, {"Param", "b"}}), "Param=b&Param-3=c");
}

TEST(CanonicalQuery, SortsRepeatedNamesByValue) {
    EXPECT_EQ(canonical_query(Fields{{"a", "z"}, {"a", ""}, {"a", "b"}, {"a", "z"}}),
              "a=&a=b&a=z&a=z");
}

TEST(CanonicalQuery, SortsByTheEncodedText) {
    // "é" is %C3%A9 and '%' sorts before letters and digits.
    EXPECT_EQ(canonical_query(Fields{{"a", "1"}, {"é", "2"}, {"0", "3"}, {"B", "4"}}),
              "%C3%A9=2&0=3&B=4&a=1");
}

TEST(CanonicalQuery, EncodesReservedCharactersInNamesAndValues) {
    EXPECT_EQ(canonical_query(Fields{{"a&b=", "c d/+%"}}), "a%26b%3D=c%20d%2F%2B%25");
}

TEST(CanonicalHeaders, LowerCasesAndSortsNames) {
    const auto headers =
        canonical_headers(Fields{{"X-Amz-Target", "T"}, {"Host", "h"}, {"Content-Type", "j"}}, {});
    EXPECT_EQ(headers.lines, "content-type:j\nhost:h\nx-amz-target:T\n");
    EXPECT_EQ(headers.names, "content-type;host;x-amz-target");
}

TEST(CanonicalHeaders, TrimsValuesAndFoldsWhiteSpaceWithin) {
    const auto headers = canonical_headers(
        Fields{{"a", "  x \t y  "}, {"b", " \t "}, {"c", ""}, {"d", "\"p  q\""}, {"e", "x y"}}, {});
    EXPECT_EQ(headers.lines, "a:x y\nb:\nc:\nd:\"p q\"\ne:x y\n");
}

TEST(CanonicalHeaders, LetsNoValueBeginALineOfItsOwn) {
    const auto headers = canonical_headers(Fields{{"a", "x\r\nhost:evil\n"}}, {});
    EXPECT_EQ(headers.lines, "a:x host:evil\n");
}

TEST(CanonicalHeaders, JoinsRepeatedNamesInTheirOrderWhateverTheirCase) {
    const auto headers =
        canonical_headers(Fields{{"My", "z"}, {"b", "1"}, {"my", " a "}, {"MY", "m"}}, {});
    EXPECT_EQ(headers.lines, "b:1\nmy:z,a,m\n");
    EXPECT_EQ(headers.names, "b;my");
}

TEST(CanonicalHeaders, LeavesOutWhatIsChangedOnTheWay) {
    const auto headers = canonical_headers(Fields{{"Host", "h"},
                                                  {"Connection", "x"},
                                                  {"Expect", "x"},
                                                  {"TE", "x"},
                                                  {"User-Agent", "x"},
                                                  {"X-Amzn-Trace-Id", "x"},
                                                  {"Transfer-Encoding", "x"},
                                                  {"amz-sdk-invocation-id", "x"},
                                                  {"amz-sdk-request", "x"},
                                                  {"Authorization", "x"}},
                                           {});
    EXPECT_EQ(headers.names, "host");
}

TEST(CanonicalHeaders, SignsNamesThatOnlyBeginLikeAnUnsignedOne) {
    EXPECT_EQ(canonical_headers(Fields{{"te2", "x"}, {"x-amzn-query-mode", "true"}}, {}).names,
              "te2;x-amzn-query-mode");
}

TEST(CanonicalHeaders, DropsTheDefaultPortOfTheHost) {
    const auto host = [](const char* value) {
        return canonical_headers(Fields{{"Host", value}}, {}).lines;
    };
    EXPECT_EQ(host("example.com:443"), "host:example.com\n");
    EXPECT_EQ(host("example.com:80"), "host:example.com\n");
    EXPECT_EQ(host("[::1]:443"), "host:[::1]\n");
    EXPECT_EQ(host("localhost:4566"), "host:localhost:4566\n");
    EXPECT_EQ(host("localhost:8080"), "host:localhost:8080\n");
    EXPECT_EQ(host("localhost:4443"), "host:localhost:4443\n");
}

TEST(CanonicalHeaders, KeepsAPortInOtherHeaders) {
    EXPECT_EQ(canonical_headers(Fields{{"origin", "example.com:443"}}, {}).lines,
              "origin:example.com:443\n");
}

TEST(CanonicalHeaders, OwnHeadersReplaceTheRequestsSoThatASecondAttemptIsNotSignedTwice) {
    const auto headers = canonical_headers(Fields{{"X-Amz-Date", "old"}, {"Host", "h"}},
                                           Fields{{"x-amz-date", "new"}});
    EXPECT_EQ(headers.lines, "host:h\nx-amz-date:new\n");
}

TEST(CanonicalHeaders, SurvivesEmptyNames) {
    const auto headers = canonical_headers(Fields{{"", ""}, {"", "x"}, {"a", "y"}}, {});
    EXPECT_EQ(headers.lines, ":,x\na:y\n");
}

std::string path_of(std::string_view path, PathEncoding encoding) {
    const Request request{"GET", path, {}, {}, ""};
    const std::string text = canonical_request(request, encoding, "", {}, "");
    return text.substr(4, text.find('\n', 4) - 4);
}

TEST(CanonicalRequest, EncodesTheWirePathAgainForServicesOtherThanS3) {
    EXPECT_EQ(path_of("/v1/clusters/arn%3Aaws%3Akafka/b", PathEncoding::normalize_and_encode_again),
              "/v1/clusters/arn%253Aaws%253Akafka/b");
}

TEST(CanonicalRequest, ResolvesThePathBeforeItEncodesIt) {
    EXPECT_EQ(path_of("/a//./b/../c%2F../", PathEncoding::normalize_and_encode_again),
              "/a/c%252F../");
}

TEST(CanonicalRequest, TakesThePathOfS3AsItIs) {
    EXPECT_EQ(path_of("//a/./../b%20c//", PathEncoding::as_sent), "//a/./../b%20c//");
}

TEST(CanonicalRequest, WritesAnEmptyPathAsASlash) {
    EXPECT_EQ(path_of("", PathEncoding::normalize_and_encode_again), "/");
    EXPECT_EQ(path_of("", PathEncoding::as_sent), "/");
}

TEST(CanonicalRequest, PutsEachPartOnItsLine) {
    const Request request{"POST", "/p", {}, {}, "not looked at"};
    EXPECT_EQ(
        canonical_request(request, PathEncoding::as_sent, "a=b", {"h:1\ni:2\n", "h;i"}, "hash"),
        "POST\n/p\na=b\nh:1\ni:2\n\nh;i\nhash");
}

}  // namespace
}  // namespace fas::sigv4
