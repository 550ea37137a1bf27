import type { Level, RequirementRow } from './row.ts';

export type RowSpec = RequirementRow;

type Extra = Pick<RequirementRow, 'bindings' | 'since' | 'until' | 'levels' | 'ambiguity'>;

/** A row that a check measures on a server. */
export const server = (
  id: string,
  level: Level,
  basis: RequirementRow['basis'],
  section: string,
  text: string,
  extra: Extra = {},
): RowSpec => ({ id, level, basis, section, role: 'server', text, ...extra });

/** A row that no run against a server can measure, and why. */
export const unobservable = (
  id: string,
  level: Level,
  basis: RequirementRow['basis'],
  section: string,
  role: RequirementRow['role'],
  text: string,
  why: string,
  extra: Pick<Extra, 'since'> = {},
): RowSpec => ({ id, level, basis, section, role, text, unobservable: why, ...extra });
