import type { FieldViolation } from './errors.ts';
import { invalidParams } from './errors.ts';
import type { Field, MessageType } from './proto-json.ts';
import { protoName } from './proto-json.ts';
import { versionParameter } from './service-parameters.ts';

/** Request messages of HTTP+JSON, put together as ProtoJSON from path, query and body (§11.5). */

type Json = Readonly<Record<string, unknown>>;

const fieldOf = (type: MessageType, name: string): Field | undefined =>
  Object.entries(type.fields).find(([jsonName]) => jsonName === name || protoName(jsonName) === name)?.[1];

/** A parameter as ProtoJSON would have it; what is no such value stays as it is, for the validation to refuse. */
function valueOf(field: Field | undefined, text: string): unknown {
  if (field?.kind === 'bool' && (text === 'true' || text === 'false')) return text === 'true';
  // ProtoJSON knows enums by their numbers too.
  if (field?.kind === 'enum' && /^\d+$/.test(text)) return Number(text);
  return text;
}

/** No field of a request without a body is repeated, so that each is given once; unknown ones are for the validation. */
export function readQuery(type: MessageType, query: URLSearchParams): Json {
  const found: FieldViolation[] = [];
  const request: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    if (name.toLowerCase() === versionParameter) continue;
    const field = fieldOf(type, name);
    const [text = '', ...more] = query.getAll(name);
    if (field && more.length > 0) found.push({ field: name, description: 'Given more than once' });
    request[name] = valueOf(field, text);
  }
  if (found.length > 0) throw invalidParams(found);
  return request;
}

/** The fields in the path, decoded. */
export function readPath(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const decode = ([name, text]: [string, string]): [string, string] => {
    try {
      return [name, decodeURIComponent(text)];
    } catch {
      throw invalidParams([{ field: name, description: 'Must be percent-encoded UTF-8 in the path' }]);
    }
  };
  return Object.fromEntries(Object.entries(fields).map(decode));
}

/** The path names what the request is about; body or query may say the same, and nothing else. */
export function withPath(given: unknown, path: Readonly<Record<string, string>>): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const request: Record<string, unknown> = { ...given };
  const found: FieldViolation[] = [];
  for (const [name, value] of Object.entries(path)) {
    for (const spelling of new Set([name, protoName(name)])) {
      const other = request[spelling];
      if (other !== undefined && other !== null && other !== '' && other !== value) {
        found.push({ field: name, description: `Must be absent, or '${value}' as in the path` });
      }
      delete request[spelling];
    }
    request[name] = value;
  }
  if (found.length > 0) throw invalidParams(found);
  return request;
}
