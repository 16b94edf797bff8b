#include "base/output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/file_descriptor.h"

namespace fas {

// What both threads know, under the mutex. It outlives whichever ends first.
struct Output::Shared {
    const int descriptor;
    const std::size_t bytes_max;

    std::mutex mutex;
    std::condition_variable changed;
    std::string waiting;        // for the thread to take
    std::size_t unwritten = 0;  // bytes that wait or are being written
    std::int64_t dropped = 0;   // lines
    bool flows = true;          // something was written since the last one was dropped
    std::error_code error;      // of the last write
    bool failed = false;        // some write
    bool closing = false;

    void drop(std::string_view lines) {
        dropped += std::ranges::count(lines, '\n');
        flows = false;
    }
};

Output::Output(int descriptor, std::size_t bytes_max)
    : shared_(new Shared{.descriptor = descriptor, .bytes_max = bytes_max}) {}

Output::~Output() {
    const std::lock_guard lock(shared_->mutex);
    shared_->closing = true;
    shared_->changed.notify_all();
}

void Output::write(std::string_view lines) {
    const std::lock_guard lock(shared_->mutex);
    if (lines.size() > shared_->bytes_max - shared_->unwritten) {
        shared_->drop(lines);
        return;
    }
    shared_->waiting += lines;
    shared_->unwritten += lines.size();
    shared_->changed.notify_all();
    if (!std::exchange(begun_, true)) std::thread(&Output::write_all, shared_).detach();
}

void Output::write_all(const std::shared_ptr<Shared>& shared) {
    std::unique_lock lock(shared->mutex);
    std::string text;
    while (true) {
        shared->changed.wait(lock, [&] { return shared->closing || !shared->waiting.empty(); });
        if (shared->waiting.empty()) return;
        text.swap(shared->waiting);
        lock.unlock();
        const Written written = write_to(shared->descriptor, text);
        lock.lock();
        shared->error = written.error;
        shared->flows = !written.error;
        if (written.error) {
            shared->failed = true;
            shared->drop(std::string_view{text}.substr(written.bytes));
        }
        shared->unwritten -= text.size();
        text.clear();
        shared->changed.notify_all();
    }
}

bool Output::wait(Milliseconds at_most) {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_for(lock, at_most, [this] { return shared_->unwritten == 0; });
}

std::int64_t Output::take_dropped() {
    const std::lock_guard lock(shared_->mutex);
    return shared_->flows ? std::exchange(shared_->dropped, 0) : 0;
}

std::error_code Output::error() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->error;
}

bool Output::failed() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->failed;
}

Written write_to(int descriptor, std::string_view text) {
    Written written;
    while (written.bytes < text.size()) {
        const std::string_view rest = text.substr(written.bytes);
        const ssize_t count = ::write(descriptor, rest.data(), rest.size());
        if (count >= 0) {
            written.bytes += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            // Whoever shares the descriptor has made it one that does not wait.
            pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            written.error = last_system_error();
            return written;
        }
    }
    return written;
}

}  // namespace fas
