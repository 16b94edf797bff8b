// Which certificates a request's server is verified by.
#include <gmock/gmock.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "tests/reactor/http_client_fixture.h"

namespace fas::reactor {
namespace {

using test::answering;
using test::http_answer;
using test::TestCertificate;
using test::TestServer;

class HttpClientTrustTest : public HttpClientFixture {
  protected:
    // The certificate is the system's: it is believed under that trust alone.
    HttpClientOptions system_options() const {
        return {.system_bundles = {"/no/such.pem", certificate_.file()}};
    }

    Result<HttpResponse> send_with(HttpClient& client, Trust trust, const std::string& url) {
        HttpRequest request = get(url);
        request.trust = trust;
        return reactor_.run(client.send(std::move(request), Scope()));
    }

    Result<HttpResponse> send_with_file(HttpClient& client, const std::string& ca_file,
                                        const std::string& url) {
        HttpRequest request = get(url);
        request.ca_file = ca_file;
        return reactor_.run(client.send(std::move(request), Scope()));
    }

    const TestCertificate certificate_;
    TestServer server_{answering(http_answer(200, "ok")), &certificate_};
    HttpClient client_of_system_{reactor_, system_options()};
};

TEST_F(HttpClientTrustTest, TheSystemsBundleIsTheFirstThatExists) {
    EXPECT_EQ(body_of(send_with(client_of_system_, Trust::system, server_.url())), "ok");
}

TEST_F(HttpClientTrustTest, TheRootsOfAmazonAreBelievedAlone) {
    expect_error(send_with(client_of_system_, Trust::amazon, server_.url()), ErrorKind::denied,
                 "CertificateNotTrusted",
                 "the certificate of " + server_.name() +
                     " is not trusted: SSL certificate problem: self-signed certificate");
}

TEST_F(HttpClientTrustTest, AKeptConnectionServesOnlyTheTrustItWasVerifiedBy) {
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(status_of(send_with(client_of_system_, Trust::system, server_.url())), 200);
        EXPECT_EQ(code_of(send_with(client_of_system_, Trust::amazon, server_.url())),
                  "CertificateNotTrusted");
    }
    EXPECT_EQ(server_.connections(), 3);  // the first is kept, refused ones are not
}

TEST_F(HttpClientTrustTest, ATlsSessionIsNotResumedUnderTheOtherTrust) {
    // Each request shakes hands, for which libcurl offers to resume an earlier session.
    TestServer closing(answering(http_answer(200, "ok", "Connection: close\r\n")), &certificate_);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(status_of(send_with(client_of_system_, Trust::system, closing.url())), 200);
        EXPECT_EQ(code_of(send_with(client_of_system_, Trust::amazon, closing.url())),
                  "CertificateNotTrusted");
    }
    EXPECT_EQ(closing.connections(), 4);
}

TEST_F(HttpClientTrustTest, ABundleReplacesBoth) {
    HttpClient client(reactor_,
                      {.ca_bundle = certificate_.file(), .system_bundles = {"/no/such.pem"}});
    EXPECT_EQ(status_of(send_with(client, Trust::system, server_.url())), 200);
    EXPECT_EQ(status_of(send_with(client, Trust::amazon, server_.url())), 200);
    EXPECT_EQ(server_.connections(), 1);

    const TestCertificate other;
    HttpClient distrusting(reactor_,
                           {.ca_bundle = other.file(), .system_bundles = {certificate_.file()}});
    for (const Trust trust : {Trust::system, Trust::amazon}) {
        EXPECT_EQ(code_of(send_with(distrusting, trust, server_.url())), "CertificateNotTrusted");
    }
}

