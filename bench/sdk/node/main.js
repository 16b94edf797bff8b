// The benchmark's job with the AWS SDK for JavaScript: see bench/sdk/README.md.
//
//   usage: node main.js                 a Lambda function, with AWS_LAMBDA_RUNTIME_API set
//          node main.js once            one check
//          node main.js calls SECONDS   signed GetQueueAttributes, 64 in flight
//          node main.js sign SAMPLES    the SDK's signer alone
import { Autoscaler } from "./job.js";
import { serve } from "./runtime.js";

const [mode, value] = process.argv.slice(2);
if (mode === undefined) {
  const autoscaler = new Autoscaler();
  await serve(() => autoscaler.check());
} else if (mode === "once") {
  console.log(JSON.stringify(await new Autoscaler().check()));
  process.exit(0); // kept connections would hold it
} else if (mode === "calls") {
  const { runCalls } = await import("./calls.js");
  await runCalls(Number(value));
  process.exit(0);
} else if (mode === "sign") {
  const { runSign } = await import("./sign.js");
  await runSign(Number(value));
} else {
  console.error("usage: main.js [once | calls SECONDS | sign SAMPLES]");
  process.exit(2);
}
