import { agentCardRows } from './agent-card.ts';
import { cancelRows } from './cancel.ts';
import { customBindingRows } from './custom-binding.ts';
import { envelopeRows } from './envelope.ts';
import { errorRows, robustnessRows } from './errors.ts';
import { extensionRows } from './extensions.ts';
import { getRows } from './get.ts';
import { grpcRows } from './grpc.ts';
import { listRows } from './list.ts';
import { equivalenceRows, httpJsonRows } from './http-json.ts';
import { operatorRows } from './operator.ts';
import { pushRows } from './push.ts';
import type { RequirementRow } from './row.ts';
import { schemaRows } from './schema.ts';
import { securityRows } from './security.ts';
import { sendRows } from './send.ts';
import { streamingRows } from './streaming.ts';

/** Every requirement row, by id. */
export const rows: ReadonlyMap<string, RequirementRow> = new Map(
  [
    ...agentCardRows,
    ...envelopeRows,
    ...httpJsonRows,
    ...grpcRows,
    ...equivalenceRows,
    ...customBindingRows,
    ...schemaRows,
    ...sendRows,
    ...getRows,
    ...listRows,
    ...cancelRows,
    ...streamingRows,
    ...pushRows,
    ...operatorRows,
    ...securityRows,
    ...errorRows,
    ...extensionRows,
    ...robustnessRows,
  ].map((row) => [row.id, row]),
);
