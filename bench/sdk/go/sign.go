package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	signatures = 2000 // a sample
	body       = `{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/orders-to-be-shipped",` +
		`"AttributeNames":["ApproximateNumberOfMessages",` +
		`"ApproximateNumberOfMessagesNotVisible","ApproximateNumberOfMessagesDelayed",` +
		`"ApproximateAgeOfOldestMessage","VisibilityTimeout","MessageRetentionPeriod"]}`
)

// What one signature of bench/sign.cpp's request costs. The caller hashes the body, as the SDK's
// own middleware does. Signing writes into the request's headers, over those of the last time.
func runSign(ctx context.Context, samples int) error {
	keys := aws.Credentials{AccessKeyID: "ASIAIOSFODNN7EXAMPLE",
		SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		SessionToken:    strings.Repeat("T", 800)}
	request, err := http.NewRequest("POST", "https://sqs.eu-west-1.amazonaws.com/",
		strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "AmazonSQS.GetQueueAttributes")
	request.Header.Set("X-Amzn-Query-Mode", "true")
	request.Header.Set("User-Agent", "fast-autoscaler")
	signer := v4.NewSigner()
	figures := make([]float64, 0, samples)
	for sample := -1; sample < samples; sample++ { // the first warms up
		began := time.Now()
		for range signatures {
			hash := sha256.Sum256([]byte(body))
			payload := hex.EncodeToString(hash[:])
			if err := signer.SignHTTP(ctx, keys, request, payload, "sqs", "eu-west-1",
				time.Now()); err != nil {
				return err
			}
		}
		if sample >= 0 {
			figures = append(figures, float64(time.Since(began).Nanoseconds())/signatures)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(figures)
}
