// Makes the tokens asked for on stdin, one JSON object a line, and prints one a line: the program
// that msk_token_against_aws_signer_test.py compares with AWS's own signer.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "clients/aws/services/msk_token.h"
#include "json/reader.h"

namespace {

std::string text(const fas::json::Value& record, std::string_view name) {
    const auto member = record.find(name);
    return std::string{member ? member->as_string().value_or("") : ""};
}

}  // namespace

int main() {
    using fas::Secret;
    for (std::string line; std::getline(std::cin, line);) {
        const auto record = fas::json::parse(line, {.bytes_max = 65'536});
        if (!record) {
            std::fprintf(stderr, "print_msk_tokens: %s\n", record.error().message.c_str());
            return 1;
        }
        const fas::json::Value asked = record->root();
        const fas::sigv4::Credentials keys{text(asked, "access_key_id"),
                                           Secret{text(asked, "secret_access_key")},
                                           Secret{text(asked, "session_token")}};
        const fas::TimePoint now{
            std::chrono::seconds{asked.find("epoch_seconds")->as_int().value_or(0)}};
        const auto token = fas::clients::make_msk_token(keys, text(asked, "region"), now);
        std::cout << token.text.reveal() << ' '
                  << std::chrono::duration_cast<std::chrono::milliseconds>(
                         token.expires.time_since_epoch())
                         .count()
                  << '\n';
    }
    return 0;
}
