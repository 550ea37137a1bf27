import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { paramsOmitted } from './params-omitted.ts';

type Observation = Parameters<typeof paramsOmitted.judge>[0];
type Pair = readonly [control: ReturnType<typeof resultOf>, omitted: ReturnType<typeof resultOf>];

const card = resultOf({ name: 'agent' });
const list = resultOf({ tasks: [] });
const unsupported = errorOf('UnsupportedOperationError');
const invalid = errorOf('InvalidParamsError');
const unparsable = errorOf('JSONParseError');

test.for<[string, { readonly card?: Pair; readonly list?: Pair; readonly tenant?: boolean }, string]>([
  ['the same either way', {}, 'holds'],
  ['no extended card, either way', { card: [unsupported, unsupported] }, 'holds'],
  ['served without params alone', { card: [unsupported, card] }, 'holds'],
  ['called unparsable', { card: [card, unparsable] }, 'violated'],
  ['called invalid', { card: [card, invalid] }, 'violated'],
  ['called no Request object', { card: [unsupported, errorOf('InvalidRequestError')] }, 'violated'],
  ['ListTasks, which the text shows with params', { list: [list, invalid] }, 'ambiguous'],
  ['both', { card: [card, unparsable], list: [list, unparsable] }, 'violated'],
  ['silence, and the list', { card: [card, noAnswer()] }, 'holds'],
  ['silence', { card: [card, noAnswer()], list: [noAnswer(), list] }, 'untested'],
  ['a tenant is a parameter', { tenant: true, card: [card, invalid] }, 'untested'],
])(
  'envelope/params-omitted: %s',
  ([, { card: cards = [card, card], list: lists = [list, list], tenant = false }, kind]) => {
    const asked: Observation['asked'] = [
      { method: 'GetExtendedAgentCard', control: cards[0], omitted: cards[1] },
      { method: 'ListTasks', control: lists[0], omitted: lists[1] },
    ];
    expect(paramsOmitted.judge({ asked, tenant }, factsWith())['envelope/params-omitted'].kind).toBe(kind);
  },
);
