//! One check: look at the queue, the service and the state at once; decide; where something is to
//! be done, look again, claim it in the state, and do it.
use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_sqs::types::QueueAttributeName;
use lambda_runtime::Error;
use serde_json::{json, Value};

pub struct Settings {
    pub queue_url: String,
    cluster: String,
    service: String,
    bucket: String,
    min_tasks: i64,
    max_tasks: i64,
}

struct Action {
    at: f64,
    etag: String,
}

struct Seen {
    visible: i64,
    desired: i64,
    running: i64,
}

pub struct Autoscaler {
    settings: Settings,
    pub sqs: aws_sdk_sqs::Client,
    ecs: aws_sdk_ecs::Client,
    s3: aws_sdk_s3::Client,
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

impl Settings {
    pub fn from_environment() -> Self {
        Settings {
            queue_url: variable("SQS_QUEUE_URL"),
            cluster: variable("ECS_CLUSTER"),
            service: variable("SERVICE_NAME"),
            bucket: variable("S3_CONFIG_BUCKET"),
            min_tasks: variable("MIN_TASKS").parse().expect("a number"),
            max_tasks: variable("MAX_TASKS").parse().expect("a number"),
        }
    }
}

#[cfg(not(feature = "tuned"))]
pub async fn sdk_config() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

#[cfg(feature = "tuned")]
pub async fn sdk_config() -> SdkConfig {
    use aws_credential_types::Credentials;
    use aws_smithy_http_client::{tls, Builder};
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let keys = Credentials::new(
        variable("AWS_ACCESS_KEY_ID"),
        variable("AWS_SECRET_ACCESS_KEY"),
        std::env::var("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .credentials_provider(keys)
        .region(aws_config::Region::new(variable("AWS_REGION")))
        .load()
        .await
}

impl Autoscaler {
    pub async fn from_environment() -> Self {
        let config = sdk_config().await;
        Autoscaler {
            settings: Settings::from_environment(),
            sqs: aws_sdk_sqs::Client::new(&config),
            ecs: aws_sdk_ecs::Client::new(&config),
            s3: aws_sdk_s3::Client::new(&config),
        }
    }

    pub async fn check(&self) -> Result<Value, Error> {
        let (seen, scale_out) = tokio::try_join!(self.look(), self.recall("up"))?;
        let mut report = decide(&self.settings, &seen, &scale_out);
        if report["action"] == "scale_out" {
            let seen = self.look().await?;
            report = decide(&self.settings, &seen, &scale_out);
        }
        if report["action"] == "scale_out" {
            self.act(&report, scale_out.etag).await?;
            report["changed"] = json!(true);
        }
        Ok(report)
    }

    async fn look(&self) -> Result<Seen, Error> {
        let (visible, (desired, running)) =
            tokio::try_join!(self.count_messages(), self.count_tasks())?;
        Ok(Seen { visible, desired, running })
    }

    async fn count_messages(&self) -> Result<i64, Error> {
        let answer = self
            .sqs
            .get_queue_attributes()
            .queue_url(&self.settings.queue_url)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            .send()
            .await?;
        let attributes = answer.attributes().ok_or("no attributes")?;
        let visible = attributes.get(&QueueAttributeName::ApproximateNumberOfMessages);
        Ok(visible.ok_or("no ApproximateNumberOfMessages")?.parse()?)
    }

    async fn count_tasks(&self) -> Result<(i64, i64), Error> {
        let (cluster, service) = (&self.settings.cluster, &self.settings.service);
        let answer =
            self.ecs.describe_services().cluster(cluster).services(service).send().await?;
        let service = answer.services().first().ok_or("no such service")?;
        Ok((service.desired_count().into(), service.running_count().into()))
    }

    fn key(&self, direction: &str) -> String {
        let Settings { cluster, service, .. } = &self.settings;
        format!("autoscaling-state/{cluster}/{service}/{direction}-last-action.json")
    }

    async fn recall(&self, direction: &str) -> Result<Action, Error> {
        let object =
            self.s3.get_object().bucket(&self.settings.bucket).key(self.key(direction));
        let answer = object.send().await?;
        let etag = answer.e_tag().ok_or("no ETag")?.to_owned();
        let record: Value = serde_json::from_slice(&answer.body.collect().await?.into_bytes())?;
        Ok(Action { at: record["timestamp"].as_f64().ok_or("no timestamp")?, etag })
    }

    async fn act(&self, report: &Value, etag: String) -> Result<(), Error> {
        let tasks = report["new_tasks"].as_i64().ok_or("no new_tasks")?;
        let record = json!({
            "timestamp": now(), "cluster": self.settings.cluster,
            "service": self.settings.service, "action_type": "up", "count": tasks,
            "desired": tasks, "messages": report["queue_size"],
        });
        self.s3
            .put_object()
            .bucket(&self.settings.bucket)
            .key(self.key("up"))
            .if_match(etag)
            .content_type("application/json")
            .body(record.to_string().into_bytes().into())
            .send()
            .await?;
        self.ecs
            .update_service()
            .cluster(&self.settings.cluster)
            .service(&self.settings.service)
            .desired_count(tasks.try_into()?)
            .send()
            .await?;
        Ok(())
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs_f64()
}

fn decide(settings: &Settings, seen: &Seen, last: &Action) -> Value {
    const THRESHOLD: i64 = 100;
    const COOLDOWN_S: f64 = 120.0;
    let added = (seen.visible as f64 * 0.01).ceil() as i64;
    let wanted = (seen.running.min(seen.desired) + added)
        .clamp(settings.min_tasks, settings.max_tasks);
    let out = seen.visible > THRESHOLD && wanted > seen.desired && now() - last.at >= COOLDOWN_S;
    json!({
        "action": if out { "scale_out" } else { "hold" },
        "queue_size": seen.visible,
        "current_tasks": seen.desired,
        "new_tasks": if out { wanted } else { seen.desired },
        "changed": false,
    })
}
