package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"
)

const (
	threshold = 100
	cooldown  = 120 * time.Second
)

// Report is what a check answers.
type Report struct {
	Action       string `json:"action"`
	QueueSize    int    `json:"queue_size"`
	CurrentTasks int    `json:"current_tasks"`
	NewTasks     int    `json:"new_tasks"`
	Changed      bool   `json:"changed"`
}

type seen struct{ visible, desired, running int }

type action struct {
	Timestamp float64 `json:"timestamp"`
	etag      string
}

type autoscaler struct {
	queueURL, cluster, service, bucket string
	minTasks, maxTasks                 int

	sqs *sqs.Client
	ecs *ecs.Client
	s3  *s3.Client
}

func number(name string) int {
	value, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return value
}

func newAutoscaler(ctx context.Context) *autoscaler {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return &autoscaler{
		queueURL: os.Getenv("SQS_QUEUE_URL"),
		cluster:  os.Getenv("ECS_CLUSTER"),
		service:  os.Getenv("SERVICE_NAME"),
		bucket:   os.Getenv("S3_CONFIG_BUCKET"),
		minTasks: number("MIN_TASKS"),
		maxTasks: number("MAX_TASKS"),
		sqs:      sqs.NewFromConfig(settings),
		ecs:      ecs.NewFromConfig(settings),
		s3:       s3.NewFromConfig(settings),
	}
}

// Looks at the queue, the service and the state at once; decides; where something is to be done,
// looks again, claims it in the state, and does it.
func (a *autoscaler) check(ctx context.Context) (*Report, error) {
	var now seen
	var out action
	group, scope := errgroup.WithContext(ctx)
	group.Go(func() (err error) { now, err = a.look(scope); return })
	group.Go(func() (err error) { out, err = a.recall(scope, "up"); return })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	report := a.decide(now, out)
	if report.Action != "scale_out" {
		return report, nil
	}
	now, err := a.look(ctx)
	if err != nil {
		return nil, err
	}
	report = a.decide(now, out)
	if report.Action != "scale_out" {
		return report, nil
	}
	if err := a.act(ctx, report, out.etag); err != nil {
		return nil, err
	}
	report.Changed = true
	return report, nil
}

func (a *autoscaler) look(ctx context.Context) (seen, error) {
	var now seen
	group, scope := errgroup.WithContext(ctx)
	group.Go(func() (err error) { now.visible, err = a.countMessages(scope); return })
	group.Go(func() (err error) { now.desired, now.running, err = a.countTasks(scope); return })
	err := group.Wait()
	return now, err
}

func attributesInput(queueURL string) *sqs.GetQueueAttributesInput {
	return &sqs.GetQueueAttributesInput{
		QueueUrl: &queueURL,
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages,
			types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		},
	}
}

func (a *autoscaler) countMessages(ctx context.Context) (int, error) {
	answer, err := a.sqs.GetQueueAttributes(ctx, attributesInput(a.queueURL))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(answer.Attributes["ApproximateNumberOfMessages"])
}

func (a *autoscaler) countTasks(ctx context.Context) (desired, running int, err error) {
	answer, err := a.ecs.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: &a.cluster, Services: []string{a.service},
	})
	if err != nil {
		return 0, 0, err
	}
	if len(answer.Services) == 0 {
		return 0, 0, errors.New("no such service")
	}
	service := answer.Services[0]
	return int(service.DesiredCount), int(service.RunningCount), nil
}

func (a *autoscaler) key(direction string) *string {
	return aws.String(fmt.Sprintf("autoscaling-state/%s/%s/%s-last-action.json",
		a.cluster, a.service, direction))
}

func (a *autoscaler) recall(ctx context.Context, direction string) (action, error) {
	var last action
	answer, err := a.s3.GetObject(ctx, &s3.GetObjectInput{
		Bucket: &a.bucket, Key: a.key(direction),
	})
	if err != nil {
		return last, err
	}
	defer answer.Body.Close()
	last.etag = aws.ToString(answer.ETag)
	return last, json.NewDecoder(answer.Body).Decode(&last)
}

func (a *autoscaler) decide(now seen, last action) *Report {
	wanted := min(now.running, now.desired) + int(math.Ceil(float64(now.visible)*0.01))
	wanted = max(a.minTasks, min(a.maxTasks, wanted))
	report := &Report{Action: "hold", QueueSize: now.visible, CurrentTasks: now.desired,
		NewTasks: now.desired}
	rested := float64(time.Now().UnixMicro())/1e6-last.Timestamp >= cooldown.Seconds()
	if now.visible > threshold && wanted > now.desired && rested {
		report.Action, report.NewTasks = "scale_out", wanted
	}
	return report
}

func (a *autoscaler) act(ctx context.Context, report *Report, etag string) error {
	record, err := json.Marshal(map[string]any{
		"timestamp": float64(time.Now().UnixMicro()) / 1e6, "cluster": a.cluster,
		"service": a.service, "action_type": "up", "count": report.NewTasks,
		"desired": report.NewTasks, "messages": report.QueueSize,
	})
	if err != nil {
		return err
	}
	if _, err := a.s3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &a.bucket, Key: a.key("up"), IfMatch: &etag,
		ContentType: aws.String("application/json"), Body: bytes.NewReader(record),
	}); err != nil {
		return err
	}
	_, err = a.ecs.UpdateService(ctx, &ecs.UpdateServiceInput{
		Cluster: &a.cluster, Service: &a.service,
		DesiredCount: aws.Int32(int32(report.NewTasks)),
	})
	return err
}
