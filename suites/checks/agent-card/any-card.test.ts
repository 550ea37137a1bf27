import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardPayloads } from '../../../protocol/card-canonical.ts';
import { goodCard } from '../../testing/card-answers.ts';
import { signaturesOf } from '../shared/card-signatures.ts';
import { judgeCustomBindings, judgeSharedUrls, judgeUrls, judgeVersions } from './interfaces-declared.ts';
import { judgeShape } from './shape.ts';
import { judgeMediaTypes, judgeSkillIds } from './skills-and-modes.ts';

const anything = fc.jsonValue({ maxDepth: 3 });
const names = [...Object.keys(goodCard), 'documentation_url', 'signatures'];
const members = fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] });
const entry = fc.record(
  {
    url: fc.oneof(anything, fc.webUrl()),
    protocolBinding: fc.oneof(anything, fc.constant('GRPC')),
    protocolVersion: anything,
  },
  { requiredKeys: [] },
);
const card = fc
  .tuple(fc.constantFrom({}, goodCard), members, fc.option(fc.array(entry), { nil: undefined }))
  .map(([base, more, supportedInterfaces]) => ({
    ...base,
    ...more,
    ...(supportedInterfaces && { supportedInterfaces }),
  }));

test('no card whatever makes a judge fail', () => {
  fc.assert(
    fc.property(card, (value) => {
      const judgements = [
        ...Object.values(judgeShape(value)),
        judgeUrls(value, 'https://agent.example.com/.well-known/agent-card.json'),
        judgeVersions(value),
        judgeCustomBindings(value, undefined),
        judgeSharedUrls(value),
        judgeMediaTypes(value),
        judgeSkillIds(value),
      ];
      expect(cardPayloads(value).length + signaturesOf(value).length).toBeGreaterThanOrEqual(0);
      expect(judgements.every(({ reason }) => reason !== '')).toBe(true);
    }),
    { numRuns: 300 },
  );
});
