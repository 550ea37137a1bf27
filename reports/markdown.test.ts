import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../core/findings/report.ts';
import { renderMarkdown } from './markdown.ts';
import { cleanReport, failingReport, unreachableReport } from './testing/sample-report.ts';
import { brokenLoadReport, chaosReport, exploreReport, loadReport } from './testing/sample-runs.ts';

test.for<[string, Report]>([
  ['markdown-failing.md', failingReport],
  ['markdown-clean.md', cleanReport],
  ['markdown-unreachable.md', unreachableReport],
  ['markdown-load.md', loadReport],
  ['markdown-load-broken.md', brokenLoadReport],
  ['markdown-chaos.md', chaosReport],
  ['markdown-explore.md', exploreReport],
])('%s', async ([file, report]) => {
  await expect(renderMarkdown(report)).toMatchFileSnapshot(join(import.meta.dirname, 'golden', file));
});

test('what an agent says is no markup', () => {
  const hostile = {
    ...failingReport,
    findings: failingReport.findings.map((finding) => ({
      ...finding,
      reason: '</details><img src=x> @everyone [link](https://example.com)',
      actual: 'a ` b `` c',
    })),
  };
  const text = renderMarkdown(hostile);
  expect(text).not.toMatch(/(?<!\\)<img/);
  expect(text).not.toContain('@everyone');
  expect(text).not.toMatch(/(?<!\\)\[link/);
  expect(text).toContain('```a ` b `` c```');
});

test('a long list of findings is cut, and says so', () => {
  const many = { ...failingReport, findings: Array.from({ length: 9 }, () => failingReport.findings[1]!) };
  const text = renderMarkdown(many, { maxFindings: 2 });
  expect(text.match(/<details>/g)).toHaveLength(2);
  expect(text).toContain('7 more findings');
});
