import type { IncomingMessage } from 'node:http';
import { invalidRequest, parseError, type OperationError } from './errors.ts';
import type { HttpQuestion } from './hooks.ts';

/** Request bodies, from the bytes to JSON. */

/** How much of a body beyond the limit is read and thrown away so that the client gets to see the answer. */
const discardFactor = 16;

/** Deeper input could be read but not written again (§13.4: limits on the complexity of requests). */
const maxDepth = 100;

export type BodyResult =
  { readonly kind: 'body'; readonly body: Buffer } | { readonly kind: 'too-large' } | { readonly kind: 'aborted' };

export async function readBody(
  request: IncomingMessage,
  limit: number,
  join: (chunks: readonly Buffer[]) => Buffer = Buffer.concat,
): Promise<BodyResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      if (size > limit * discardFactor) return { kind: 'too-large' };
    }
  } catch {
    // The client has gone away in the middle of its request: there is nobody to tell.
    return { kind: 'aborted' };
  }
  return size > limit ? { kind: 'too-large' } : { kind: 'body', body: join(chunks) };
}

/**
 * What is wrong with the form of the body, if anything: it has to be of one of the types, `application/json` where none
 * is given, and in UTF-8 (RFC 8259).
 */
export function mediaTypeError(
  { headers }: HttpQuestion,
  types: readonly string[],
  refuse: (header: string, value: string, supported: string) => OperationError,
): OperationError | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return refuse('Content-Encoding', encoding, 'identity');
  const given = headers['content-type'] ?? 'application/json';
  const [type = '', ...parameters] = given.toLowerCase().split(';');
  const charset = /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/;
  const foreign = parameters.some((parameter) => !['utf-8', 'utf8', undefined].includes(charset.exec(parameter)?.[1]));
  if (types.includes(type.trim()) && !foreign) return undefined;
  return refuse('Content-Type', given, types.join(', '));
}

function isDeeperThan(limit: number, json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const char = json[index];
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > limit) return true;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return false;
}

/** Throws OperationError for what is no JSON, and for what is nested too deeply. */
export function decodeJson(body: Uint8Array): { readonly text: string; readonly json: unknown } {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    json = JSON.parse(text) as unknown;
  } catch {
    throw parseError();
  }
  if (isDeeperThan(maxDepth, text)) {
    throw invalidRequest([{ field: '', description: `Must not be nested deeper than ${maxDepth} levels` }]);
  }
  return { text, json };
}
