#include "reactor/curl_multi.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <new>

namespace fas::reactor {

namespace {

// Never undone: other threads of a host process could be using libcurl, and the process's end
// frees it all anyway. Takes about a third of a millisecond, so it waits for the first request.
void initialise_curl_once() {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw std::bad_alloc();
}

int to_uv(int curl_poll) {
    return ((curl_poll & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
           ((curl_poll & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
}

int to_curl(int uv_events) {
    return ((uv_events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0) |
           ((uv_events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0);
}

}  // namespace

CurlMulti::CurlMulti(uv_loop_t* loop, int idle_connections_max) : loop_(loop) {
    initialise_curl_once();
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::bad_alloc();
    timer_.reset(new uv_timer_t{});
    uv_timer_init(loop_, timer_.get());
    timer_->data = this;
    at_once_.reset(new uv_idle_t{});
    uv_idle_init(loop_, at_once_.get());
    at_once_->data = this;

    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timeout);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(idle_connections_max));
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

CurlMulti::~CurlMulti() {
    // Closes the idle connections, through on_close(); the members go after it.
    curl_multi_cleanup(multi_);
}

void CurlMulti::adopt(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlMulti::on_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

void CurlMulti::add(CURL* easy, TransferObserver& observer) {
    curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(&observer));
    if (curl_multi_add_handle(multi_, easy) != CURLM_OK) throw std::bad_alloc();
}

void CurlMulti::remove(CURL* easy) { curl_multi_remove_handle(multi_, easy); }

int CurlMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    auto* multi = static_cast<CurlMulti*>(self);
    if (what == CURL_POLL_REMOVE) {
        multi->forget(socket);
    } else {
        multi->watch(socket, to_uv(what));
    }
    return 0;
}

void CurlMulti::watch(curl_socket_t socket, int events) {
    Watch& watch = watches_[socket];
    watch.wanted = events;
    if (!watch.poll) {
        watch.multi = this;
        watch.socket = socket;
        auto* poll = new uv_poll_t{};
        if (uv_poll_init_socket(loop_, poll, socket) != 0) {
            // The kernel has no room for another watch. The request ends by its timeout.
            delete poll;
            return;
        }
        watch.poll.reset(poll);
        poll->data = &watch;
    }
    if (watch.watched != events) {
        watch.watched = events;
        uv_poll_start(watch.poll.get(), events, &CurlMulti::on_ready);
    }
}

// libcurl has lost interest in a socket, which may already be closed, unless its connection is
// known to tell on_close() first.
void CurlMulti::forget(curl_socket_t socket) {
    const auto found = watches_.find(socket);
    if (found == watches_.end()) return;
    if (found->second.kept) {
        found->second.wanted = 0;
    } else {
        watches_.erase(found);
    }
}

void CurlMulti::on_ready(uv_poll_t* poll, int status, int events) {
    auto* watch = static_cast<Watch*>(poll->data);
    if (watch->wanted == 0) {
        // An idle connection, closed by its server: libcurl sees that when it next looks at it.
        uv_poll_stop(poll);
        watch->watched = 0;
        return;
    }
    if (status < 0) {
        // The socket has failed, and libuv has stopped watching it. libcurl finds out what
        // happened when it reads or writes.
        events = watch->wanted;
        watch->watched = 0;
        watch->multi->watch(watch->socket, watch->wanted);
    }
    watch->multi->act(watch->socket, to_curl(events));
}

int CurlMulti::on_timeout(CURLM*, long timeout_ms, void* self) {
    auto* multi = static_cast<CurlMulti*>(self);
    uv_timer_stop(multi->timer_.get());
    uv_idle_stop(multi->at_once_.get());
    if (timeout_ms < 0) return 0;
    // Never calls into libcurl from here, which would be reentrant, not even for 0 ms. That is
    // asked for again and again while a peer sends without a pause; libuv's timers would go on with
    // it and never come to another socket. So it is once a turn of the loop.
    if (timeout_ms == 0) {
        uv_idle_start(multi->at_once_.get(), [](uv_idle_t* idle) {
            uv_idle_stop(idle);
            static_cast<CurlMulti*>(idle->data)->act(CURL_SOCKET_TIMEOUT, 0);
        });
        return 0;
    }
    uv_timer_start(
        multi->timer_.get(),
        [](uv_timer_t* timer) {
            static_cast<CurlMulti*>(timer->data)->act(CURL_SOCKET_TIMEOUT, 0);
        },
        static_cast<std::uint64_t>(timeout_ms), 0);
    return 0;
}

curl_socket_t CurlMulti::open(const curl_sockaddr& address) {
    const int socket = ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
    // libcurl closes the socket of a failed attempt to connect without telling. If the next one
    // gets its number, libcurl believes that it is watched, while the kernel has forgotten it.
    const auto stale = watches_.find(socket);
    if (stale != watches_.end()) {
        const int wanted = stale->second.wanted;
        watches_.erase(stale);
        if (wanted != 0) watch(socket, wanted);
    }
    return socket;
}

int CurlMulti::on_close(void* self, curl_socket_t socket) {
    static_cast<CurlMulti*>(self)->watches_.erase(socket);
    return ::close(socket);
}

void CurlMulti::act(curl_socket_t socket, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode result = message->data.result;
        CURL* easy = message->easy_handle;
        if (result == CURLE_OK) keep_watching_connection(easy);
        void* observer = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &observer);
        static_cast<TransferObserver*>(observer)->finished(result);
    }
}

// Once a connection has carried a transfer, on_close() tells of its end, so that its socket can
// stay watched between requests. Until then it may end untold.
void CurlMulti::keep_watching_connection(CURL* easy) {
    long opened = 0;
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &opened);
    if (opened == 0) return;  // known from an earlier request
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) watches_[socket].kept = true;
}

}  // namespace fas::reactor
