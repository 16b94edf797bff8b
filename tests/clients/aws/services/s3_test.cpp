// Against a real server that answers as S3 does, at an address that the user named.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
#include "clients/aws/services/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reactor/when_all.h"
#include "tests/clients/aws/aws_fixture.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string s3_error(int status, const std::string& code, const std::string& more = "",
                     const std::string& headers = "") {
    return http_answer(status,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code +
                           "</Code><Message>Said so.</Message>" + more + "</Error>",
                       headers + "x-amz-request-id: 4442587FB7D0A2F9\r\n");
}

// Gives its answers one after the other, the last one for ever, and keeps what was asked.
class S3ClientTest : public ::testing::Test {
  protected:
    void answers(std::vector<std::string> in_order) { answers_ = std::move(in_order); }

    Result<S3Object> get(const std::string& key = "k", const std::string& bucket = "bucket") {
        return aws_.reactor.run(client_.get_object(bucket, key, {}, scope()));
    }

    Result<std::optional<S3Object>> get_unless(
        const std::string& etag, std::size_t bytes_max = S3Client::document_bytes_max) {
        return aws_.reactor.run(client_.get_object_unless("bucket", "k", etag, scope(), bytes_max));
    }

    Result<std::string> put(WriteCondition condition, S3Terms terms = {}) {
        return aws_.reactor.run(client_.put_object("bucket", "k", "body", std::move(condition),
                                                   std::move(terms), scope()));
    }

    std::vector<std::string> targets() {
        std::vector<std::string> all;
        for (const test::ReceivedRequest& request : requests()) all.push_back(request.target);
        return all;
    }

    // The region of each request's signature.
    std::vector<std::string> signed_for() {
        std::vector<std::string> all;
        for (const test::ReceivedRequest& request : requests()) {
            const std::string scope = request.header("Authorization");
            const std::size_t end = scope.find("/s3/aws4_request");
            const std::size_t start = scope.rfind('/', end - 1) + 1;
            all.push_back(scope.substr(start, end - start));
        }
        return all;
    }

    std::vector<test::ReceivedRequest> requests() {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }

  private:
    static reactor::Scope scope() { return reactor::Scope{}.within(std::chrono::seconds{60}); }

    std::string answer(const test::ReceivedRequest& request) {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        return answers_[std::min(requests_.size(), answers_.size()) - 1];
    }

    std::mutex mutex_;
    std::vector<std::string> answers_;
    std::vector<test::ReceivedRequest> requests_;
    test::TestServer server_{
        test::replying([this](const test::ReceivedRequest& request) { return answer(request); })};
    AwsSurroundings aws_{server_};
    S3Client client_{aws_.context};
};

TEST_F(S3ClientTest, ReadsAnObjectWithItsETag) {
    answers({http_answer(200, "{\"a\":1}", "ETag: \"abc\"\r\n")});
    const auto object = get("folder/a b+c=\xc3\xa9.json");
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_EQ(object->body, "{\"a\":1}");
    EXPECT_EQ(object->etag, "\"abc\"");
    EXPECT_THAT(targets(), ElementsAre("/bucket/folder/a%20b%2Bc%3D%C3%A9.json"));
    EXPECT_EQ(requests()[0].method, "GET");
    EXPECT_EQ(requests()[0].header("x-amz-content-sha256").size(), 64U);
}

TEST_F(S3ClientTest, TellsTheErrorsApart) {
    const std::tuple<int, const char*, ErrorKind> cases[]{
        {404, "NoSuchKey", ErrorKind::not_found},
        {404, "NoSuchBucket", ErrorKind::not_found},
        {403, "AccessDenied", ErrorKind::denied},
        {412, "PreconditionFailed", ErrorKind::conflict},
        {409, "ConditionalRequestConflict", ErrorKind::conflict},
        {400, "InvalidArgument", ErrorKind::invalid},
    };
    for (const auto& [status, code, kind] : cases) {
        answers({s3_error(status, code)});
        const auto written = put(IfAbsent{});
        ASSERT_FALSE(written) << code;
        EXPECT_EQ(written.error().kind, kind) << code;
        EXPECT_EQ(written.error().code, code);
        EXPECT_EQ(written.error().http_status, status);
        EXPECT_EQ(written.error().service, "S3");
        EXPECT_EQ(written.error().request_id, "4442587FB7D0A2F9");
        EXPECT_EQ(written.error().message, "PutObject failed: Said so.");
    }
}

