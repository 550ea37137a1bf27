import { areaOf } from '../../protocol/requirements/row.ts';
import { isClean, type MutantOutcome } from './matrix.ts';
import type { MatrixReport } from './matrix-report.ts';

/** What a check did to a mutant, the word that stands for it in the table, and what it means. */
const marks = {
  killed: { sign: '●', title: 'named killer, killed it' },
  also: { sign: '○', title: 'accused a row that the mutant breaks, without being named for it' },
  missed: { sign: '✗', title: 'named killer, did not kill it' },
  blamed: { sign: '!', title: 'accused a row that the mutant does not break' },
} as const;
type Mark = keyof typeof marks;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character]!);

function marksOf(outcome: MutantOutcome, named: ReadonlySet<string>): ReadonlyMap<string, Mark> {
  return new Map<string, Mark>([
    ...outcome.killedBy.map((check) => [check, named.has(check) ? 'killed' : 'also'] as const),
    ...outcome.missed.map((check) => [check, 'missed'] as const),
    ...outcome.blamed.map(({ check }) => [check, 'blamed'] as const),
  ]);
}

const verdictOf = (outcome: MutantOutcome): { readonly name: string; readonly words: string } => {
  if (outcome.failure !== undefined) return { name: 'failed', words: outcome.failure };
  if (outcome.blamed.length > 0) {
    return { name: 'blamed', words: outcome.blamed.map(({ requirement }) => requirement).join(', ') };
  }
  if (outcome.missed.length > 0 || outcome.unseen.length > 0) {
    return { name: 'survived', words: [...outcome.missed, ...outcome.unseen].join(', ') };
  }
  return { name: 'killed', words: '' };
};

/** A suite of generated cases is a check of its own name. */
const groupOf = (id: string): string => (id.includes('/') ? areaOf(id) : id);

const labelOf = (id: string): string => (id.includes('/') ? id.slice(areaOf(id).length + 1) : id);

