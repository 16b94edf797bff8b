//! How many signed GetQueueAttributes a second one thread can send, 64 in flight.
use std::time::{Duration, Instant};

use lambda_runtime::Error;

use crate::job::{sdk_config, Settings};

const IN_FLIGHT: usize = 64;

async fn call(client: &aws_sdk_sqs::Client, queue_url: &str) -> Result<(), Error> {
    use aws_sdk_sqs::types::QueueAttributeName as Name;
    let request = client
        .get_queue_attributes()
        .queue_url(queue_url)
        .attribute_names(Name::ApproximateNumberOfMessages)
        .attribute_names(Name::ApproximateNumberOfMessagesNotVisible);
    request.send().await?;
    Ok(())
}

pub async fn run(seconds: f64) -> Result<(), Error> {
    let client = aws_sdk_sqs::Client::new(&sdk_config().await);
    let queue_url = Settings::from_environment().queue_url;
    let warm_up = spawn_all(&client, &queue_url, Duration::from_millis(300));
    finish(warm_up).await?;
    let began = Instant::now();
    let count = finish(spawn_all(&client, &queue_url, Duration::from_secs_f64(seconds))).await?;
    println!("{{\"calls\":{count},\"seconds\":{}}}", began.elapsed().as_secs_f64());
    Ok(())
}

type Caller = tokio::task::JoinHandle<Result<u64, Error>>;

fn spawn_all(client: &aws_sdk_sqs::Client, queue_url: &str, time: Duration) -> Vec<Caller> {
    let end = Instant::now() + time;
    (0..IN_FLIGHT)
        .map(|_| {
            let (client, queue_url) = (client.clone(), queue_url.to_owned());
            tokio::spawn(async move {
                let mut count = 0;
                while Instant::now() < end {
                    call(&client, &queue_url).await?;
                    count += 1;
                }
                Ok(count)
            })
        })
        .collect()
}

async fn finish(callers: Vec<Caller>) -> Result<u64, Error> {
    let mut count = 0;
    for caller in callers {
        count += caller.await??;
    }
    Ok(count)
}
