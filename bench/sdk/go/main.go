// The benchmark's job with the AWS SDK for Go: see bench/sdk/README.md.
//
//	usage: sdkjob                 a Lambda function, with AWS_LAMBDA_RUNTIME_API set
//	       sdkjob once            one check
//	       sdkjob calls SECONDS   signed GetQueueAttributes, 64 in flight
//	       sdkjob sign SAMPLES    the SDK's signer alone
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	if len(os.Args) == 1 {
		autoscaler := newAutoscaler(context.Background())
		lambda.Start(func(ctx context.Context) (*Report, error) { return autoscaler.check(ctx) })
		return
	}
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(arguments []string) error {
	ctx := context.Background()
	if len(arguments) == 1 && arguments[0] == "once" {
		report, err := newAutoscaler(ctx).check(ctx)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	if len(arguments) == 2 && arguments[0] == "calls" {
		seconds, err := strconv.ParseFloat(arguments[1], 64)
		if err != nil {
			return err
		}
		return runCalls(ctx, seconds)
	}
	if len(arguments) == 2 && arguments[0] == "sign" {
		samples, err := strconv.Atoi(arguments[1])
		if err != nil {
			return err
		}
		return runSign(ctx, samples)
	}
	return fmt.Errorf("usage: sdkjob [once | calls SECONDS | sign SAMPLES]")
}
