import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Verdict } from '../../core/findings/finding.ts';
import { startReferenceAgent } from '../../mocks/reference-agent/agent.ts';
import { bindings } from '../../mocks/reference-agent/bindings.ts';
import { profiles } from '../../mocks/reference-agent/settings.ts';
import { rows } from '../../protocol/requirements/rows.ts';
import { embeddedProfiles } from '../../fixtures/environments/embedded.ts';
import { runCheck } from '../run-check.ts';

const expected = parse(readFileSync(new URL('./untested.yaml', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>;

const checkProfile = async (profile: (typeof profiles)[number], seed: number, tenant?: string) => {
  await using agent = await startReferenceAgent({
    profile,
    bindings,
    ...(tenant === undefined ? {} : { tenants: [tenant] }),
  });
  const { headers, secondBearer, tenants } = embeddedProfiles[profile];
  return await runCheck({
    url: agent.url,
    stimuli: 'tck',
    // Two tenants are twice as many interfaces.
    maxTasks: 1_500,
    // gRPC has a port of its own, and is to see the credentials.
    owned: ['127.0.0.1'],
    seed,
    ...(headers === undefined ? {} : { headers }),
    ...(secondBearer === undefined ? {} : { secondBearer }),
    ...(tenants === undefined ? {} : { tenants }),
  });
};

test('every profile: no fail, no warn, no error; together they measure every row that can be measured on a server', async () => {
  const reports = await Promise.all([
    ...profiles.map(async (profile, seed) => ({ profile, report: await checkProfile(profile, seed) })),
    checkProfile('minimal', 7, 'acme').then((report) => ({ profile: 'minimal, with a tenant', report })),
  ]);
  const of = (verdict: Verdict): readonly string[] =>
    reports.flatMap(({ profile, report }) =>
      report.findings
        .filter((finding) => finding.verdict === verdict)
        .map(({ requirement, reason }) => `${profile}: ${requirement}: ${reason}`),
    );
  expect(of('fail')).toEqual([]);
  expect(of('warn')).toEqual([]);
  expect(of('error')).toEqual([]);

  const measured = new Set(
    reports.flatMap(({ report }) =>
      report.findings.filter(({ verdict }) => verdict === 'pass').map(({ requirement }) => requirement),
    ),
  );
  const unmeasured = [...rows.values()].filter(
    ({ id, level, unobservable }) => level === 'MUST' && unobservable === undefined && !measured.has(id),
  );
  expect(unmeasured.map(({ id }) => id)).toEqual([]);
}, 120_000);

test('of the profile that `npm start` checks, only the committed list is untested', async () => {
  const { findings } = await checkProfile('full', 1);
  const measured = new Set(findings.filter(({ verdict }) => verdict === 'pass').map(({ requirement }) => requirement));
  const untested = findings
    .filter(({ verdict, requirement }) => verdict === 'untested' && !measured.has(requirement))
    .map(({ requirement }) => requirement);
  expect([...new Set(untested)].toSorted()).toEqual(Object.keys(expected['full']!).toSorted());
}, 60_000);
