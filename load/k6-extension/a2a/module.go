// Package a2a is the k6 module k6/x/a2a: it sends tasks to an A2A agent over JSON-RPC, reads their server-sent events as they
// arrive and says when each arrived. Beside it stands the output `a2a`, which writes dropped iterations.
package a2a

import (
	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
)

func init() {
	root := &rootModule{clock: newClock()}
	modules.Register("k6/x/a2a", root)
	output.RegisterExtension("a2a", func(params output.Params) (output.Output, error) {
		return newDropOutput(root, params)
	})
}

// rootModule is one a process: what all virtual users share.
type rootModule struct {
	clock    *clock
	journals journals
}

type moduleInstance struct {
	root *rootModule
	vu   modules.VU
	own  ownMetrics
}

// ownMetrics: trends in milliseconds, beside k6's own http_* metrics.
type ownMetrics struct {
	submit      *metrics.Metric
	firstSignal *metrics.Metric
	signal      *metrics.Metric
	completion  *metrics.Metric
	events      *metrics.Metric
	failed      *metrics.Metric
}

func (root *rootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	registry := vu.InitEnv().Registry
	return &moduleInstance{root: root, vu: vu, own: ownMetrics{
		submit:      registry.MustNewMetric("a2a_submit_latency", metrics.Trend, metrics.Time),
		firstSignal: registry.MustNewMetric("a2a_first_signal_latency", metrics.Trend, metrics.Time),
		signal:      registry.MustNewMetric("a2a_signal_latency", metrics.Trend, metrics.Time),
		completion:  registry.MustNewMetric("a2a_completion_latency", metrics.Trend, metrics.Time),
		events:      registry.MustNewMetric("a2a_events", metrics.Counter),
		failed:      registry.MustNewMetric("a2a_task_failed", metrics.Rate),
	}}
}

func (instance *moduleInstance) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"Client": instance.newClient, "clock": instance.root.clock.id}}
}

// newClient is `new Client(options)`; it belongs into the init context or into an iteration alike.
func (instance *moduleInstance) newClient(call sobek.ConstructorCall) *sobek.Object {
	runtime := instance.vu.Runtime()
	options := defaultOptions()
	if err := runtime.ExportTo(call.Argument(0), &options); err != nil {
		common.Throw(runtime, err)
	}
	built, err := newClient(instance, options)
	if err != nil {
		common.Throw(runtime, err)
	}
	return runtime.ToValue(built).ToObject(runtime)
}
