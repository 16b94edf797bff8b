// One check: look at the queue, the service and the state at once; decide; where something is to
// be done, look again, claim it in the state, and do it.
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";

const THRESHOLD = 100;
const COOLDOWN_S = 120;

export function attributesCommand() {
  return new GetQueueAttributesCommand({
    QueueUrl: process.env.SQS_QUEUE_URL,
    AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  });
}

export class Autoscaler {
  #sqs = new SQSClient();
  #ecs = new ECSClient();
  #s3 = new S3Client();
  #cluster = process.env.ECS_CLUSTER;
  #service = process.env.SERVICE_NAME;
  #bucket = process.env.S3_CONFIG_BUCKET;
  #tasks = { min: Number(process.env.MIN_TASKS), max: Number(process.env.MAX_TASKS) };

  async check() {
    const [seen, last] = await Promise.all([this.#look(), this.#recall("up")]);
    let report = this.#decide(seen, last);
    if (report.action === "scale_out") report = this.#decide(await this.#look(), last);
    if (report.action === "scale_out") {
      await this.#act(report, last.etag);
      report.changed = true;
    }
    return report;
  }

  async #look() {
    const [queue, service] = await Promise.all([
      this.#sqs.send(attributesCommand()),
      this.#ecs.send(new DescribeServicesCommand({
        cluster: this.#cluster, services: [this.#service],
      })),
    ]);
    const { desiredCount, runningCount } = service.services[0];
    const visible = Number(queue.Attributes.ApproximateNumberOfMessages);
    return { visible, desired: desiredCount, running: runningCount };
  }

  #key(direction) {
    return `autoscaling-state/${this.#cluster}/${this.#service}/${direction}-last-action.json`;
  }

  async #recall(direction) {
    const answer = await this.#s3.send(new GetObjectCommand({
      Bucket: this.#bucket, Key: this.#key(direction),
    }));
    const record = JSON.parse(await answer.Body.transformToString());
    return { at: record.timestamp, etag: answer.ETag };
  }

  #decide({ visible, desired, running }, last) {
    const added = Math.ceil(visible * 0.01);
    const within = (count) => Math.max(this.#tasks.min, Math.min(this.#tasks.max, count));
    const wanted = within(Math.min(running, desired) + added);
    const rested = Date.now() / 1000 - last.at >= COOLDOWN_S;
    const out = visible > THRESHOLD && wanted > desired && rested;
    return {
      action: out ? "scale_out" : "hold",
      queue_size: visible,
      current_tasks: desired,
      new_tasks: out ? wanted : desired,
      changed: false,
    };
  }

  async #act(report, etag) {
    const record = {
      timestamp: Date.now() / 1000, cluster: this.#cluster, service: this.#service,
      action_type: "up", count: report.new_tasks, desired: report.new_tasks,
      messages: report.queue_size,
    };
    await this.#s3.send(new PutObjectCommand({
      Bucket: this.#bucket, Key: this.#key("up"), IfMatch: etag,
      ContentType: "application/json", Body: JSON.stringify(record),
    }));
    await this.#ecs.send(new UpdateServiceCommand({
      cluster: this.#cluster, service: this.#service, desiredCount: report.new_tasks,
    }));
  }
}
