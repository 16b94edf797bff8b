// Drives libcurl's transfers from the libuv loop: libcurl names sockets and a timeout to watch,
// the loop tells it what happened. One thread; must be destroyed before the loop.
//
// https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket".
#pragma once

#include <curl/curl.h>
#include <uv.h>

#include <unordered_map>

#include "reactor/uv_handle.h"

namespace fas::reactor {

// Told, from the loop, that its transfer has ended.
class TransferObserver {
  public:
    virtual void finished(CURLcode result) = 0;

  protected:
    ~TransferObserver() = default;
};

class CurlMulti {
  public:
    CurlMulti(uv_loop_t* loop, int idle_connections_max);
    ~CurlMulti();  // closes the connections; no transfer may be left
    CurlMulti(const CurlMulti&) = delete;
    CurlMulti& operator=(const CurlMulti&) = delete;

    // Sets, once for each easy handle, the options by which sockets are followed.
    void adopt(CURL* easy);

    // A socket for a connection of a handle's, from within its CURLOPT_OPENSOCKETFUNCTION.
    curl_socket_t open(const curl_sockaddr& address);

    // Starts a transfer. `observer` hears of its end after this call has returned, from the loop,
    // unless remove() comes first. It must stay until then.
    void add(CURL* easy, TransferObserver& observer);

    // Every added handle must be removed, finished or not. Not from inside a libcurl callback.
    void remove(CURL* easy);

  private:
    // What the loop watches on one socket. An idle connection's socket stays watched, so that
    // the next request on it needs no system call to watch it again.
    struct Watch {
        CurlMulti* multi = nullptr;
        curl_socket_t socket = CURL_SOCKET_BAD;
        UvHandle<uv_poll_t> poll;  // empty until it is first watched
        int wanted = 0;            // what libcurl waits for, as UV_READABLE | UV_WRITABLE
        int watched = 0;           // what the loop waits for
        bool kept = false;         // on_close() will tell of its end
    };

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*);
    static int on_timeout(CURLM* multi, long timeout_ms, void* self);
    static void on_ready(uv_poll_t* poll, int status, int events);
    static int on_close(void* self, curl_socket_t socket);

    void watch(curl_socket_t socket, int events);
    void forget(curl_socket_t socket);
    void act(curl_socket_t socket, int events);
    void keep_watching_connection(CURL* easy);

    uv_loop_t* loop_;
    CURLM* multi_;
    UvHandle<uv_timer_t> timer_;
    UvHandle<uv_idle_t> at_once_;  // for a timeout of nothing
    std::unordered_map<curl_socket_t, Watch> watches_;
};

}  // namespace fas::reactor
