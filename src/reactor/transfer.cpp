#include "reactor/transfer.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "base/trim.h"
#include "reactor/curl_connecting.h"

namespace fas::reactor {

namespace {

// What AWS answers with has about a dozen headers in one or two kilobytes.
constexpr std::size_t header_count_max = 128;
constexpr std::size_t header_bytes_max = 65536;

// A chunk's size may come by itself, so that one look in two or three finds nothing more of the
// body. More than that, and this many, is a peer that sends what no limit of ours would count: the
// extension of a chunk may be as long as it likes. libcurl reads up to 1.6 MB between two looks.
constexpr std::int64_t fruitless_looks_max = 16;
constexpr std::int64_t fruitless_looks_for_each_useful = 4;

constexpr std::string_view blanks = " \t\r\n";

bool is_final(long status) { return status >= 200; }

}  // namespace

Transfer::Transfer(CurlMulti& multi, TrustStore& trust, TlsSessions& sessions)
    : multi_(multi), trust_(trust), easy_(curl_easy_init()) {
    if (easy_ == nullptr) throw std::bad_alloc();
    multi_.adopt(easy_);
    sessions.share_with(easy_);
    set_lasting_options();
    set_callbacks();
}

Transfer::~Transfer() {
    stop();
    curl_easy_cleanup(easy_);
}

void Transfer::set_lasting_options() {
    const auto set = [this](CURLoption option, auto value) {
        [[maybe_unused]] const CURLcode code = curl_easy_setopt(easy_, option, value);
        assert(code == CURLE_OK);
    };
    constexpr const char* none = nullptr;
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    // A name lookup runs in a thread of libcurl's. Without this, ending a request would block
    // the loop until the lookup ends.
    set(CURLOPT_QUICK_EXIT, 1L);

    verify_servers(easy_);  // on_tls() brings the certificates to verify by
    // Unknown to a libcurl that is built without proxies.
    curl_easy_setopt(easy_, CURLOPT_PROXY_CAINFO, none);
    curl_easy_setopt(easy_, CURLOPT_PROXY_CAPATH, none);
}

void Transfer::set_callbacks() {
    const auto set = [this](CURLoption function, auto callback, CURLoption data) {
        [[maybe_unused]] const CURLcode code = curl_easy_setopt(easy_, function, callback);
        assert(code == CURLE_OK);
        curl_easy_setopt(easy_, data, this);
    };
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open, CURLOPT_OPENSOCKETDATA);
    set(CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls, CURLOPT_SSL_CTX_DATA);
    set(CURLOPT_PREREQFUNCTION, &Transfer::on_send, CURLOPT_PREREQDATA);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header, CURLOPT_HEADERDATA);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body, CURLOPT_WRITEDATA);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress, CURLOPT_XFERINFODATA);
    curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, curl_message_.data());
}

void Transfer::start(const HttpRequest& request, Wakeup& waiter) {
    request_ = &request;
    waiter_ = &waiter;
    sent_ = false;
    kept_ = false;
    bad_trust_.reset();
    response_ = {};
    reading_ = Reading::status_line;
    header_bytes_ = 0;
    bytes_before_ = 0;
    useful_looks_ = 0;
    fruitless_looks_ = 0;
    refused_ = Refused::nothing;
    ended_ = false;
    curl_message_.front() = '\0';

    curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
    // An empty proxy overrules the environment; none leaves it in charge.
    curl_easy_setopt(easy_, CURLOPT_PROXY, request.use_proxy ? nullptr : "");
    // To libcurl, 0 means its own default of five minutes.
    const auto connect_ms = std::max(request.connect_timeout, Milliseconds(1)).count();
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_ms));
    curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, request.new_connection ? 1L : 0L);
    set_method(request);
    set_headers(request);

    in_flight_ = true;
    multi_.add(easy_, *this);
}

void Transfer::stop() {
    if (!in_flight_) return;
    in_flight_ = false;
    multi_.remove(easy_);
}

void Transfer::finished(CURLcode result) {
    ended_ = true;
    code_ = result;
    waiter_->wake();
}

Result<HttpResponse> Transfer::take_result(const Origin& origin) {
    assert(ended_);
    if (refused_ != Refused::nothing) return describe_refusal(origin);
    if (code_ != CURLE_OK || reading_ != Reading::body) return describe_failure(origin);
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
}

