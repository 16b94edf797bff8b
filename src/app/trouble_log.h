// What fails, said so that a person can read the log of a day. A failure that lasts is said when it
// begins, then after ten seconds, twenty, and so on up to an hour, with how often and for how long,
// and when it is over. Of many that fail alike the first few are said one by one, and then all in
// one line. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"

namespace fas::app {

class TroubleLog {
  public:
    // The log must outlive it.
    explicit TroubleLog(Logger& log) : log_(log) {}

    // What a look at the subject came to: all that is wrong with it at present, or nothing. `field`
    // says what it is: "target".
    void note(std::string_view field, const std::string& subject, const std::vector<Error>& errors,
              SteadyTime now, LogLevel level = LogLevel::error);

    // Of that field, no other subjects are looked at any more.
    void keep_only(std::string_view field, const std::function<bool(const std::string&)>& is_one);

    // Says what is due. To be called about once a second, and at the end.
    void say(SteadyTime now);

  private:
    // Of all subjects that fail with one kind, service and code.
    struct Trouble {
        Error last;
        LogLevel level = LogLevel::error;
        std::string field;
        SteadyTime began;
        std::int64_t times = 0;
        std::set<std::string> failing;
        std::set<std::string> known;      // that were failing at some time
        std::vector<std::string> unsaid;  // of the known ones
        int said_singly = 0;

        bool said = false;  // since it began, or began again
        SteadyTime due;     // when to say it again
        Milliseconds pause{0};
        Milliseconds pause_of_joining{0};
        std::optional<SteadyTime> ended;
    };
    using Troubles = std::map<std::string, Trouble>;

    static Trouble& begin(Trouble& trouble, std::string_view field, SteadyTime now);
    void fails(Trouble& trouble, const std::string& subject, SteadyTime now);
    void say_single(const Trouble& trouble, const std::string& subject);
    void say_on(Trouble& trouble, SteadyTime now);
    void say_end(Trouble& trouble, SteadyTime now);

    Logger& log_;
    Troubles troubles_;  // by kind, service and code
    // Of each subject that fails, by its field and name.
    std::map<std::pair<std::string, std::string>, std::set<std::string>> present_;
};

}  // namespace fas::app
