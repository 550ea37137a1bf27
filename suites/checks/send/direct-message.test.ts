import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { agentMessage, errorOf, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { directMessage } from './direct-message.ts';

type Observation = Parameters<typeof directMessage.judge>[0];

const message = resultOf({ message: agentMessage() });
const refused = errorOf('InvalidParamsError');

test.for<[string, Observation, string]>([
  ['a message', { plain: [message], immediate: [message] }, 'holds'],
  ['a task is the agent’s choice', { plain: [message], immediate: [sent('WORKING')] }, 'holds'],
  ['refused twice, with a control between', { plain: [message, message], immediate: [refused, refused] }, 'violated'],
  ['refused once', { plain: [message, message], immediate: [refused, message] }, 'holds'],
  ['the control is refused too', { plain: [message, refused], immediate: [refused, refused] }, 'untested'],
  ['no message without it', { plain: [sent('COMPLETED')], immediate: [refused, refused] }, 'untested'],
  ['silence', { plain: [message], immediate: [noAnswer()] }, 'untested'],
])('send/return-immediately-message: %s', ([, observed, kind]) => {
  expect(directMessage.judge(observed, factsWith())['send/return-immediately-message'].kind).toBe(kind);
});