TEST_F(HttpClientTrustTest, ARequestsOwnFileReplacesWhatTheClientTrusts) {
    const TestCertificate other;
    HttpClient client(reactor_, {.ca_bundle = other.file()});
    EXPECT_EQ(code_of(send_with(client, Trust::system, server_.url())), "CertificateNotTrusted");
    EXPECT_EQ(status_of(send_with_file(client, certificate_.file(), server_.url())), 200);
    EXPECT_EQ(code_of(send_with_file(client_of_system_, other.file(), server_.url())),
              "CertificateNotTrusted");
}

TEST_F(HttpClientTrustTest, AConnectionOfARequestsOwnFileServesOnlyRequestsOfThatFile) {
    const TestCertificate other;
    HttpClient client(reactor_, {.ca_bundle = other.file()});
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(status_of(send_with_file(client, certificate_.file(), server_.url())), 200);
        EXPECT_EQ(code_of(send_with_file(client, other.file(), server_.url())),
                  "CertificateNotTrusted");
        EXPECT_EQ(code_of(send_with(client, Trust::system, server_.url())),
                  "CertificateNotTrusted");
    }
    EXPECT_EQ(server_.connections(), 5);  // the first is kept, refused ones are not

    client.close_idle_connections();
    EXPECT_EQ(status_of(send_with_file(client, certificate_.file(), server_.url())), 200);
    EXPECT_EQ(server_.connections(), 6);
}

TEST_F(HttpClientTrustTest, ARequestsOwnFileThatCannotBeReadIsNamed) {
    expect_error(send_with_file(client_of_system_, "/no/such/ca.pem", server_.url()),
                 ErrorKind::invalid, "BadCaBundle",
                 "cannot verify " + server_.name() +
                     ": the certificates in /no/such/ca.pem cannot be read: "
                     "No such file or directory");
    TestServer plain(answering(http_answer(200, "plain")));
    EXPECT_EQ(body_of(send_with_file(client_of_system_, "/no/such/ca.pem", plain.url())), "plain");
}

TEST_F(HttpClientTrustTest, ABundleThatCannotBeReadIsNamedBesideTheServer) {
    HttpClient client(reactor_, {.ca_bundle = "/no/such.pem"});
    for (const Trust trust : {Trust::system, Trust::amazon}) {
        expect_error(send_with(client, trust, server_.url("/?secret")), ErrorKind::invalid,
                     "BadCaBundle",
                     "cannot verify " + server_.name() +
                         ": the certificates in /no/such.pem cannot be read: "
                         "No such file or directory");
    }
}

TEST_F(HttpClientTrustTest, ASystemWithoutABundleCanStillReachAmazonAndPlainServers) {
    HttpClient client(reactor_, {.system_bundles = {"/no/such.pem"}});
    EXPECT_EQ(code_of(send_with(client, Trust::system, server_.url())), "BadCaBundle");
    EXPECT_EQ(code_of(send_with(client, Trust::amazon, server_.url())), "CertificateNotTrusted");
    TestServer plain(answering(http_answer(200, "plain")));
    EXPECT_EQ(body_of(send_with(client, Trust::system, plain.url())), "plain");
}

TEST_F(HttpClientTrustTest, APlainConnectionServesAll) {
    TestServer plain(answering(http_answer(200, "plain")));
    EXPECT_EQ(status_of(send_with(client_of_system_, Trust::system, plain.url())), 200);
    EXPECT_EQ(status_of(send_with(client_of_system_, Trust::amazon, plain.url())), 200);
    EXPECT_EQ(plain.connections(), 1);
}

TEST_F(HttpClientTrustTest, AProxysCertificateIsVerifiedToo) {
    TestServer plain(answering(http_answer(200, "directly")));
    ::setenv("http_proxy", server_.url("").c_str(), 1);
    HttpClient distrusting(reactor_, HttpClientOptions());
    EXPECT_EQ(code_of(send_with(distrusting, Trust::system, plain.url())), "CertificateNotTrusted");
    EXPECT_EQ(body_of(send_with(client_of_system_, Trust::system, plain.url())), "ok");
    ::unsetenv("http_proxy");
}

}  // namespace
}  // namespace fas::reactor
