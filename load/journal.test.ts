import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseLine, type JournalLine } from './journal.ts';
import { JournalTail } from './journal-tail.ts';
import { LiveProgress } from './live.ts';
import { taskLine, testPeriod, testStart } from './testing/task-line.ts';

describe('a line', () => {
  test('of each kind is read', () => {
    expect(parseLine('{"k":"run","clock":"c","start":1,"period":2}')).toMatchObject({ k: 'run' });
    expect(parseLine('{"k":"drop","at":1}')).toMatchObject({ k: 'drop' });
    expect(parseLine(JSON.stringify(taskLine(1)))).toEqual(taskLine(1));
  });

  test.for([
    '',
    '{"k":"task","i":1',
    'null',
    '[]',
    '{"k":"run"}',
    '{"k":"drop"}',
    '{"k":"task","i":1,"sch":1,"inv":1,"ret":1,"out":"strange"}',
    '{"k":"task","i":"1","sch":1,"inv":1,"ret":1,"out":"completed"}',
    '{"k":"other"}',
  ])('%s is none', (text) => {
    expect(parseLine(text)).toBeUndefined();
  });
});

describe('a journal that grows', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-journal-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('is read line by line, wherever the writes end', async () => {
    const path = join(directory, 'journal.ndjson');
    const lines: JournalLine[] = [];
    const tail = new JournalTail(path, (line) => lines.push(line));
    await tail.catchUp();
    expect(lines).toEqual([]);
    const texts = [taskLine(0, { err: 'ä𝄞\u2028 …' }), taskLine(1), { k: 'drop', at: 5 }].map((line) =>
      JSON.stringify(line),
    );
    const bytes = Buffer.from(`${texts.join('\n')}\n`);
    for (let at = 0; at < bytes.length; at += 7) {
      await appendFile(path, bytes.subarray(at, at + 7));
      if (at % 3 === 0) await tail.catchUp();
    }
    await tail.catchUp();
    expect(lines.map((line) => JSON.stringify(line))).toEqual(texts);
    expect(tail.unread).toBe(0);
    await appendFile(path, 'no JSON\n{"k":"dr');
    await tail.catchUp();
    expect(tail.unread).toBe(2);
    expect(lines).toHaveLength(3);
  });
});

describe('progress', () => {
  const started = (clocksComparable = true): LiveProgress => {
    const live = new LiveProgress(60_000, clocksComparable);
    live.take({ k: 'run', clock: 'c', start: testStart, period: testPeriod });
    return live;
  };
  const startMs = testStart / 1_000;

  test('before the start there is none', () => {
    const live = new LiveProgress(60_000, true);
    expect(live.started).toBe(false);
    expect(live.snapshot(Date.now())).toMatchObject({ elapsedMs: 0, finished: 0, inFlight: 0, p99SignalMs: undefined });
  });

  test('rate, tasks under way, errors and p99', () => {
    const live = started();
    for (let i = 0; i < 60; i += 1) live.take(taskLine(i));
    live.take(taskLine(60, { out: 'timeout' }));
    live.take({ k: 'drop', at: testStart + 61 * testPeriod });
    // 10 s: moments 0 to 66 were due.
    const { perMinute, finished, inFlight, errors, dropped, p99SignalMs } = live.snapshot(startMs + 10_000);
    expect({ finished, inFlight, errors, dropped }).toEqual({ finished: 61, inFlight: 5, errors: 1, dropped: 1 });
    expect(perMinute).toBeCloseTo(366, 0);
    expect(p99SignalMs).toBeCloseTo(0.5, 2);
  });

  test('after the schedule nothing more is due', () => {
    expect(started().snapshot(startMs + 90_000)).toMatchObject({ inFlight: 400, elapsedMs: 90_000 });
  });

  test('stamps of another clock are left alone', () => {
    const live = started(false);
    live.take(taskLine(0));
    expect(live.snapshot(startMs + 1_000).p99SignalMs).toBeCloseTo(20, 1);
  });

  test('a target is suspect after ten refused connections in two seconds, and not after an answer', () => {
    const live = started();
    const refuse = (i: number) => live.take(taskLine(i, { out: 'transport', code: 'refused' }));
    for (let i = 0; i < 9; i += 1) refuse(i);
    expect(live.suspicion(startMs + 5_000)).toBeUndefined();
    refuse(9);
    expect(live.suspicion(startMs + 1_500)).toBeUndefined();
    expect(live.suspicion(startMs + 5_000)).toEqual({ sinceMs: 0, reason: 'refused' });
    live.take(taskLine(10, { out: 'http', code: '500' }));
    expect(live.suspicion(startMs + 5_000)).toBeUndefined();
  });
});