constexpr const char* not_modified = "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n";

TEST_F(S3ClientTest, AnObjectThatHasNotChangedIsNotReadAgain) {
    answers({http_answer(200, "one", "ETag: \"v1\"\r\n"), not_modified,
             http_answer(200, "two", "ETag: \"v2\"\r\n")});
    const auto first = get_unless("");
    ASSERT_TRUE(first && *first) << first.error().message;
    EXPECT_EQ((*first)->body, "one");
    EXPECT_EQ((*first)->etag, "\"v1\"");
    const auto second = get_unless("\"v1\"");
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_FALSE(*second);
    const auto third = get_unless("\"v1\"");
    ASSERT_TRUE(third && *third);
    EXPECT_EQ((*third)->body, "two");

    EXPECT_EQ(requests()[0].header("If-None-Match"), "");
    EXPECT_EQ(requests()[1].header("If-None-Match"), "\"v1\"");
    EXPECT_THAT(requests()[1].header("Authorization"), HasSubstr("if-none-match"));
}

TEST_F(S3ClientTest, WhatHasNotChangedMayBeInAnotherRegion) {
    answers({s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: us-east-2\r\n"),
             not_modified});
    const auto object = get_unless("\"v1\"");
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_FALSE(*object);
    EXPECT_THAT(signed_for(), ElementsAre("eu-west-1", "us-east-2"));
}

TEST_F(S3ClientTest, NobodyAskedWhetherItHadChanged) {
    answers({not_modified});
    const auto object = get();
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().http_status, 304);
}

TEST_F(S3ClientTest, ADocumentMayHaveSixteenMebibytesAndNoMoreThanAskedFor) {
    answers({http_answer(200, std::string(S3Client::document_bytes_max, ' '), "ETag: \"v1\"\r\n")});
    const auto whole = get_unless("");
    ASSERT_TRUE(whole && *whole) << whole.error().message;
    EXPECT_EQ((*whole)->body.size(), S3Client::document_bytes_max);
    const auto limited = get_unless("", 1'000);
    ASSERT_FALSE(limited);
    EXPECT_EQ(limited.error().code, "ResponseTooLarge");
}

TEST_F(S3ClientTest, WritesOnTheConditionAskedFor) {
    answers({http_answer(200, "", "ETag: \"new\"\r\n")});
    EXPECT_EQ(put(IfAbsent{}).value(), "\"new\"");
    EXPECT_EQ(put(IfMatch{"\"old\""}).value(), "\"new\"");
    const auto sent = requests();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].header("If-None-Match"), "*");
    EXPECT_EQ(sent[0].header("If-Match"), "");
    EXPECT_EQ(sent[1].header("If-Match"), "\"old\"");
    EXPECT_EQ(sent[1].header("If-None-Match"), "");
    for (const test::ReceivedRequest& request : sent) {
        EXPECT_EQ(request.method, "PUT");
        EXPECT_EQ(request.body, "body");
        EXPECT_EQ(request.header("Transfer-Encoding"), "");
    }
    EXPECT_THAT(sent[1].header("Authorization"), HasSubstr("if-match;"));
}

TEST_F(S3ClientTest, AnAnswerWithoutAnETagIsUnusable) {
    answers({http_answer(200, "{}")});
    const auto object = get();
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().code, "UnusableAnswer");
    const auto written = put(IfAbsent{});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, "UnusableAnswer");
}

TEST_F(S3ClientTest, ARedirectIsFollowedByASignatureForTheOtherRegionAndRemembered) {
    answers({s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: us-west-2\r\n"),
             http_answer(200, "x", "ETag: \"1\"\r\n")});
    ASSERT_TRUE(get());
    ASSERT_TRUE(get());
    EXPECT_THAT(signed_for(), ElementsAre("eu-west-1", "us-west-2", "us-west-2"));
    EXPECT_THAT(targets(), ElementsAre("/bucket/k", "/bucket/k", "/bucket/k"));
}

