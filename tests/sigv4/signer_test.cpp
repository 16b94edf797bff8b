#include "sigv4/signer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "sigv4/digest.h"

namespace fas::sigv4 {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Fields = std::vector<Field>;

constexpr std::string_view empty_hash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string value_of(const Fields& fields, std::string_view name) {
    for (const Field& field : fields) {
        if (field.name == name) return field.value;
    }
    return "<no " + std::string(name) + ">";
}

std::vector<std::string> names_of(const Fields& fields) {
    std::vector<std::string> names;
    for (const Field& field : fields) names.push_back(field.name);
    return names;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
// the test suite that AWS used to publish share these keys and this time.
class SignerTest : public testing::Test {
  protected:
    Fields sign() { return signer_.sign(request_, service_, credentials_, now_, &explanation_); }
    std::string presign(std::chrono::seconds expires = 60s) {
        return signer_.presign(request_, service_, credentials_, now_, expires, &explanation_);
    }

    Signer signer_;
    Credentials credentials_{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), {}};
    Service service_{"service", "us-east-1"};
    Fields query_;
    Fields headers_{{"Host", "example.amazonaws.com"}};
    Request request_{"GET", "/", query_, headers_, ""};
    TimePoint now_ = std::chrono::sys_days(2015y / 8 / 30) + 12h + 36min;
    Explanation explanation_;
};

TEST_F(SignerTest, MatchesTheDocumentedListUsersExample) {
    query_ = {{"Action", "ListUsers"}, {"Version", "2010-05-08"}};
    headers_ = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                {"Host", "iam.amazonaws.com"}};
    request_.query = query_;
    request_.headers = headers_;
    service_.name = "iam";

    const Fields added = sign();

