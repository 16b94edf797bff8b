// The words of a credential_process: the shell's quoting, and nothing else of a shell.
#include "clients/aws/credentials/process.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::command_words {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string quoted(const std::vector<std::string>& words) {
    std::string command;
    for (const std::string& word : words) {
        command += " '";
        for (const char c : word) {
            if (c == '\'') {
                command += "'\\''";
            } else {
                command += c;
            }
        }
        command += '\'';
    }
    return command;
}

}  // namespace

void check(std::string_view input) {
    const auto words = clients::split_command(input);
    if (!words) {
        require_sound(words.error());
        require(words.error().kind == ErrorKind::invalid, "an open quote is invalid");
        require(input.find_first_of("'\"") != std::string_view::npos, "only quotes stay open");
        return;
    }
    const bool blank = input.find_first_not_of(blanks) == std::string_view::npos;
    require(words->empty() == blank, "there are words where there is text");
    std::size_t bytes = 0;
    for (const std::string& word : *words) bytes += word.size();
    require(bytes <= input.size(), "nothing is expanded");

    const auto again = clients::split_command(quoted(*words));
    require(again && *again == *words, "quoted words come back");
}

}  // namespace fas::fuzz::command_words
