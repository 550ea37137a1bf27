import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import type { Binding } from '../../../protocol/operations.ts';
import { worst } from '../shared/refusal.ts';
import type { BadInput } from './bad-input-kind.ts';
import { grpcBadInputs } from './bad-inputs-grpc.ts';
import { httpJsonBadInputs } from './bad-inputs-http-json.ts';
import { jsonRpcBadInputs } from './bad-inputs-json-rpc.ts';
import { isAlive, judgeAlive, judgeAnswered, noControl, offer, type Survival } from './survival.ts';

const badInputs: Readonly<Partial<Record<Binding, (unknownId: string) => readonly BadInput[]>>> = {
  JSONRPC: jsonRpcBadInputs,
  'HTTP+JSON': httpJsonBadInputs,
  GRPC: grpcBadInputs,
};

/** §3.3.2: whatever comes in, the agent answers, and goes on. */
export const badInput = defineCheck({
  id: 'robustness/bad-input',
  title: 'Broken JSON, wrong types, depth, huge numbers, odd characters; a good request after each',
  requirements: ['robustness/bad-input-answered', 'robustness/answers-after-bad-input'],
  bindings: Object.keys(badInputs) as Binding[],
  needs: [],
  // An agent that does not survive it would take the other checks along.
  exclusive: true,

  probe: (context: ProbeContext): Promise<Survival> =>
    offer(context, badInputs[context.interface.binding as Binding]?.(context.id('unknown')) ?? []),

  judge({ before, groups }) {
    if (!isAlive(before)) {
      const none = noControl({ before });
      return { 'robustness/bad-input-answered': none, 'robustness/answers-after-bad-input': none };
    }
    return {
      'robustness/bad-input-answered': worst(
        groups.filter(({ invalid }) => invalid).map((group) => judgeAnswered(group)),
      ),
      'robustness/answers-after-bad-input': worst(groups.map(judgeAlive)),
    };
  },
});
