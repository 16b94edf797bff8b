// The error answers are in the forms that AWS documents for each protocol; the SQS, ECS and S3 ones
// also come from a real server in tests/e2e.
#include "clients/aws/error.h"

#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;

constexpr AwsService xml_service{.name = "S3",
                                 .signing_name = "s3",
                                 .host_prefix = "s3",
                                 .target_prefix = "",
                                 .protocol = Protocol::rest_xml};

Error json_error(int status, std::string body, std::vector<reactor::HttpHeader> headers = {}) {
    return parse_aws_error(sqs, "Op", answer(std::move(body), status, std::move(headers)));
}

TEST(AwsError, ReadsTheTypeInEachOfItsForms) {
    for (const char* type : {"QueueDoesNotExist", "com.amazonaws.sqs#QueueDoesNotExist",
                             "com.amazonaws.sqs#QueueDoesNotExist:http://internal.amazon.com/"}) {
        const Error error = json_error(
            400, std::string{R"({"__type":")"} + type + R"(","message":"It is not there."})");
        EXPECT_EQ(error.code, "QueueDoesNotExist");
        EXPECT_EQ(error.kind, ErrorKind::not_found);
        EXPECT_EQ(error.message, "Op failed: It is not there.");
    }
}

TEST(AwsError, ReadsTheMessageInBothSpellings) {
    EXPECT_EQ(json_error(400, R"({"__type":"X","Message":"Big M"})").message, "Op failed: Big M");
}

TEST(AwsError, TakesTheCodeFromTheHeadersOfServicesThatOnceSpokeQuery) {
    const Error error = json_error(
        400, "{}", {{"x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"}});
    EXPECT_EQ(error.code, "AWS.SimpleQueueService.NonExistentQueue");
    EXPECT_EQ(error.kind, ErrorKind::not_found);
}

// As the SDKs' own cases have it, in each place where a protocol lets the code stand.
TEST(AwsError, TakesTheCodeFromWhereverAJsonProtocolHasIt) {
    const std::string type = "aws.protocoltests.restjson#FooError";
    for (const std::string& code :
         {std::string{"FooError"},
          std::string{"FooError:http://internal.amazon.com/coral/com.amazon.coral/"}, type,
          type + ":http://internal.amazon.com/coral/com.amazon.coral.validate/"}) {
        EXPECT_EQ(json_error(500, "", {{"X-Amzn-Errortype", code}}).code, "FooError") << code;
        EXPECT_EQ(json_error(500, "{}", {{"x-amzn-ErrorType", code}}).code, "FooError") << code;
        for (const std::string name : {"__type", "code", "Code"}) {
            const std::string body = "{\"" + name + "\":\"" + code + "\",\"Message\":\"m\"}";
            EXPECT_EQ(json_error(500, body).code, "FooError") << body;
            EXPECT_EQ(json_error(500, body).message, "Op failed: m") << body;
        }
    }
    EXPECT_EQ(json_error(400, R"({"__type":"B","code":"C"})", {{"x-amzn-errortype", "A"}}).code,
              "A");
    EXPECT_EQ(json_error(400, R"({"code":404,"Code":"C"})").code, "C");
    EXPECT_EQ(json_error(400, R"({"error_description":"no grant"})").message,
              "Op failed: no grant");
}

TEST(AwsError, AQueryCodeThatIsNoneIsLeftOut) {
    for (const char* header : {"malformed", ";Sender", ""}) {
        EXPECT_EQ(json_error(400, "{}", {{"x-amzn-query-error", header}}).code, "HTTP400")
            << header;
    }
}

TEST(AwsError, ThrottlingOftenComesAsA400) {
    EXPECT_EQ(json_error(400, R"({"__type":"ThrottlingException"})").kind, ErrorKind::throttled);
    EXPECT_EQ(json_error(429, "").kind, ErrorKind::throttled);
    EXPECT_EQ(json_error(503, R"({"__type":"SlowDown"})").kind, ErrorKind::throttled);
}

TEST(AwsError, ABodyThatDoesNotParseIsStillAnError) {
    for (const char* body : {"", "<html>Bad gateway</html>", "{\"__type\":", "[]", "null"}) {
        const Error error = json_error(502, body);
        EXPECT_EQ(error.kind, ErrorKind::retryable) << body;
        EXPECT_EQ(error.code, "HTTP502") << body;
    }
    EXPECT_EQ(json_error(403, "nonsense").kind, ErrorKind::denied);
    EXPECT_EQ(json_error(418, "nonsense").kind, ErrorKind::invalid);
}

TEST(AwsError, ReadsS3sBareErrorAndTheWrappedOne) {
    const Error bare = parse_aws_error(
        xml_service, "GetObject",
        answer("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>"
               "<Message>The specified key does not exist.</Message><Key>k</Key></Error>",
               404, {{"x-amz-request-id", "ABC"}}));
    EXPECT_EQ(bare.code, "NoSuchKey");
    EXPECT_EQ(bare.kind, ErrorKind::not_found);
    EXPECT_EQ(bare.request_id, "ABC");
    EXPECT_EQ(bare.message, "GetObject failed: The specified key does not exist.");

    const Error wrapped = parse_aws_error(
        xml_service, "AssumeRole",
        answer("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
               "<Message>No.</Message></Error><RequestId>r</RequestId></ErrorResponse>",
               403));
    EXPECT_EQ(wrapped.code, "AccessDenied");
    EXPECT_EQ(wrapped.kind, ErrorKind::denied);
}

TEST(AwsError, AConditionThatDoesNotHoldIsAConflict) {
    EXPECT_EQ(kind_of("PreconditionFailed", 412), ErrorKind::conflict);
    EXPECT_EQ(kind_of("ConditionalRequestConflict", 409), ErrorKind::conflict);
}

constexpr AwsService query_service{.name = "STS",
                                   .signing_name = "sts",
                                   .host_prefix = "sts",
                                   .target_prefix = "2011-06-15",
                                   .protocol = Protocol::query};

TEST(AwsError, ReadsAQueryServicesErrorInItsNamespace) {
    const Error error = parse_aws_error(
        query_service, "AssumeRole",
        answer("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n"
               "    <Type>Sender</Type>\n    <Code>InvalidIdentityToken</Code>\n"
               "    <Message>No OpenIDConnect provider found</Message>\n  </Error>\n"
               "  <RequestId>c6104cbe</RequestId>\n</ErrorResponse>\n",
               400, {{"x-amzn-RequestId", "c6104cbe"}}));
    EXPECT_EQ(error.code, "InvalidIdentityToken");
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.message, "AssumeRole failed: No OpenIDConnect provider found");
    EXPECT_EQ(error.request_id, "c6104cbe");
}

