// The least that a Lambda runtime can do before its first invocation: connect and send GET next.
// Linked as the program is, with the same C library, and with nothing but its sockets.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

int main() {
    char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
    char* colon = address == nullptr ? nullptr : std::strchr(address, ':');
    if (colon == nullptr) return 2;
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(static_cast<in_port_t>(std::atoi(colon + 1)));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) return 1;
    constexpr std::string_view request =
        "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    if (write(connection, request.data(), request.size()) < 0) return 1;
    char answer = 0;
    return read(connection, &answer, 1) < 0 ? 1 : 0;  // stays until it is killed
}
