// That readings over a while want a scale-in, and not a single one. A queue's counts are
// approximate, and one odd reading must not stop the tasks that work:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
#pragma once

#include "base/time.h"
#include "scaling/decision.h"
#include "scaling/observation.h"
#include "scaling/rules.h"
#include "scaling/samples.h"

namespace fas::scaling {

// What becomes of a recommendation (recommend.h) that follows from a known depth, before the
// behaviour. A scale-in goes ahead when one that was wanted `scale_in_evidence` ago or longer, and
// all since, want it too; and no further than the least of them does. A service above its bounds
// goes to them at once: they are no reading, and neither is what an operator has said.
//
// `evidence`: what the readings in a row wanted that wanted a scale-in, the highest first; one for
// each check of the time at most. It ends with a reading that wants none. A lower bound is no
// evidence for a scale-in, and against one only where it wants none.
Decision apply_evidence(Decision recommendation, const Rules& rules, const QueueDepth& queue,
                        const ServiceState& service, Samples& evidence, TimePoint now);

}  // namespace fas::scaling