TEST_F(S3ClientTest, ARedirectIsRememberedForItsBucketAlone) {
    answers({s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: us-west-2\r\n"),
             http_answer(200, "x", "ETag: \"1\"\r\n")});
    ASSERT_TRUE(get("k", "one"));
    ASSERT_TRUE(get("k", "two"));
    EXPECT_THAT(signed_for(), ElementsAre("eu-west-1", "us-west-2", "eu-west-1"));
}

// What a bucket with Object Lock asks for, and one whose policy asks for an encryption.
TEST_F(S3ClientTest, WritesWithAChecksumAndOnTheBucketsTerms) {
    answers({http_answer(200, "", "ETag: \"new\"\r\n")});
    ASSERT_TRUE(put(IfAbsent{}));
    ASSERT_TRUE(put(IfAbsent{}, {"123456789012", "aws:kms", "alias/state"}));
    const auto sent = requests();
    EXPECT_EQ(sent[0].header("x-amz-checksum-crc32"), "26gLsg==");
    EXPECT_EQ(sent[0].header("x-amz-server-side-encryption"), "");
    EXPECT_EQ(sent[0].header("x-amz-expected-bucket-owner"), "");
    EXPECT_EQ(sent[1].header("x-amz-server-side-encryption"), "aws:kms");
    EXPECT_EQ(sent[1].header("x-amz-server-side-encryption-aws-kms-key-id"), "alias/state");
    EXPECT_EQ(sent[1].header("x-amz-expected-bucket-owner"), "123456789012");
}

TEST_F(S3ClientTest, AConditionalWriteKeepsItsConditionWhenItIsRedirected) {
    answers({s3_error(400, "AuthorizationHeaderMalformed", "<Region>us-west-2</Region>"),
             http_answer(200, "", "ETag: \"2\"\r\n")});
    ASSERT_TRUE(put(IfMatch{"\"1\""}));
    const auto sent = requests();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[1].header("If-Match"), "\"1\"");
    EXPECT_EQ(sent[1].body, "body");
    EXPECT_THAT(signed_for(), ElementsAre("eu-west-1", "us-west-2"));
}

