package a2a

import (
	"errors"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
)

// dropOutput is the output `a2a=<journal>`: writes the moment of each iteration that had no virtual user. Without it nobody
// could tell which moments of the schedule the others belong to.
type dropOutput struct {
	path    string
	clock   *clock
	journal *journal
	logger  logrus.FieldLogger
}

var _ output.Output = (*dropOutput)(nil)

func newDropOutput(root *rootModule, params output.Params) (output.Output, error) {
	if params.ConfigArgument == "" {
		return nil, errors.New("the output a2a takes the path of the journal: a2a=<file>")
	}
	opened, err := root.journals.get(params.ConfigArgument)
	if err != nil {
		return nil, err
	}
	return &dropOutput{path: params.ConfigArgument, clock: root.clock, journal: opened, logger: params.Logger}, nil
}

func (o *dropOutput) Description() string { return "a2a (" + o.path + ")" }

func (o *dropOutput) Start() error { return nil }

func (o *dropOutput) AddMetricSamples(containers []metrics.SampleContainer) {
	for _, container := range containers {
		// Only one kind of container carries a drop; the others are not even opened.
		sample, ok := container.(metrics.Sample)
		if !ok || sample.Metric.Name != metrics.DroppedIterationsName {
			continue
		}
		for range int(sample.Value) {
			if err := o.journal.write(dropLine{Kind: "drop", At: o.clock.micros(sample.Time)}); err != nil {
				o.logger.WithError(err).Error("a dropped iteration could not be written to the journal")
			}
		}
	}
}

func (o *dropOutput) Stop() error { return nil }
