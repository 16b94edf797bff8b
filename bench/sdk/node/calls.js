// How many signed GetQueueAttributes a second one event loop can send, 64 in flight.
import https from "node:https";
import { SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { attributesCommand } from "./job.js";

const IN_FLIGHT = 64;

async function callFor(client, seconds) {
  let count = 0;
  const end = performance.now() + seconds * 1000;
  const caller = async () => {
    while (performance.now() < end) {
      await client.send(attributesCommand());
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
  return count;
}

export async function runCalls(seconds) {
  const httpsAgent = new https.Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const client = new SQSClient({ requestHandler: new NodeHttpHandler({ httpsAgent }) });
  await callFor(client, 0.3);
  const began = performance.now();
  const calls = await callFor(client, seconds);
  console.log(JSON.stringify({ calls, seconds: (performance.now() - began) / 1000 }));
  client.destroy();
}