    EXPECT_EQ(explanation_.canonical_request,
              "GET\n"
              "/\n"
              "Action=ListUsers&Version=2010-05-08\n"
              "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
              "host:iam.amazonaws.com\n"
              "x-amz-date:20150830T123600Z\n"
              "\n"
              "content-type;host;x-amz-date\n"
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(explanation_.string_to_sign,
              "AWS4-HMAC-SHA256\n"
              "20150830T123600Z\n"
              "20150830/us-east-1/iam/aws4_request\n"
              "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
    EXPECT_EQ(value_of(added, "Authorization"),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date, "
              "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    EXPECT_EQ(value_of(added, "x-amz-date"), "20150830T123600Z");
    EXPECT_THAT(names_of(added), ElementsAre("x-amz-date", "Authorization"));
}

TEST_F(SignerTest, MatchesTheSimplestCaseOfTheTestSuite) {
    EXPECT_THAT(
        value_of(sign(), "Authorization"),
        EndsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
}

TEST_F(SignerTest, AddsAndSignsTheSessionToken) {
    credentials_.session_token = Secret("token/with+signs==");
    const Fields added = sign();
    EXPECT_THAT(names_of(added),
                ElementsAre("x-amz-date", "x-amz-security-token", "Authorization"));
    EXPECT_EQ(value_of(added, "x-amz-security-token"), "token/with+signs==");
    EXPECT_THAT(explanation_.canonical_request,
                HasSubstr("\nx-amz-security-token:token/with+signs==\n"));
    EXPECT_THAT(value_of(added, "Authorization"),
                HasSubstr("SignedHeaders=host;x-amz-date;x-amz-security-token,"));
}

TEST_F(SignerTest, HashesTheBodyAndAnEmptyOneToo) {
    sign();
    EXPECT_THAT(explanation_.canonical_request, EndsWith(empty_hash));
    request_.body = "abc";
    sign();
    EXPECT_THAT(explanation_.canonical_request,
                EndsWith("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST_F(SignerTest, SignsTheHeadersOfAFormerAttemptAnew) {
    const Fields first = sign();
    const std::string expected = value_of(first, "Authorization");
    now_ += 90s;
    const std::string second = value_of(sign(), "Authorization");
    EXPECT_NE(second, expected);

    headers_.insert(headers_.end(), first.begin(), first.end());
    request_.headers = headers_;
    EXPECT_EQ(value_of(sign(), "Authorization"), second);
}

TEST_F(SignerTest, SignsWithTheNewDaysKeyAfterMidnight) {
    sign();
    now_ += 24h;
    const std::string with_used_cache = value_of(sign(), "Authorization");
    EXPECT_THAT(with_used_cache, HasSubstr("/20150831/"));
    EXPECT_EQ(with_used_cache,
              value_of(Signer().sign(request_, service_, credentials_, now_), "Authorization"));
}

TEST_F(SignerTest, SignsWithTheNewKeyAfterCredentialsWereRotated) {
    const std::string before = value_of(sign(), "Authorization");
    credentials_.secret_access_key = Secret("another");
    const std::string after = value_of(sign(), "Authorization");
    EXPECT_NE(after, before);
    EXPECT_EQ(after,
              value_of(Signer().sign(request_, service_, credentials_, now_), "Authorization"));
}

TEST_F(SignerTest, GivesTheSameSignatureWithoutAnExplanation) {
    EXPECT_EQ(value_of(sign(), "Authorization"),
              value_of(signer_.sign(request_, service_, credentials_, now_), "Authorization"));
}

TEST_F(SignerTest, SignsOddInputWithoutComplaint) {
    const std::string every_byte = [] {
        std::string bytes;
        for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
        return bytes;
    }();
    query_ = {{"", ""}, {every_byte, every_byte}};
    headers_ = {{"", every_byte}, {every_byte, ""}, {"", ""}, {"Host", ":443"}};
    request_ = {every_byte, every_byte, query_, headers_, every_byte};
    service_.name = service_.region = credentials_.access_key_id = every_byte;
    credentials_.secret_access_key = credentials_.session_token = Secret(every_byte);
    EXPECT_EQ(sign().size(), 3U);
    EXPECT_THAT(presign(), HasSubstr("&X-Amz-Signature="));

    request_ = {};
    service_ = {};
    credentials_ = {};
    for (const TimePoint time : {TimePoint::min(), TimePoint::max()}) {
        now_ = time;
        EXPECT_EQ(sign().size(), 2U);
        EXPECT_THAT(presign(std::chrono::seconds::max()), HasSubstr("&X-Amz-Signature="));
    }
}

TEST_F(SignerTest, PresignedQueryHoldsTheSortedRequestAndTheSessionToken) {
    query_ = {{"z", "1"}, {"Action", "Get Caller"}};
    request_.query = query_;
    credentials_.session_token = Secret("a/b=");
    EXPECT_THAT(presign(),
                StartsWith("Action=Get%20Caller&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
                           "X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2F"
                           "aws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&"
                           "X-Amz-Security-Token=a%2Fb%3D&X-Amz-SignedHeaders=host&z=1&"
                           "X-Amz-Signature="));
    EXPECT_THAT(explanation_.canonical_request, Not(HasSubstr("X-Amz-Signature")));
    EXPECT_THAT(explanation_.canonical_request, Not(HasSubstr("x-amz-date:")));
}

TEST_F(SignerTest, PresigningClampsTheLifetimeToWhatServicesAccept) {
    EXPECT_THAT(presign(-5s), HasSubstr("X-Amz-Expires=1&"));
    EXPECT_THAT(presign(0s), HasSubstr("X-Amz-Expires=1&"));
    EXPECT_THAT(presign(604'800s), HasSubstr("X-Amz-Expires=604800&"));
    EXPECT_THAT(presign(604'801s), HasSubstr("X-Amz-Expires=604800&"));
}

TEST_F(SignerTest, PresigningHashesTheBodyForServicesOtherThanS3) {
    presign();
    EXPECT_THAT(explanation_.canonical_request, EndsWith(empty_hash));
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
class S3SignerTest : public SignerTest {
  protected:
    S3SignerTest() {
        credentials_ = {
            "AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), {}};
        service_ = {"s3", "us-east-1", PathEncoding::as_sent, true};
        now_ = std::chrono::sys_days(2013y / 5 / 24);
        headers_ = {{"Host", "examplebucket.s3.amazonaws.com"}};
        request_.headers = headers_;
    }
};

TEST_F(S3SignerTest, MatchesTheDocumentedGetObjectExample) {
    headers_.push_back({"Range", "bytes=0-9"});
    request_.headers = headers_;
    request_.path = "/test.txt";

    const Fields added = sign();

    EXPECT_EQ(value_of(added, "Authorization"),
              "AWS4-HMAC-SHA256 "
              "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
              "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
              "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    EXPECT_EQ(value_of(added, "x-amz-content-sha256"), empty_hash);
}

TEST_F(S3SignerTest, MatchesTheDocumentedPutObjectExample) {
    headers_.push_back({"Date", "Fri, 24 May 2013 00:00:00 GMT"});
    headers_.push_back({"x-amz-storage-class", "REDUCED_REDUNDANCY"});
    request_ = {"PUT", "/test%24file.text", {}, headers_, "Welcome to Amazon S3."};

    const Fields added = sign();

    EXPECT_THAT(
        value_of(added, "Authorization"),
        EndsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
    EXPECT_EQ(value_of(added, "x-amz-content-sha256"),
              "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
}

TEST_F(S3SignerTest, MatchesTheDocumentedGetBucketLifecycleExample) {
    query_ = {{"lifecycle", ""}};
    request_.query = query_;
    EXPECT_THAT(
        value_of(sign(), "Authorization"),
        EndsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST_F(S3SignerTest, MatchesTheDocumentedListObjectsExample) {
    query_ = {{"max-keys", "2"}, {"prefix", "J"}};
    request_.query = query_;
    EXPECT_THAT(
        value_of(sign(), "Authorization"),
        EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST_F(S3SignerTest, MatchesTheDocumentedPresignedExample) {
    request_.path = "/test.txt";
    EXPECT_EQ(presign(86'400s),
              "X-Amz-Algorithm=AWS4-HMAC-SHA256&"
              "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&"
              "X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&"
              "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    EXPECT_THAT(explanation_.canonical_request, EndsWith("\nUNSIGNED-PAYLOAD"));
}

}  // namespace
}  // namespace fas::sigv4