void Transfer::set_method(const HttpRequest& request) {
    const std::string& method = request.method;
    if (method == "HEAD") {
        curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    } else if (!request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
        // An empty one is announced as Content-Length: 0.
        curl_easy_setopt(easy_, CURLOPT_POST, 1L);
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
    } else {
        curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::set_headers(const HttpRequest& request) {
    // "Name:" tells libcurl to leave out one that it would add; it still sends the caller's.
    static constexpr std::array suppressed{"Accept:", "Content-Type:", "Expect:"};

    header_lines_.clear();
    for (const char* line : suppressed) header_lines_.emplace_back(line);
    for (const HttpHeader& header : request.headers) {
        // "Name;" is libcurl's way to write a header without a value.
        const std::string_view value = trim(header.value, blanks);
        header_lines_.push_back(value.empty() ? fmt::format("{};", header.name)
                                              : fmt::format("{}: {}", header.name, value));
    }
    header_list_.assign(header_lines_.size(), {});
    for (std::size_t i = 0; i < header_lines_.size(); ++i) {
        header_list_[i].data = header_lines_[i].data();
        if (i > 0) header_list_[i - 1].next = &header_list_[i];
    }
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_.data());
}

// Called for each new TLS connection. The store for verifying, unlike the context's own, is one
// that libcurl neither adds to nor exchanges.
CURLcode Transfer::on_tls(CURL*, void* context, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    const Result<X509_STORE*> store = transfer->trust_.get();
    if (!store) {
        transfer->bad_trust_ = store.error();
        return CURLE_SSL_CACERT_BADFILE;
    }
    SSL_CTX_set1_verify_cert_store(static_cast<SSL_CTX*>(context), *store);
    return CURLE_OK;
}

// When a kept connection is closed without an answer, libcurl sends the request once more by
// itself, whatever its method, though it may have arrived. on_send() and on_open() keep it from
// that: it gets no second sending, and no new connection for one.
// https://curl.se/libcurl/c/CURLOPT_PREREQFUNCTION.html
int Transfer::on_send(void* self, char*, char*, int, int) {
    auto* transfer = static_cast<Transfer*>(self);
    if (transfer->sent_) return CURL_PREREQFUNC_ABORT;
    transfer->sent_ = true;
    long opened = 0;
    curl_easy_getinfo(transfer->easy_, CURLINFO_NUM_CONNECTS, &opened);
    transfer->kept_ = opened == 0;
    return CURL_PREREQFUNC_OK;
}

curl_socket_t Transfer::on_open(void* self, curlsocktype, curl_sockaddr* address) {
    auto* transfer = static_cast<Transfer*>(self);
    return transfer->sent_ ? CURL_SOCKET_BAD : transfer->multi_.open(*address);
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    const bool accepted =
        static_cast<Transfer*>(self)->accept_header_line(std::string_view(data, size * count));
    return accepted ? size * count : 0;
}

// Lines come one a call, with their line end: a status line and headers up to an empty line, as
// often as there are interim responses (100 Continue, 103 Early Hints), whose headers are not the
// response's; after the body, the trailers of a chunked one, which are not either.
bool Transfer::accept_header_line(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > header_bytes_max) {
        refused_ = Refused::header_size;
        return false;
    }
    const std::string_view text = trim(line, blanks);
    if (reading_ == Reading::body) return true;
    if (reading_ == Reading::status_line) {
        response_.headers.clear();
        reading_ = Reading::headers;
        return true;
    }
    if (text.empty()) {
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        reading_ = is_final(status) ? Reading::body : Reading::status_line;
        return true;
    }
    if (response_.headers.size() == header_count_max) {
        refused_ = Refused::header_count;
        return false;
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return true;  // not a header; libcurl lets it pass too
    response_.headers.push_back(
        {std::string(text.substr(0, colon)), std::string(trim(text.substr(colon + 1), blanks))});
    return true;
}

// Called each time that libcurl has read what there was, or its share.
// https://curl.se/libcurl/c/CURLOPT_XFERINFOFUNCTION.html
int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto* transfer = static_cast<Transfer*>(self);
    if (transfer->reading_ != Reading::body) return 0;
    const std::size_t bytes = transfer->response_.body.size() + transfer->header_bytes_;
    ++(bytes == transfer->bytes_before_ ? transfer->fruitless_looks_ : transfer->useful_looks_);
    transfer->bytes_before_ = bytes;
    const bool too_many =
        transfer->fruitless_looks_ >
        fruitless_looks_max + fruitless_looks_for_each_useful * transfer->useful_looks_;
    if (!too_many) return 0;
    transfer->refused_ = Refused::nothing_but_framing;
    return 1;  // ends the transfer
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    std::string& body = transfer->response_.body;
    const std::size_t bytes = size * count;
    if (bytes > transfer->request_->response_bytes_max - body.size()) {
        transfer->refused_ = Refused::body_size;
        return 0;
    }
    body.append(data, bytes);
    return bytes;
}

}  // namespace fas::reactor
