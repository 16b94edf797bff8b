//! What one signature of bench/sign.cpp's request costs with aws-sigv4.
use std::time::{Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{sign, SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4;
use lambda_runtime::Error;

const SIGNATURES: u32 = 2000; // a sample

fn body() -> String {
    concat!(
        r#"{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/orders-to-be-shipped","#,
        r#""AttributeNames":["ApproximateNumberOfMessages","#,
        r#""ApproximateNumberOfMessagesNotVisible","ApproximateNumberOfMessagesDelayed","#,
        r#""ApproximateAgeOfOldestMessage","VisibilityTimeout","MessageRetentionPeriod"]}"#
    )
    .to_owned()
}

const HEADERS: [(&str, &str); 5] = [
    ("host", "sqs.eu-west-1.amazonaws.com"),
    ("content-type", "application/x-amz-json-1.0"),
    ("x-amz-target", "AmazonSQS.GetQueueAttributes"),
    ("x-amzn-query-mode", "true"),
    ("user-agent", "fast-autoscaler"),
];

pub fn run(samples: usize) -> Result<(), Error> {
    let token = "T".repeat(800);
    let keys = Credentials::new(
        "ASIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        Some(token),
        None,
        "bench",
    );
    let (identity, body) = (keys.into(), body());
    let sign_one = || -> Result<String, Error> {
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("eu-west-1")
            .name("sqs")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let url = "https://sqs.eu-west-1.amazonaws.com/";
        let signable = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new("POST", url, HEADERS.into_iter(), signable)?;
        Ok(sign(request, &parameters)?.into_parts().1)
    };
    for _ in 0..SIGNATURES {
        std::hint::black_box(sign_one()?);
    }
    let mut figures = Vec::new();
    for _ in 0..samples {
        let began = Instant::now();
        for _ in 0..SIGNATURES {
            std::hint::black_box(sign_one()?);
        }
        figures.push(began.elapsed().as_nanos() as f64 / f64::from(SIGNATURES));
    }
    println!("{}", serde_json::json!(figures));
    Ok(())
}
