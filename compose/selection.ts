import type { Selection } from '../core/engine/plan.ts';
import type { PatchRelease } from '../protocol/errors.ts';
import { areaOf, isOfPatch, type RequirementRow } from '../protocol/requirements/row.ts';

/** What of the catalogue a run is about; patterns match the id of a check, a row or an area, `*` stands for anything. */
export interface SelectOptions {
  /** What matches none of these is left out; absent or empty: everything is in. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** `MUST` leaves out SHOULD and MAY, `SHOULD` leaves out MAY. */
  readonly level?: 'MUST' | 'SHOULD';
  /** Leaves out what another patch release says alone. */
  readonly specPatch?: PatchRelease;
}

/** What can be selected from. */
export interface Selectable {
  readonly subjects: readonly { readonly id: string; readonly requirements: readonly string[] }[];
  readonly rows: ReadonlyMap<string, RequirementRow>;
}

/** A pattern that nothing matches, or a selection that leaves nothing; one line. */
export class SelectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SelectionError';
  }
}

export interface Selected extends Selection {
  check(id: string): boolean;
  row(row: RequirementRow, subject: string): boolean;
  /** The rows that the run speaks of: for the counts of the report. */
  readonly rows: readonly RequirementRow[];
  /** Everything is selected. */
  readonly everything: boolean;
}

type Matcher = (id: string) => boolean;

function matcher(pattern: string): Matcher {
  const literals = pattern.split('*').map((literal) => literal.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const whole = new RegExp(`^${literals.join('.*')}$`, 'i');
  return (id) => whole.test(id) || whole.test(areaOf(id));
}

/**
 * A row as measured by one check is in where some `only` pattern matches the row or the check (by id or area), no `skip`
 * pattern matches either, and its level is wanted.
 *
 * @throws SelectionError for a pattern that matches no check, row or area, or where nothing is left.
 */
export function select(
  { only = [], skip = [], level, specPatch }: SelectOptions,
  { subjects, rows }: Selectable,
): Selected {
  const ids = [...subjects.map(({ id }) => id), ...rows.keys()];
  const compile = (flag: string, patterns: readonly string[]): readonly Matcher[] =>
    patterns.map((pattern) => {
      const matches = matcher(pattern.trim());
      if (ids.some(matches)) return matches;
      throw new SelectionError(
        `${flag} ${pattern} matches no check, requirement or area; list them with: a2a-gauntlet check --list`,
      );
    });
  const wanted = compile('--only', only);
  const unwanted = compile('--skip', skip);
  const levels: readonly string[] = level === 'MUST' ? ['MUST'] : level === 'SHOULD' ? ['MUST', 'SHOULD'] : [];

  const isIn = (...ids: readonly string[]): boolean =>
    (wanted.length === 0 || wanted.some((matches) => ids.some(matches))) &&
    !unwanted.some((matches) => ids.some(matches));
  const isDemanded = (row: RequirementRow): boolean =>
    (levels.length === 0 || levels.includes(row.level)) && isOfPatch(row, specPatch);
  const selects = (row: RequirementRow, subject: string): boolean => isDemanded(row) && isIn(row.id, subject);

  const measuredBy = Map.groupBy(
    subjects.flatMap(({ id, requirements }) => requirements.map((row) => ({ id, row }))),
    ({ row }) => row,
  );
  const selectedRows = [...rows.values()].filter((row) => {
    const by = measuredBy.get(row.id) ?? [];
    return by.length === 0 ? isDemanded(row) && isIn(row.id) : by.some(({ id }) => selects(row, id));
  });
  const checksIn = new Set(
    subjects
      .filter(({ id, requirements }) =>
        requirements.some((requirement) => {
          const row = rows.get(requirement);
          return row === undefined || selects(row, id);
        }),
      )
      .map(({ id }) => id),
  );
  if (checksIn.size === 0) throw new SelectionError('--only, --skip and --level together leave no check to run');
  return {
    check: (id) => checksIn.has(id),
    row: selects,
    rows: selectedRows,
    everything: only.length + skip.length + levels.length === 0,
  };
}
