#include "reactor/tls_sessions.h"

#include <cassert>
#include <new>

namespace fas::reactor {

TlsSessions::TlsSessions() : share_(curl_share_init()) {
    if (share_ == nullptr) throw std::bad_alloc();
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

TlsSessions::~TlsSessions() {
    [[maybe_unused]] const CURLSHcode code = curl_share_cleanup(share_);
    assert(code == CURLSHE_OK);
}

void TlsSessions::share_with(CURL* easy) { curl_easy_setopt(easy, CURLOPT_SHARE, share_); }

}  // namespace fas::reactor
