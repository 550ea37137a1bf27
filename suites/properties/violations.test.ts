import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestMessages } from '../../protocol/operation-messages.ts';
import { operations, type Operation } from '../../protocol/operations.ts';
import { validate } from '../../protocol/schemas/validate.ts';
import { plainRequestOf, refs } from './requests.ts';
import { violationsOf } from './violations.ts';

const names = Object.keys(operations) as Operation[];

const withStimulus = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(refs.stimulus), '{"text":"stimulus"}'));

/** What no schema of a message says: ranges, and what a token is. */
const beyondSchema = new Set(['history', 'page-size', 'page-token']);

describe.for(names)('%s', (operation) => {
  const plain = fc.sample(plainRequestOf(operation), { seed: 1, numRuns: 20 });
  const message = requestMessages[operation];

  test('is valid where no fault is put in', () => {
    expect(plain.flatMap((request) => validate(message, withStimulus(request)))).toEqual([]);
  });

  test.for(violationsOf(operation, { inlinePush: true }).map((violation) => [violation.name, violation] as const))(
    '%s: one fault, at that place',
    ([, { apply, kind, path }]) => {
      for (const request of plain) {
        const problems = validate(message, withStimulus(apply(request)));
        if (beyondSchema.has(kind)) expect(problems).toEqual([]);
        else {
          expect(problems.length).toBe(1);
          const place = problems[0]!.path.replaceAll(/\/\d+/g, '');
          // What is wrong with all of an array is told of its first element too.
          expect(`/${path.join('/')}`.startsWith(place)).toBe(true);
        }
      }
    },
  );
});

test('faults have names of their own', () => {
  for (const operation of names) {
    const all = violationsOf(operation, { inlinePush: true }).map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
  }
});

test('an operation of an agent without push has no fault in an inline configuration', () => {
  const all = violationsOf('SendMessage', { inlinePush: false });
  expect(all.filter(({ path }) => path.includes('taskPushNotificationConfig'))).toEqual([]);
});
