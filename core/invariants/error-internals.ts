import { excerpt } from '../../protocol/schemas/problem.ts';
import type { Exchange } from '../history/exchange.ts';
import { codecOf } from '../wire/codecs.ts';
import { defineInvariant } from './invariant.ts';
import { isObject } from './json.ts';
import { judgeInstances, type Instance } from './tally.ts';

/** One line of a stack trace that no text written for people holds, by the platform that prints it. */
const traces: readonly (readonly [platform: string, line: RegExp])[] = [
  ['Python', /Traceback \(most recent call last\)|^ *File "[^"\n]+", line \d+, in /m],
  ['Go', /^goroutine \d+ \[[^\]\n]+\]:|^\t\S+\.go:\d+( \+0x[0-9a-f]+)?$/m],
  [
    'the JVM',
    /^\s*at [\w$.]+(\/[\w$.]+)*\.[\w$<>]+\((\w+\.(java|kt|scala|groovy):\d+|Native Method|Unknown Source)\)/m,
  ],
  [
    'JavaScript',
    /^\s*at (?:async )?(?:.{1,200} \()?(?:file:\/\/|node:|\/|[A-Za-z]:\\|webpack)[^\n()]{1,300}:\d+:\d+\)?\s*$/m,
  ],
  ['.NET', /^[ \t]+at [\w`<>[\]+]+\.[\w.`<>[\]+]+\([^)\n]{0,300}\)( in .+:line \d+)?\s*$/m],
  ['Rust', /^(thread '.*' )?panicked at [^\n]*\.rs:\d+:\d+|^stack backtrace:$/m],
  ['PHP', /^#\d+ \S+\.php\(\d+\): /m],
  ['Ruby', /^\s*from \S+\.rb:\d+:in /m],
];

const entities: Readonly<Record<string, string>> = { nbsp: ' ', lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

/** What a browser would show of a page. */
const shown = (text: string): string =>
  text
    .replaceAll(/<br\s*\/?>|<\/?(p|pre|div|li|tr)\b[^<>]*>/gi, '\n')
    .replaceAll(/&(nbsp|lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name]!);

/** The platform whose stack trace a text holds, and the line that shows it. */
export function traceIn(text: string): { readonly platform: string; readonly line: string } | undefined {
  const plain = shown(text.replaceAll('\r\n', '\n'));
  for (const [platform, line] of traces) {
    const found = line.exec(plain);
    if (found) return { platform, line: found[0].trim() };
  }
  return undefined;
}

/** Every text of a value, but for what google.rpc defines for this very purpose. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value) || String(value['@type']).endsWith('google.rpc.DebugInfo')) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What an exchange says of an error: its members, or the page of whoever answered instead of the agent. */
function saidOfErrors(exchange: Exchange): readonly (readonly string[])[] {
  const codec = codecOf(exchange);
  const { response, intent } = exchange;
  if (codec === undefined || response === null || intent.kind === 'delivery') return [];
  const errors = codec
    .answers(exchange)
    .flatMap(({ said }) => (said.kind === 'error' ? [textsIn([said.message, said.details])] : []));
  if (errors.length > 0 || exchange.events.length > 0) return errors;
  const isPage = codec.decodeReply(exchange).kind === 'malformed' && response.status >= 400;
  return isPage ? [[response.body]] : [];
}

/** JSON-RPC 2.0 §5.1, §3.3.2: an error is described for people, in short. */
export const errorInternals = defineInvariant({
  id: 'invariants/error-internals',
  title: 'No error shows a stack trace of the agent',
  provenance: { kind: 'spec' },
  requirements: ['errors/no-stack-trace'],
  judge(history) {
    const instances = history.exchanges.flatMap((exchange) =>
      saidOfErrors(exchange).map((texts): Instance => {
        const found = texts.map(traceIn).find((trace) => trace !== undefined);
        if (found === undefined) return { exchanges: [exchange] };
        const actual = `a stack trace of ${found.platform}: ${excerpt(found.line)}`;
        return { exchanges: [exchange], defect: { expected: 'a short description for people', actual } };
      }),
    );
    return {
      'errors/no-stack-trace': judgeInstances(instances, {
        counted: 'errors',
        wrong: 'show a stack trace',
        hint: 'no request of the run was answered with an error',
      }),
    };
  },
});
