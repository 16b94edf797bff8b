package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"
)

const inFlight = 64

// How many signed GetQueueAttributes a second; the benchmark sets GOMAXPROCS=1. The SDK keeps 10
// idle connections a host unless it is told otherwise.
func runCalls(ctx context.Context, seconds float64) error {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = inFlight
	})
	settings, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(client))
	if err != nil {
		return err
	}
	queue := sqs.NewFromConfig(settings)
	if _, err := callFor(ctx, queue, 300*time.Millisecond); err != nil {
		return err
	}
	began := time.Now()
	count, err := callFor(ctx, queue, time.Duration(seconds*float64(time.Second)))
	if err != nil {
		return err
	}
	fmt.Printf("{\"calls\":%d,\"seconds\":%f}\n", count, time.Since(began).Seconds())
	return nil
}

func callFor(ctx context.Context, queue *sqs.Client, duration time.Duration) (int64, error) {
	var count atomic.Int64
	end := time.Now().Add(duration)
	var group errgroup.Group
	for range inFlight {
		group.Go(func() error {
			for time.Now().Before(end) {
				input := attributesInput(os.Getenv("SQS_QUEUE_URL"))
				if _, err := queue.GetQueueAttributes(ctx, input); err != nil {
					return err
				}
				count.Add(1)
			}
			return nil
		})
	}
	err := group.Wait()
	return count.Load(), err
}
