// AWS's own hosts, each region's under its own name and certificate: reached through a proxy that
// this test is itself, so that redirects from one to the other are followed for real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "clients/aws/services/s3.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::ElementsAre;

// Changes the process's environment, which libcurl reads its proxy from, for as long as it lives.
class ProxyForAll {
  public:
    explicit ProxyForAll(const std::string& address) {
        for (const char* name : {"https_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"}) {
            ::unsetenv(name);
        }
        ::setenv("HTTPS_PROXY", address.c_str(), 1);
    }
    ~ProxyForAll() { ::unsetenv("HTTPS_PROXY"); }
    ProxyForAll(const ProxyForAll&) = delete;
    ProxyForAll& operator=(const ProxyForAll&) = delete;
};

// Speaks for every host that it is asked to connect to, as S3 would for a bucket in us-west-2.
class S3RegionTest : public ::testing::Test {
  protected:
    Result<S3Object> get(const std::string& region, Variables variables,
                         const std::string& bucket = "bucket") {
        const AwsSettings settings = settings_of(std::move(variables));
        AwsContext context{reactor_, http_, keys_, clock_, log_, settings, region};
        S3Client client(context);
        const auto scope = reactor::Scope{}.within(std::chrono::seconds{60});
        return reactor_.run(client.get_object(bucket, "k", {}, scope));
    }

    std::vector<std::string> asked() {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }

  private:
    void serve(test::TestConnection& connection) {
        const auto tunnel = connection.read_request();
        if (!tunnel || tunnel->method != "CONNECT") return;
        connection.send("HTTP/1.1 200 Connected\r\n\r\n");
        if (!connection.accept_tls(tls_.get())) return;
        while (const auto request = connection.read_request()) {
            const bool right =
                request->header("Authorization").find("/us-west-2/") != std::string::npos;
            {
                const std::scoped_lock lock(mutex_);
                asked_.push_back(tunnel->target + " " + request->header("Host") + request->target);
            }
            connection.send(right
                                ? http_answer(200, "here", "ETag: \"1\"\r\n")
                                : http_answer(301, "<Error><Code>PermanentRedirect</Code></Error>",
                                              "x-amz-bucket-region: us-west-2\r\n"));
        }
    }

    std::mutex mutex_;
    std::vector<std::string> asked_;  // "CONNECT's target Host and path"
    const test::TestCertificate certificate_{
        "DNS:*.s3.eu-west-1.amazonaws.com,DNS:*.s3.us-west-2.amazonaws.com,"
        "DNS:*.s3-fips.us-east-1.amazonaws.com,DNS:*.s3-fips.us-west-2.amazonaws.com,"
        "DNS:s3.dualstack.eu-west-1.amazonaws.com,DNS:s3.dualstack.us-west-2.amazonaws.com"};
    std::unique_ptr<SSL_CTX, test::Free<SSL_CTX_free>> tls_{certificate_.new_server_context()};
    test::TestServer proxy_{[this](test::TestConnection& connection) { serve(connection); }};
    const ProxyForAll environment_{"http://" + proxy_.name()};
    reactor::Reactor reactor_;
    reactor::HttpClient http_{reactor_,
                              reactor::HttpClientOptions{.ca_bundle = certificate_.file()}};
    HandKeys keys_;
    HandClock clock_;
    Logger log_{LogLevel::error};
};

TEST_F(S3RegionTest, ABucketElsewhereIsAskedForAtItsOwnRegionsHost) {
    const auto object = get("eu-west-1", {});
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_EQ(object->body, "here");
    EXPECT_THAT(asked(), ElementsAre("bucket.s3.eu-west-1.amazonaws.com:443 "
                                     "bucket.s3.eu-west-1.amazonaws.com/k",
                                     "bucket.s3.us-west-2.amazonaws.com:443 "
                                     "bucket.s3.us-west-2.amazonaws.com/k"));
}

TEST_F(S3RegionTest, FipsIsKept) {
    const auto object = get("fips-us-east-1", {});
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_THAT(asked(), ElementsAre("bucket.s3-fips.us-east-1.amazonaws.com:443 "
                                     "bucket.s3-fips.us-east-1.amazonaws.com/k",
                                     "bucket.s3-fips.us-west-2.amazonaws.com:443 "
                                     "bucket.s3-fips.us-west-2.amazonaws.com/k"));
}

TEST_F(S3RegionTest, DualStackIsKeptAndSoIsThePath) {
    const auto object = get("eu-west-1", {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}}, "dotted.bucket");
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_THAT(asked(), ElementsAre("s3.dualstack.eu-west-1.amazonaws.com:443 "
                                     "s3.dualstack.eu-west-1.amazonaws.com/dotted.bucket/k",
                                     "s3.dualstack.us-west-2.amazonaws.com:443 "
                                     "s3.dualstack.us-west-2.amazonaws.com/dotted.bucket/k"));
}

}  // namespace
}  // namespace fas::clients
