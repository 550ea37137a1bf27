import { expect, test } from 'vitest';
import type { Exchange } from '../core/history/exchange.ts';
import { createRedactor } from '../core/history/redact.ts';
import { sampleExchange, sampleFinding } from '../reports/testing/sample-report.ts';
import { reportedFinding } from './reported-finding.ts';

const redactor = createRedactor(['s3cr3t']);

test('no secret is left anywhere', () => {
  const { request, response } = sampleExchange;
  const exchange = {
    ...sampleExchange,
    request: { ...request, headers: [['X-Key', 's3cr3t'] as const], body: '{"echo":"s3cr3t"}' },
    response: response && { ...response, body: 'you said s3cr3t' },
    events: [{ at: 1, data: 's3cr3t' }],
  };
  const finding = sampleFinding('get/artifacts', 'fail', {
    reason: 'said s3cr3t',
    actual: 's3cr3t',
    readings: ['s3cr3t'],
    evidence: [exchange],
  });
  const text = JSON.stringify(reportedFinding(finding, redactor));
  expect(text).not.toContain('s3cr3t');
  expect(text.match(/\[redacted\]/g)!.length).toBeGreaterThanOrEqual(7);
});

test('what is long is cut and says so; a command of megabytes is left out', () => {
  const long = 'x'.repeat(1_000_000);
  const { request, response } = sampleExchange;
  const exchange = {
    ...sampleExchange,
    request: { ...request, body: long },
    response: response && { ...response, body: long },
  };
  const { evidence, curl } = reportedFinding(
    sampleFinding('get/artifacts', 'fail', { evidence: [exchange] }),
    redactor,
  );
  expect(evidence[0]?.request.body?.length).toBeLessThan(100_000);
  expect(evidence[0]?.response).toMatchObject({ truncated: true });
  expect(curl).toEqual([]);
});

test('a pass needs less evidence than an accusation', () => {
  const evidence = Array.from({ length: 20 }, () => sampleExchange);
  const kept = (verdict: 'pass' | 'fail') =>
    reportedFinding(sampleFinding('get/artifacts', verdict, { evidence }), redactor);
  expect(kept('pass').evidence.length).toBeLessThan(kept('fail').evidence.length);
  expect(kept('fail').curl).toHaveLength(kept('fail').evidence.length);
});

test('a notification keeps its shape, loses its credentials, and has no command', () => {
  const delivery: Exchange = {
    ...sampleExchange,
    intent: { kind: 'delivery', webhook: 'http://127.0.0.1:1/webhooks/a' },
    request: {
      ...sampleExchange.request,
      headers: [
        ['Authorization', 'Bearer of-the-webhook'],
        ['X-A2A-Notification-Token', 'of-the-webhook'],
      ],
      body: '{"token":"of-the-webhook"}',
    },
  };
  const reported = reportedFinding(sampleFinding('push/authentication', 'fail', { evidence: [delivery] }), redactor);
  expect(JSON.stringify(reported)).not.toContain('of-the-webhook');
  expect(reported.evidence[0]?.request.headers[0]).toEqual(['Authorization', 'Bearer [redacted]']);
  expect(reported.curl).toEqual([]);
});
