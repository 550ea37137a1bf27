import { expect, test } from 'vitest';
import { exploreCommand, rerunCommand } from './rerun.ts';
import { cleanReport } from './testing/sample-report.ts';
import { chaosReport, exploreReport, loadReport } from './testing/sample-runs.ts';

test('a check has findings of its own to replay', () => {
  expect(rerunCommand(cleanReport)).toBeUndefined();
});

test('a load is run again with what decides it; values of headers are left open', () => {
  expect(rerunCommand(loadReport)).toBe(
    "a2a-gauntlet load http://127.0.0.1:4000 --header 'Authorization: …' --rate 400 --duration 1m " +
      `--message 'it'\\''s a task' --p99-signal 200ms --max-errors 1% --max-lost 0 --max-dropped 0`,
  );
  const embedded = { ...loadReport, target: { ...loadReport.target, embedded: { profile: 'full' } } };
  expect(rerunCommand(embedded)).toMatch(/^a2a-gauntlet load --header \S+ \S+ --rate 400 --duration 1m --p99/);
});

test('experiments that did not pass are run again with their seed; of a finding, its own', () => {
  expect(rerunCommand(chaosReport)).toBe(
    'a2a-gauntlet chaos agent-killed stream-cut agent-paused --environment embedded --seed 42',
  );
  expect(rerunCommand(chaosReport, 'agent-killed')).toBe(
    'a2a-gauntlet chaos agent-killed --environment embedded --seed 42',
  );
});

test('generated cases are drawn again with the same principals; their tokens are left open', () => {
  const options = { ...exploreReport.options, secondPrincipal: true };
  const elsewhere = { ...exploreReport, target: { ...exploreReport.target, embedded: null } };
  expect(exploreCommand({ ...elsewhere, options })).toMatch(
    /^a2a-gauntlet explore .*--second-bearer … (?:--stimuli \S+ )?--timeout \d+ms --max-tasks \d+ --suite /,
  );
  expect(exploreCommand(elsewhere)).not.toContain('--second-bearer');
});

test('generated cases are drawn again with all that decides whether a fault is met', () => {
  const { options: plain, target } = exploreReport;
  const options = {
    ...plain,
    bindings: ['JSONRPC', 'HTTP+JSON'],
    stimuli: 'my stimuli.yaml',
    intrusive: true,
    timeoutMs: 2000,
    maxTasks: 900,
  };
  const elsewhere = { ...exploreReport, options, target: { ...target, embedded: null } };
  expect(exploreCommand(elsewhere)).toContain(
    " --binding JSONRPC --binding HTTP+JSON --stimuli 'my stimuli.yaml' --intrusive --timeout 2000ms --max-tasks 900 --suite ",
  );
  const tck = { ...options, bindings: [], stimuli: 'tck', intrusive: false };
  expect(exploreCommand({ ...elsewhere, options: tck })).toContain(' --stimuli tck --timeout 2000ms --max-tasks 900 ');
  const embedded = { ...elsewhere, options: tck, target: { ...target, embedded: { profile: 'full' } } };
  expect(exploreCommand(embedded)).not.toMatch(/--stimuli|--binding|--intrusive/);
});