TEST_F(S3ClientTest, ARedirectIsFollowedOnceACall) {
    answers({s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: us-west-2\r\n"),
             s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: eu-west-1\r\n")});
    const auto object = get();
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().code, "PermanentRedirect");
    EXPECT_EQ(object.error().kind, ErrorKind::invalid);
    EXPECT_EQ(requests().size(), 2U);
}

TEST_F(S3ClientTest, ARedirectToWhereItComesFromIsAnError) {
    answers({s3_error(307, "TemporaryRedirect", "", "x-amz-bucket-region: eu-west-1\r\n")});
    const auto object = get();
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().code, "TemporaryRedirect");
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(S3ClientTest, ARedirectWithoutARegionIsAnErrorAndItsLocationIsNotGoneTo) {
    answers({s3_error(302, "Found", "<Endpoint>evil.test</Endpoint>",
                      "Location: http://127.0.0.1:1/\r\n")});
    const auto object = get();
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().http_status, 302);
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(S3ClientTest, ABucketThatMovedIsFoundAgain) {
    answers({s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: us-west-2\r\n"),
             http_answer(200, "x", "ETag: \"1\"\r\n"),
             s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: eu-west-1\r\n"),
             http_answer(200, "x", "ETag: \"1\"\r\n")});
    ASSERT_TRUE(get());
    ASSERT_TRUE(get());
    EXPECT_THAT(signed_for(), ElementsAre("eu-west-1", "us-west-2", "us-west-2", "eu-west-1"));
}

// Both are on their way before the first hears where the bucket is.
TEST(S3Redirect, IsFollowedByEachOfCallsThatOverlap) {
    test::Gate both_arrived(2);
    const test::TestServer server(test::replying([&](const test::ReceivedRequest& request) {
        if (request.header("Authorization").find("/us-west-2/s3/") != std::string::npos) {
            return http_answer(200, "x", "ETag: \"1\"\r\n");
        }
        both_arrived.reach();
        both_arrived.wait();
        return s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: us-west-2\r\n");
    }));
    AwsSurroundings aws(server);
    S3Client client(aws.context);
    const auto scope = reactor::Scope{}.within(std::chrono::seconds{60});
    auto first = client.get_object("bucket", "one", {}, scope);
    auto second = client.get_object("bucket", "two", {}, scope);
    const auto [one, two] = aws.reactor.run(reactor::when_all(std::move(first), std::move(second)));
    EXPECT_TRUE(one) << one.error().message;
    EXPECT_TRUE(two) << two.error().message;
}

TEST(S3Redirect, IsToldByItsStatusOrItsCode) {
    const reactor::HttpHeader region{"X-Amz-Bucket-Region", "us-west-2"};
    for (const int status : {301, 302, 307}) {
        EXPECT_EQ(region_of_redirect(answer("", status, {region})), "us-west-2") << status;
    }
    for (const char* code :
         {"AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}) {
        const std::string body = std::string{"<Error><Code>"} + code + "</Code></Error>";
        EXPECT_EQ(region_of_redirect(answer(body, 400, {region})), "us-west-2") << code;
    }
    // S3 names the bucket's region beside other refusals too.
    EXPECT_EQ(region_of_redirect(answer("", 200, {region})), std::nullopt);
    EXPECT_EQ(region_of_redirect(answer("", 403, {region})), std::nullopt);
    EXPECT_EQ(region_of_redirect(answer("<Error><Code>NoSuchKey</Code></Error>", 404, {region})),
              std::nullopt);
    EXPECT_EQ(region_of_redirect(answer("", 304, {region})), std::nullopt);
}

TEST(S3Redirect, TakesTheRegionFromTheHeaderElseFromTheBody) {
    const std::string body =
        "<Error><Code>PermanentRedirect</Code><Region>eu-north-1</Region></Error>";
    EXPECT_EQ(region_of_redirect(answer(body, 301)), "eu-north-1");
    EXPECT_EQ(region_of_redirect(answer(body, 301, {{"x-amz-bucket-region", "us-west-2"}})),
              "us-west-2");
    EXPECT_EQ(region_of_redirect(answer("", 301)), std::nullopt);
}

TEST(S3Redirect, GoesToARegionOnly) {
    for (const char* name : {"evil.test", "evil.test/", "a@b", "EU", "us-west-2 ", "-", "a b"}) {
        EXPECT_EQ(region_of_redirect(answer("", 301, {{"x-amz-bucket-region", name}})),
                  std::nullopt)
            << name;
    }
}

TEST(S3Bucket, HasAHostOfItsOwnWhereItCan) {
    const Endpoint own{.scheme = "https", .host = "s3.eu-west-1.amazonaws.com"};
    EXPECT_EQ(bucket_address(own, "my-bucket-1").host, "my-bucket-1.s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(bucket_address(own, "my-bucket-1").path, "");
    for (const char* bucket : {"a.b.c", "Bucket", "ab", "-abc", "abc-", "a_bc", "evil.test/x"}) {
        EXPECT_EQ(bucket_address(own, bucket).host, own.host) << bucket;
    }
    EXPECT_EQ(bucket_address(own, "a.b.c").path, "/a.b.c");
    EXPECT_EQ(bucket_address(own, "a/b").path, "/a%2Fb");
    EXPECT_EQ(bucket_address(own, std::string(64, 'a')).host, own.host);
}

TEST(S3Bucket, IsUnderAPathAtAnAddressThatTheUserNamed) {
    const Endpoint named{.scheme = "http", .host = "localhost:9000", .user_named = true};
    EXPECT_EQ(bucket_address(named, "bucket").host, "localhost:9000");
    EXPECT_EQ(bucket_address(named, "bucket").path, "/bucket");
}

}  // namespace
}  // namespace fas::clients
