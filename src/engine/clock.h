// Port: the wall clock, which cooldowns and reports are counted by.
#pragma once

#include "base/time.h"

namespace fas::engine {

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

}  // namespace fas::engine