TEST(AwsError, OfATokenThatCouldNotBeCheckedIsTriedAgain) {
    EXPECT_EQ(kind_of("IDPCommunicationError", 400), ErrorKind::retryable);
}

TEST(AwsError, TakesTheCodeOfARestJsonServiceFromItsHeader) {
    AwsService portal = sqs;
    portal.protocol = Protocol::rest_json;
    const Error error = parse_aws_error(
        portal, "GetRoleCredentials",
        answer(R"({"message":"Session token not found or invalid"})", 401,
               {{"x-amzn-ErrorType", "UnauthorizedException:http://internal.amazon.com/"}}));
    EXPECT_EQ(error.code, "UnauthorizedException");
    EXPECT_EQ(error.kind, ErrorKind::denied);
}

TEST(AwsError, ALongMessageIsCutBetweenCharacters) {
    const Error error =
        json_error(400, R"({"__type":"X","message":")" + std::string(5000, 'a') + R"("})");
    EXPECT_EQ(error.message.size(), std::string{"Op failed: "}.size() + 500);

    std::string accents = "a";  // so that the 500th byte is within an accented letter
    for (int i = 0; i < 400; ++i) accents += "\xc3\xa9";
    const Error cut = json_error(400, R"({"__type":"X","message":")" + accents + R"("})");
    EXPECT_EQ(cut.message.size(), std::string{"Op failed: "}.size() + 499);
    EXPECT_EQ(cut.message.substr(cut.message.size() - 2), "\xc3\xa9");
}

TEST(AwsError, DoesNotRepeatTheRequestThatAServiceQuotes) {
    const Error error = json_error(
        403, R"({"__type":"InvalidSignatureException","message":"The request signature we )"
             R"(calculated does not match the signature you provided.\n\nThe Canonical String for )"
             R"(this request should have been\n'POST\n/\n\nx-amz-security-token:IQoJsecret\n'"})");
    EXPECT_EQ(error.message,
              "Op failed: The request signature we calculated does not match the signature you "
              "provided.");
}

TEST(AwsError, ShowsNothingThatATerminalObeys) {
    const Error error = json_error(400, R"({"__type":"X","message":"no\u001b[2Jqueue"})",
                                   {{"x-amzn-requestid", "r1\x1B[2J"}});
    EXPECT_EQ(error.message, "Op failed: no");
    EXPECT_EQ(error.request_id, "r1");
}

TEST(AwsError, HasNoCodeThatCouldNotBeOne) {
    EXPECT_EQ(json_error(400, R"({"__type":"a b\nc"})").code, "HTTP400");
    EXPECT_EQ(json_error(400, R"({"__type":")" + std::string(200, 'A') + R"("})").code, "HTTP400");
    EXPECT_EQ(json_error(400, "{}", {{"x-amzn-requestid", std::string(5000, 'r')}}).request_id,
              std::string(100, 'r'));
}

}  // namespace
}  // namespace fas::clients
