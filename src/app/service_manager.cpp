#include "app/service_manager.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <ctime>

#include "base/file_descriptor.h"
#include "base/parse_number.h"

namespace fas::app {

ServiceManager::ServiceManager(const Environment& environment)
    : socket_(environment("NOTIFY_SOCKET").value_or("")) {
    const auto us = parse_number<std::int64_t>(environment("WATCHDOG_USEC").value_or(""));
    const auto process = environment("WATCHDOG_PID");
    const bool ours = !process || parse_number<std::int64_t>(*process) == std::int64_t{::getpid()};
    if (us && *us >= 2'000 && ours) alive_interval_ = Milliseconds{*us / 1'000};
}

// The time is what Type=notify-reload asks for.
void ServiceManager::reloading() const {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const std::int64_t us = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", us));
}

void ServiceManager::tell(std::string_view state) const {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
    socket_.copy(address.sun_path, socket_.size());
    const bool abstract = socket_.front() == '@';
    if (abstract) address.sun_path[0] = '\0';
    const FileDescriptor from{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!from.is_open()) return;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    ::sendto(from.get(), state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), length);
}

}  // namespace fas::app
