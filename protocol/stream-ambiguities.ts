import { ambiguity, type Ambiguity } from './ambiguity.ts';

/** What the text leaves open about streams (§3.1.2, §3.1.6, §3.5.2, §11.7). */
export const streamAmbiguities: readonly Ambiguity[] = [
  ambiguity(
    'final-snapshot',
    '§3.1.2, §3.3.2, §3.5.2, §11.7',
    [
      '§3.1.2: after the Task only update events follow, and the stream closes at the terminal state',
      '§11.7: the final Task may be sent again before the stream closes',
      '§3.5.2: all streams get the same events, so also the Task that begins the stream of a follow-up message',
      '§3.3.2: any operation may return an error, so also a stream that has begun',
    ],
    'A last Task of the same state is accepted on every binding; a Task of a follow-up, a repeated final status and an error are a warn.',
  ),
  ambiguity(
    'stream-contents',
    '§3.1.2, §3.5.2',
    [
      '§3.1.2: a stream MAY include updates, which ones is the agent’s choice',
      '§3.5.2: events MUST be broadcast to all active streams',
    ],
    'A stream without the terminal state is a warn, and a subscription without updates where other streams have none either.',
  ),
  ambiguity(
    'disconnect',
    '§3.5.2',
    [
      'the task lifecycle is independent of any individual stream’s lifecycle',
      'said of several streams only, without a keyword',
    ],
    'A task canceled by its last stream’s disconnect is a warn.',
  ),
  ambiguity(
    'auth-required-stream',
    '§7.6.1, §11.7',
    [
      '§7.6.1: streams SHOULD be kept open where the credential comes out-of-band, which is the rule',
      '§11.7: a stream closes at a terminal or interrupted state; a credential may be negotiated in-band',
    ],
    'A stream that the agent closes at AUTH_REQUIRED is a warn.',
  ),
  ambiguity(
    'named-stream-events',
    '§9.4.2, SSE',
    [
      '§9.4.2 shows events without a name, each a JSON-RPC response',
      'an SSE event of another name is no message of the stream',
    ],
    'A named event is read like any other; one that holds no JSON-RPC response is a warn.',
  ),
  ambiguity(
    'error-in-stream',
    '§11.7, §3.3.2',
    [
      '§11.7: the data of an event is a StreamResponse',
      '§3.3.2: any operation may return an error, and a stream that has begun has no other place for it',
    ],
    'A google.rpc.Status in an event is accepted; anything else is a fail.',
  ),
  ambiguity(
    'stream-broken-off',
    '§3.5.2, §3.3.2, §3.1.2',
    [
      '§3.5.2: each stream MUST receive the same events, so none ends before the task does while others go on',
      '§3.5.2 speaks of active streams; only the end of the task MUST close one, and nothing forbids to end it earlier',
      '§3.3.2: any operation may return an error, so also a stream that has begun',
    ],
    'A stream that is ended early is compared up to there; what it misses after an error of the tables is a warn.',
  ),
];
