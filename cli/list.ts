import type { Check } from '../core/engine/check.ts';
import type { Invariant } from '../core/invariants/invariant.ts';
import type { Selected } from '../compose/selection.ts';
import { areaOf, areas, type RequirementRow } from '../protocol/requirements/row.ts';
import { plural, wrap } from '../reports/text.ts';

interface Catalogue {
  readonly checks: readonly Check[];
  readonly invariants: readonly Invariant[];
  readonly rows: ReadonlyMap<string, RequirementRow>;
}

const width = 100;

/** The selected checks by area, each with title, needs and requirements. */
export function renderCheckList({ checks, invariants, rows }: Catalogue, selected: Selected): string {
  const entries = [
    ...checks.map((check) => ({
      ...pick(check),
      notes: [
        ...check.needs.map((need) => `needs ${need.description}`),
        ...(check.intrusive === true ? ['needs --intrusive'] : []),
        ...(check.exclusive === true ? ['runs alone'] : []),
        ...(check.scope === 'target' ? ['once a target'] : []),
      ],
    })),
    ...invariants.map((invariant) => ({ ...pick(invariant), notes: ['judges every exchange of the run'] })),
  ]
    .filter(({ id }) => selected.check(id))
    .map((entry) => ({
      ...entry,
      requirements: entry.requirements.filter((id) => selected.row(rows.get(id)!, entry.id)),
    }));
  const order: readonly string[] = [...areas, 'invariants'];
  const groups = order.flatMap((area) => {
    const ofArea = entries.filter(({ id }) => areaOf(id) === area);
    return ofArea.length === 0 ? [] : [{ area, ofArea }];
  });
  const count = new Set(entries.flatMap(({ requirements }) => requirements)).size;
  return [
    ...groups.flatMap(({ area, ofArea }) => [
      area,
      ...ofArea.flatMap(({ id, title, notes, requirements }) => [
        `  ${id}`,
        ...indented(title, 6),
        ...(notes.length === 0 ? [] : indented(notes.join('; '), 6)),
        ...indented(`measures ${requirements.join(', ')}`, 6),
      ]),
      '',
    ]),
    `${plural(entries.length, 'check')}, ${plural(count, 'requirement')}`,
    '',
  ].join('\n');
}

const pick = ({ id, title, requirements }: Pick<Check, 'id' | 'title' | 'requirements'>) => ({
  id,
  title,
  requirements,
});

const indented = (text: string, by: number): readonly string[] =>
  wrap(text, width - by).map((line) => `${' '.repeat(by)}${line}`);
