#include "app/trouble_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/quantity.h"

namespace fas::app {

namespace {

constexpr int said_singly_max = 5;
constexpr Milliseconds first_pause{10'000};
constexpr Milliseconds longest_pause{3'600'000};

// Others that begin to fail alike are worth a line of their own sooner.
constexpr Milliseconds first_pause_of_joining{1'000};
constexpr Milliseconds longest_pause_of_joining{300'000};

// What begins again soon after its end is the same trouble, which comes and goes.
constexpr Milliseconds longest_pause_after_end{600'000};
constexpr Milliseconds forgotten_after{300'000};

std::string key_of(std::string_view field, const Error& error) {
    return fmt::format("{}\n{}\n{}\n{}", field, to_string(error.kind), error.service, error.code);
}

std::int64_t seconds_between(SteadyTime then, SteadyTime now) {
    return std::chrono::floor<std::chrono::seconds>(now - then).count();
}

// "shop/a, shop/b and 3 more"
std::string some_of(const auto& names) {
    constexpr std::size_t names_max = 5;
    std::string text;
    std::size_t count = 0;
    for (const std::string& name : names) {
        if (++count > names_max) break;
        text += (count == 1 ? "" : ", ") + name;
    }
    if (names.size() > names_max) text += fmt::format(" and {} more", names.size() - names_max);
    return text;
}

}  // namespace

void TroubleLog::note(std::string_view field, const std::string& subject,
                      const std::vector<Error>& errors, SteadyTime now, LogLevel level) {
    std::set<std::string> present;
    for (const Error& error : errors) {
        std::string key = key_of(field, error);
        Trouble& trouble = begin(troubles_[key], field, now);
        trouble.last = error;
        trouble.level = level;
        fails(trouble, subject, now);
        present.insert(std::move(key));
    }
    const std::pair who{std::string{field}, subject};
    const auto before = present_.find(who);
    if (before == present_.end() && present.empty()) return;
    if (before != present_.end()) {
        for (const std::string& key : before->second) {
            if (!present.contains(key)) troubles_[key].failing.erase(subject);
        }
    }
    if (present.empty()) {
        present_.erase(before);
    } else {
        present_.insert_or_assign(who, std::move(present));
    }
}

void TroubleLog::keep_only(std::string_view field,
                           const std::function<bool(const std::string&)>& is_one) {
    std::erase_if(present_, [&](const auto& entry) {
        const auto& [who, keys] = entry;
        if (who.first != field || is_one(who.second)) return false;
        for (const std::string& key : keys) troubles_[key].failing.erase(who.second);
        return true;
    });
}

TroubleLog::Trouble& TroubleLog::begin(Trouble& trouble, std::string_view field, SteadyTime now) {
    if (trouble.ended && now - *trouble.ended > forgotten_after) trouble = {};
    if (trouble.times > 0) return trouble;
    trouble.field = field;
    trouble.began = now;
    trouble.pause = first_pause;
    trouble.pause_of_joining = first_pause_of_joining;
    trouble.due = now + first_pause;
    return trouble;
}

void TroubleLog::fails(Trouble& trouble, const std::string& subject, SteadyTime now) {
    trouble.ended.reset();
    ++trouble.times;
    trouble.failing.insert(subject);
    if (!trouble.known.insert(subject).second) return;
    if (trouble.said_singly < said_singly_max) {
        ++trouble.said_singly;
        trouble.said = true;
        say_single(trouble, subject);
        return;
    }
    trouble.unsaid.push_back(subject);
    trouble.due = std::min(trouble.due, now + trouble.pause_of_joining);
}

void TroubleLog::say(SteadyTime now) {
    for (auto each = troubles_.begin(); each != troubles_.end();) {
        Trouble& trouble = each->second;
        if (!trouble.failing.empty()) {
            if (now >= trouble.due) say_on(trouble, now);
        } else if (!trouble.ended) {
            if (trouble.said) say_end(trouble, now);
            trouble.ended = now;
        } else if (now - *trouble.ended > forgotten_after) {
            each = troubles_.erase(each);
            continue;
        }
        ++each;
    }
}

void TroubleLog::say_single(const Trouble& trouble, const std::string& subject) {
    const Error& error = trouble.last;
    log_.write(trouble.level, error.message,
               {{trouble.field, std::string_view{subject}},
                {"kind", to_string(error.kind)},
                {"service", error.service},
                {"code", error.code},
                {"http_status", std::int64_t{error.http_status}},
                {"request_id", error.request_id}});
}

void TroubleLog::say_on(Trouble& trouble, SteadyTime now) {
    const std::size_t count = trouble.failing.size();
    const bool alone = count == 1;
    const std::string message =
        alone ? "still failing: " + trouble.last.message
              : fmt::format("{} fail alike; the last: {}",
                            quantity(count, trouble.field, trouble.field + "s"),
                            trouble.last.message);
    const std::string names = some_of(trouble.failing);
    const std::string joined = some_of(trouble.unsaid);
    log_.write(trouble.level, message,
               {{alone ? std::string_view{trouble.field} : "which", names},
                {"new", joined},
                {"times", trouble.times},
                {"seconds", seconds_between(trouble.began, now)},
                {"kind", to_string(trouble.last.kind)},
                {"service", trouble.last.service},
                {"code", trouble.last.code}});
    if (!trouble.unsaid.empty()) {
        trouble.pause_of_joining = std::min(2 * trouble.pause_of_joining, longest_pause_of_joining);
        trouble.unsaid.clear();
    }
    trouble.said = true;
    trouble.pause = std::min(2 * trouble.pause, longest_pause);
    trouble.due = now + trouble.pause;
}

void TroubleLog::say_end(Trouble& trouble, SteadyTime now) {
    const std::string names = some_of(trouble.known);
    log_.write(LogLevel::info, "no longer failing: " + trouble.last.message,
               {{trouble.known.size() == 1 ? std::string_view{trouble.field} : "which", names},
                {"times", trouble.times},
                {"seconds", seconds_between(trouble.began, now)},
                {"kind", to_string(trouble.last.kind)},
                {"service", trouble.last.service},
                {"code", trouble.last.code}});
    trouble.said = false;
    trouble.due = now + std::min(trouble.pause, longest_pause_after_end);
}

}  // namespace fas::app
