// The wall clock, as a port: cooldowns, reports and the age of credentials are counted by it.
#pragma once

#include "base/time.h"

namespace fas {

class Clock {
  public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
  public:
    TimePoint now() const override {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace fas
