// The TLS sessions that a new connection to a known server resumes, which spares both sides the
// certificates. They outlive connections, and the CurlMulti that had them. One thread.
#pragma once

#include <curl/curl.h>

namespace fas::reactor {

class TlsSessions {
  public:
    TlsSessions();
    ~TlsSessions();  // no easy handle may use them any more
    TlsSessions(const TlsSessions&) = delete;
    TlsSessions& operator=(const TlsSessions&) = delete;

    // All of an easy handle's connections remember their sessions here.
    void share_with(CURL* easy);

  private:
    CURLSH* share_;
};

}  // namespace fas::reactor
