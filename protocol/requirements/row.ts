import type { Binding } from '../operations.ts';
import { patchReleases, type PatchRelease } from '../errors.ts';

/** The areas that rows, checks and mutants are filed under. */
export const areas = [
  'agent-card',
  'envelope',
  'http-json',
  'grpc',
  'equivalence',
  'schema',
  'send',
  'get',
  'list',
  'cancel',
  'streaming',
  'push',
  'security',
  'errors',
  'extensions',
  'robustness',
] as const;
export type Area = (typeof areas)[number];

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/**
 * One normative statement of the pinned text.
 *
 * `stated`: a sentence with an RFC 2119 keyword. `defined`: what the text makes normative without one: the proto and its
 * required fields, the method, path and error tables, the list of states, JSON-RPC 2.0, HTTP, SSE and the RFCs by reference.
 */
export interface RequirementRow {
  /** `<area>/<kebab-case>`; the area is the part before the slash. */
  readonly id: string;
  readonly level: Level;
  readonly basis: 'stated' | 'defined';
  /** Section of the pinned text (`§3.1.2`), or `a2a.proto <Message>.<field>`, or `JSON-RPC 2.0 §5`. */
  readonly section: string;
  readonly role: 'server' | 'client' | 'tooling' | 'custom-binding author' | 'operator';
  /** A paraphrase, one sentence. */
  readonly text: string;
  /** Bindings on which it can be measured; absent: all, or the card. */
  readonly bindings?: readonly Binding[];
  /** The first patch release that says so, and the last; a run that is held to another one leaves the row out. */
  readonly since?: PatchRelease;
  readonly until?: PatchRelease;
  /** Levels in patch releases that say the same with another keyword. */
  readonly levels?: Readonly<Partial<Record<PatchRelease, Level>>>;
  /** Id of an ambiguity (`protocol/ambiguities.ts`) whose readings are all accepted. */
  readonly ambiguity?: string;
  /** Why no run against a server can measure it. Absent: some check measures it (a test holds that complete). */
  readonly unobservable?: string;
}

const place = (patch: PatchRelease): number => patchReleases.indexOf(patch);

/** Whether a patch release has the row; without one, every row is of it. */
export const isOfPatch = ({ since, until }: Pick<RequirementRow, 'since' | 'until'>, patch?: PatchRelease): boolean =>
  patch === undefined ||
  ((since === undefined || place(since) <= place(patch)) && (until === undefined || place(patch) <= place(until)));

/** The rows with the levels of a patch release; without one, those of the pinned text. */
export const rowsOfPatch = (
  rows: ReadonlyMap<string, RequirementRow>,
  patch?: PatchRelease,
): ReadonlyMap<string, RequirementRow> =>
  patch === undefined
    ? rows
    : new Map([...rows].map(([id, row]) => [id, { ...row, level: row.levels?.[patch] ?? row.level }]));

export const areaOf = (rowId: string): Area => rowId.slice(0, rowId.indexOf('/')) as Area;
