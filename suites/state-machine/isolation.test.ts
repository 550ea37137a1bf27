import { expect, test } from 'vitest';
import { untested } from '../../core/findings/judgement.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { Isolation, isolationRows } from './isolation.ts';

const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://a.test' };
const none = { streaming: false, pushNotifications: false, extendedAgentCard: false, requiredExtensions: [] };
const measured = (row: string): Finding => ({ requirement: row, interface: ref }) as Finding;
const rowsLeft = (isolation: Isolation, ...known: readonly string[]) =>
  isolation.unmeasured([ref], known.map(measured)).map(({ row, reason }) => [row, reason]);

test('rows of what the card does not declare are none', () => {
  expect(isolationRows(none)).not.toContain('push/access');
  expect(isolationRows({ ...none, streaming: true, pushNotifications: true })).toEqual(
    expect.arrayContaining(['push/access', 'security/subscribe-scoped']),
  );
});

test('what no sequence measured is told, with the reason where one was seen', () => {
  const isolation = new Isolation(true, none);
  isolation.note([
    { check: 'state-machine', row: 'security/get-scoped', interface: ref, judgement: untested('a limit', 'run again') },
  ]);
  expect(rowsLeft(isolation, 'security/cancel-scoped', 'security/send-scoped')).toEqual([
    ['security/get-scoped', 'a limit'],
    ['list/authorization-scoping', 'no sequence came to it with a task of each principal'],
  ]);
});

test('nothing is told where nobody is to be kept apart', () => {
  expect(rowsLeft(new Isolation(false, none))).toEqual([]);
});
