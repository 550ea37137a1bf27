/** In which way a value is not what the proto and ProtoJSON say of it. */
export const problemKinds = [
  /** A REQUIRED field is absent or null (§5.7). */
  'missing',
  /** A REQUIRED array has no element (§5.7). */
  'empty-array',
  /** A REQUIRED string is "": proto3 cannot tell that from an unset one. */
  'empty-string',
  /** Another JSON type than ProtoJSON gives the field. */
  'type',
  /** `bytes` that are not base64. */
  'base64',
  /** A known field under another name than its camelCase one (§5.5). */
  'name',
  /** A known enum value, or a number, instead of the value's name in the proto (§5.5). */
  'enum-form',
  /** A string that is no value of the enum. */
  'enum-value',
  /** The zero value of an enum that is REQUIRED. */
  'enum-unspecified',
  /** Not ISO 8601 in UTC with the suffix Z (§5.6.1). */
  'timestamp',
  /** Two or more members of one oneof. */
  'oneof-many',
  /** No member of a oneof. */
  'oneof-none',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** One defect of one value; blames one requirement row. */
export interface Problem {
  /** JSON pointer (RFC 6901) from the validated value, with the member names as received; `''` is the value itself. */
  readonly path: string;
  readonly kind: ProblemKind;
  /** Message of `a2a.proto` that holds the field. */
  readonly object: string;
  /** JSON name of the field; undefined where the object as a whole is meant. */
  readonly field: string | undefined;
  /** The requirement row that this is about; null where no row of this release speaks of it. */
  readonly row: string | null;
  readonly expected: string;
  readonly actual: string;
  /** Present where the text allows more than one reading: never more than a warning. */
  readonly readings?: readonly [string, string];
}

const excerptLength = 80;

/** A JSON value on one line, cut to be shown. */
export function excerpt(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text;
}

/** JSON pointer of a path (RFC 6901). */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
