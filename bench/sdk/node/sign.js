// What one signature of bench/sign.cpp's request costs with @smithy/signature-v4 and the hash that
// the SDK gives it in Node.js.
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

const SIGNATURES = 1000; // a sample

// As @smithy/hash-node, which the SDK's clients use.
class Sha256 {
  #hash;
  constructor(secret) {
    this.#hash = secret ? createHmac("sha256", Buffer.from(secret)) : createHash("sha256");
  }
  update(data) {
    this.#hash.update(data);
  }
  async digest() {
    return this.#hash.digest();
  }
}

const body =
  '{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/orders-to-be-shipped",' +
  '"AttributeNames":["ApproximateNumberOfMessages",' +
  '"ApproximateNumberOfMessagesNotVisible","ApproximateNumberOfMessagesDelayed",' +
  '"ApproximateAgeOfOldestMessage","VisibilityTimeout","MessageRetentionPeriod"]}';

const request = {
  method: "POST",
  protocol: "https:",
  hostname: "sqs.eu-west-1.amazonaws.com",
  path: "/",
  query: {},
  headers: {
    host: "sqs.eu-west-1.amazonaws.com",
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "AmazonSQS.GetQueueAttributes",
    "x-amzn-query-mode": "true",
    "user-agent": "fast-autoscaler",
  },
  body,
};

export async function runSign(samples) {
  const signer = new SignatureV4({
    service: "sqs",
    region: "eu-west-1",
    sha256: Sha256,
    credentials: {
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      sessionToken: "T".repeat(800),
    },
  });
  const figures = [];
  for (let sample = -1; sample < samples; sample += 1) { // the first warms up
    const began = performance.now();
    for (let number = 0; number < SIGNATURES; number += 1) await signer.sign(request);
    if (sample >= 0) figures.push(((performance.now() - began) * 1e6) / SIGNATURES);
  }
  console.log(JSON.stringify(figures));
}
