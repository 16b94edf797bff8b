//! The benchmark's job with the AWS SDK for Rust: see bench/sdk/README.md.
//!
//! usage: sdk-job                 a Lambda function, with AWS_LAMBDA_RUNTIME_API set
//!        sdk-job once            one check
//!        sdk-job calls SECONDS   signed GetQueueAttributes, 64 in flight
//!        sdk-job sign SAMPLES    the SDK's signer alone
mod calls;
mod job;
mod sign;

use lambda_runtime::{service_fn, Error, LambdaEvent};
use serde_json::Value;

fn runtime(one_thread: bool) -> tokio::runtime::Runtime {
    let mut builder = if one_thread {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.enable_all().build().expect("a tokio runtime")
}

async fn serve() -> Result<(), Error> {
    let autoscaler = &*Box::leak(Box::new(job::Autoscaler::from_environment().await));
    lambda_runtime::run(service_fn(|_event: LambdaEvent<Value>| async move {
        autoscaler.check().await
    }))
    .await
}

async fn once() -> Result<(), Error> {
    let report = job::Autoscaler::from_environment().await.check().await?;
    println!("{report}");
    Ok(())
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let one_thread = cfg!(feature = "tuned");
    match words.as_slice() {
        [] => runtime(one_thread).block_on(serve()),
        ["once"] => runtime(one_thread).block_on(once()),
        ["calls", seconds] => runtime(true).block_on(calls::run(seconds.parse()?)),
        ["sign", samples] => sign::run(samples.parse()?),
        _ => Err("usage: sdk-job [once | calls SECONDS | sign SAMPLES]".into()),
    }
}