/** The matrix as one HTML page that needs nothing else: mutants down, checks across, by area. */
export function renderHeatMap(report: MatrixReport): string {
  const { outcomes, gaps } = report;
  const cells = outcomes.map((outcome) => ({ outcome, marks: marksOf(outcome, new Set(outcome.named)) }));
  const acting = new Set(cells.flatMap(({ marks: of }) => [...of.keys()]));
  const columns = [...acting].toSorted();
  const groups = [...new Set(columns.map(groupOf))].map((area) => ({
    area,
    size: columns.filter((id) => groupOf(id) === area).length,
  }));
  const opens = new Set(columns.filter((id, index) => index === 0 || groupOf(id) !== groupOf(columns[index - 1]!)));
  const edge = (id: string): string => (opens.has(id) ? ' edge' : '');

  const row = ({ outcome, marks: of }: (typeof cells)[number]): string => {
    const verdict = verdictOf(outcome);
    const tds = columns.map((id) => {
      const mark = of.get(id);
      if (mark === undefined) return `<td class="${edge(id).trim()}"></td>`;
      const { sign, title } = marks[mark];
      return `<td class="${mark}${edge(id)}" title="${escape(`${id}: ${title}`)}">${sign}</td>`;
    });
    return (
      `<tr data-verdict="${verdict.name}"><th scope="row"><b>${escape(outcome.mutant)}</b>` +
      `<span>${escape(outcome.description)}</span></th><td class="verdict ${verdict.name}">` +
      `${verdict.name}${verdict.words === '' ? '' : `<span>${escape(verdict.words)}</span>`}</td>${tds.join('')}</tr>`
    );
  };
  const areas = [...new Set(outcomes.map(({ mutant }) => areaOf(mutant)))];
  const bodies = areas.map((area) => {
    const own = cells.filter(({ outcome }) => areaOf(outcome.mutant) === area);
    const clean = own.filter(({ outcome }) => isClean(outcome)).length;
    return (
      `<tbody><tr class="area"><th scope="rowgroup" colspan="${columns.length + 2}">${escape(area)} ` +
      `<span>${clean} of ${own.length}</span></th></tr>${own.map(row).join('\n')}</tbody>`
    );
  });
  const list = (title: string, ids: readonly string[], none: string): string =>
    `<section><h2>${title}</h2>${
      ids.length === 0
        ? `<p>${none}</p>`
        : `<ul>${ids.map((id) => `<li><code>${escape(id)}</code></li>`).join('')}</ul>`
    }</section>`;
  const clean = outcomes.filter(isClean).length;
  const whole = outcomes.filter(({ scope }) => scope === 'whole').length;

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${clean} of ${outcomes.length} mutants killed — a2a-gauntlet</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Kill matrix</h1>
<p><strong class="${clean === outcomes.length ? 'good' : 'bad'}">${clean} of ${outcomes.length}</strong> mutants${report.target === null ? '' : ` in front of ${escape(report.target)}`} cleanly killed
by ${columns.length} checks · ${whole} of them met the whole catalogue · seed ${report.seed} · a2a-gauntlet ${escape(report.tool.version)} · ${escape(report.startedAt)}</p>
<p class="legend">${Object.entries(marks)
    .map(([name, { sign, title }]) => `<span class="key"><i class="${name}">${sign}</i> ${title}</span>`)
    .join(' ')}</p>
<p><label>Show <input id="words" type="search" placeholder="mutant, check or row"></label>
<label><input id="unclean" type="checkbox"> only what is not cleanly killed</label> <output id="shown"></output></p>
</header>
<main><div class="table" tabindex="0" role="region" aria-label="Mutants and the checks that kill them">
<table>
<thead>
<tr class="areas"><th scope="col" rowspan="2">Mutant</th><th scope="col" rowspan="2">Verdict</th>${groups
    .map(({ area, size }) => `<th scope="colgroup" colspan="${size}" class="edge">${escape(area)}</th>`)
    .join('')}</tr>
<tr class="checks">${columns
    .map((id) => `<th scope="col" class="${edge(id).trim()}"><span>${escape(labelOf(id))}</span></th>`)
    .join('')}</tr>
</thead>
${bodies.join('\n')}
</table>
</div>
</main>
<footer>
${list('Checks that killed nothing', gaps.idleChecks, 'None: every check killed a mutant.')}
${list('MUST requirements that no mutant breaks', gaps.unbrokenRows, 'None: every MUST that is measured has a mutant.')}
${
  report.target === null
    ? ''
    : list(
        'Untried in front of this agent',
        report.untried.map(({ mutant, why }) => `${mutant}: ${why}`),
        'None.',
      )
}
${list(
  'Unsteady: cleanly killed only when looked at again, alone',
  report.unsteady.map(({ mutant }) => mutant),
  'None.',
)}
</footer>
<script>${script}</script>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --ink: #1c2530; --paper: #fff; --line: #dfe4ea; --soft: #f4f6f8; --quiet: #5b6672;
  --good: #16794a; --good-soft: #d6f0e1; --bad: #b3261e; --bad-soft: #fbdcd9; --odd: #8a5a00; --odd-soft: #fdeccb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --paper: #12171d; --line: #2a333d; --soft: #1a212a;
  --quiet: #9aa7b4; --good: #5fd39a; --good-soft: #153d2a; --bad: #ff9b93; --bad-soft: #4a1a17; --odd: #f2c463; --odd-soft: #46330a; } }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, footer { padding: 16px 24px; max-width: 1100px; }
h1 { margin: 0 0 4px; font-size: 22px; } h2 { font-size: 15px; margin: 20px 0 6px; } p { margin: 6px 0; }
strong.good { color: var(--good); } strong.bad { color: var(--bad); }
.legend { color: var(--quiet); } .key { margin-right: 16px; } .key i { display: inline-block; width: 20px; text-align: center; font-style: normal; border-radius: 3px; }
label { margin-right: 16px; } input[type=search] { font: inherit; padding: 3px 8px; width: 260px; }
.table { overflow: auto; max-height: 82vh; border-block: 1px solid var(--line); }
table { border-collapse: separate; border-spacing: 0; }
thead { position: sticky; top: 0; z-index: 2; background: var(--paper); }
thead th { border-bottom: 1px solid var(--line); background: var(--paper); text-align: left; padding: 4px 8px; vertical-align: bottom; }
thead .areas th { color: var(--quiet); font-weight: 600; white-space: nowrap; max-width: 60px; overflow: hidden; text-overflow: ellipsis; font-size: 12px; }
.checks th { height: 150px; width: 22px; min-width: 22px; padding: 4px 0; font-weight: 400; }
.checks th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-size: 12px; }
tbody th, thead tr:first-child th:first-child { position: sticky; left: 0; z-index: 1; background: var(--paper); }
thead tr:first-child th:first-child { z-index: 3; }
tbody th[scope=row] { text-align: left; font-weight: 400; padding: 3px 12px 3px 24px; min-width: 360px; max-width: 420px; border-bottom: 1px solid var(--line); }
tbody th b { display: block; font: 12.5px ui-monospace, monospace; } tbody th span { color: var(--quiet); font-size: 12px; }
.area th { background: var(--soft); text-align: left; padding: 6px 24px; } .area span { color: var(--quiet); font-weight: 400; margin-left: 8px; }
td { text-align: center; border-bottom: 1px solid var(--line); min-width: 22px; padding: 0; }
td.edge, th.edge { border-left: 1px solid var(--line); }
td.verdict { text-align: left; padding: 3px 8px; min-width: 90px; max-width: 240px; } td.verdict span { display: block; font-size: 12px; color: var(--quiet); }
.killed { color: var(--good); } td.killed:not(.verdict), i.killed { background: var(--good-soft); } .also { color: var(--good); }
.missed, .survived, .failed { color: var(--bad); } td.missed, i.missed { background: var(--bad-soft); font-weight: 700; }
.blamed { color: var(--odd); } td.blamed:not(.verdict), i.blamed { background: var(--odd-soft); font-weight: 700; }
tbody tr:hover td:not(.killed):not(.missed):not(.blamed), tbody tr:hover th[scope=row] { background: var(--soft); }
footer ul { columns: 3; padding-left: 18px; } code { font-size: 12.5px; }
`;

const script = `
const words = document.getElementById('words'), unclean = document.getElementById('unclean'), shown = document.getElementById('shown');
const rows = [...document.querySelectorAll('tbody tr[data-verdict]')].map((row) => ({ row, text: (row.textContent + ' ' +
  [...row.querySelectorAll('td[title]')].map((cell) => cell.title).join(' ')).toLowerCase() }));
function show() {
  const wanted = words.value.toLowerCase();
  let count = 0;
  for (const { row, text } of rows) {
    const fits = text.includes(wanted) && !(unclean.checked && row.dataset.verdict === 'killed');
    row.hidden = !fits;
    if (fits) count += 1;
  }
  for (const body of document.querySelectorAll('tbody'))
    body.hidden = ![...body.querySelectorAll('tr[data-verdict]')].some((row) => !row.hidden);
  shown.textContent = count + ' of ' + rows.length + ' shown';
}
words.addEventListener('input', show); unclean.addEventListener('change', show); show();
`;
