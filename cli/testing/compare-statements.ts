import { readFileSync } from 'node:fs';
import { statementsOfProto, statementsOfText } from '../../protocol/statements/testing/extract.ts';
import { compareStatements, indexKey, statementIndex } from '../../protocol/statements/testing/statement-index.ts';

/*
 * Holds the index against a copy of the text: `node cli/testing/compare-statements.ts specification.md a2a.proto`.
 * Of a new patch release it shows what is new, changed (as gone and new) and gone. Exit 1 where they differ.
 */
const [specification, proto] = process.argv.slice(2);
if (specification === undefined || proto === undefined) {
  process.stderr.write('usage: node cli/testing/compare-statements.ts <specification.md> <a2a.proto>\n');
  process.exit(2);
}
const text = [
  ...statementsOfText(readFileSync(specification, 'utf8')),
  ...statementsOfProto(readFileSync(proto, 'utf8')),
];
const index = statementIndex();
const { added, gone } = compareStatements(text, index);
for (const statement of added) process.stdout.write(`new   ${statement.section}  ${indexKey(statement)}\n`);
for (const statement of gone) process.stdout.write(`gone  ${statement.section}  ${indexKey(statement)}\n`);
process.stdout.write(
  `${text.length} statements, ${index.length} in the index, ${added.length} new, ${gone.length} gone\n`,
);
process.exitCode = added.length + gone.length === 0 ? 0 : 1;
