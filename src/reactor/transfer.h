// One HTTP exchange on a reusable libcurl handle: turns a request into libcurl's options and
// what libcurl delivers into a response or an error, within limits. One thread.
#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/origin.h"
#include "base/result.h"
#include "reactor/curl_multi.h"
#include "reactor/http.h"
#include "reactor/tls_sessions.h"
#include "reactor/trust_store.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

// Errors: invalid "BadRequest" for a method or header that could not be sent as it is, or that
// would break the framing of the request.
Result<void> check_request(const HttpRequest& request);

class Transfer final : public TransferObserver {
  public:
    // `trust`: what servers are verified by. Both must outlive the transfer.
    Transfer(CurlMulti& multi, TrustStore& trust, TlsSessions& sessions);
    ~Transfer();  // aborts what is in flight
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Sends `request`, which has passed check_request(), and wakes `waiter` when the exchange has
    // ended. Both must stay, and the request must not change, until stop().
    void start(const HttpRequest& request, Wakeup& waiter);

    // Ends the exchange, finished or not, and makes the handle ready for another.
    void stop();

    bool has_result() const { return ended_; }

    // The outcome, once, before stop(). Only when has_result(). The errors are those of
    // HttpClient::send, without cancelled and "Timeout".
    Result<HttpResponse> take_result(const Origin& origin);

  private:
    enum class Refused { nothing, body_size, header_size, header_count, nothing_but_framing };
    enum class Reading { status_line, headers, body };

    static CURLcode on_tls(CURL* easy, void* context, void* self);
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
    static int on_send(void* self, char*, char*, int, int);
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

    void finished(CURLcode result) override;

    void set_lasting_options();
    void set_callbacks();
    void set_method(const HttpRequest& request);
    void set_headers(const HttpRequest& request);
    bool accept_header_line(std::string_view line);
    bool was_stale() const;
    Error describe_failure(const Origin& origin) const;
    Error describe_refusal(const Origin& origin) const;

    CurlMulti& multi_;
    TrustStore& trust_;
    CURL* easy_;
    bool in_flight_ = false;

    const HttpRequest* request_ = nullptr;
    Wakeup* waiter_ = nullptr;
    std::vector<std::string> header_lines_;  // what header_list_ points to
    std::vector<curl_slist> header_list_;

    bool sent_ = false;  // the request, or part of it, on some connection
    bool kept_ = false;  // that connection has carried another request before
    std::optional<Error> bad_trust_;

    HttpResponse response_;
    Reading reading_ = Reading::status_line;
    std::size_t header_bytes_ = 0;
    std::size_t bytes_before_ = 0;      // of body and headers, at the last look
    std::int64_t useful_looks_ = 0;     // at the body, that found more of it
    std::int64_t fruitless_looks_ = 0;  // that found nothing more
    Refused refused_ = Refused::nothing;
    bool ended_ = false;
    CURLcode code_ = CURLE_OK;
    std::array<char, CURL_ERROR_SIZE> curl_message_{};
};

}  // namespace fas::reactor
