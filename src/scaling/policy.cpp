#include "scaling/policy.h"

#include <algorithm>

namespace fas::scaling {

Tasks working_before(const Demand& demand, const ServiceState& service) {
    const Tasks before = std::max(Tasks{0}, service.desired - demand.launched);
    return std::min(service.running, before);
}

}  // namespace fas::scaling
