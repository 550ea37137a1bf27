import { agentCardMutants } from './agent-card.ts';
import { cardSignatureMutants } from './card-signatures.ts';
import { cancelMutants } from './cancel.ts';
import { envelopeMutants } from './envelope.ts';
import { errorMutants } from './errors.ts';
import { extendedCardMutants } from './extended-card.ts';
import { extensionMutants } from './extensions.ts';
import { generatedMutants } from './generated.ts';
import { getMutants } from './get.ts';
import { grpcErrorMutants } from './grpc-errors.ts';
import { grpcMessageMutants } from './grpc-messages.ts';
import { grpcMutants } from './grpc.ts';
import { equivalenceMutants, httpJsonMutants } from './http-json.ts';
import { intermittentMutants } from './intermittent.ts';
import { listMutants } from './list.ts';
import type { Mutant } from './mutant.ts';
import { pushConfigMutants } from './push-configs.ts';
import { pushDeliveryMutants } from './push-deliveries.ts';
import { raceMutants } from './races.ts';
import { reportedMutants } from './reported-bugs.ts';
import { reportedTaskMutants } from './reported-tasks.ts';
import { schemaMutants } from './schema.ts';
import { securityMutants } from './security.ts';
import { sendMutants } from './send.ts';
import { streamingMutants } from './streaming.ts';
import { webhookRequestMutants } from './webhook-requests.ts';

/** Every mutant of the checks of the catalogue; ids are unique, those of suites included. */
export const mutants: readonly Mutant[] = [
  ...agentCardMutants,
  ...cardSignatureMutants,
  ...extendedCardMutants,
  ...envelopeMutants,
  ...httpJsonMutants,
  ...grpcMutants,
  ...grpcErrorMutants,
  ...grpcMessageMutants,
  ...equivalenceMutants,
  ...schemaMutants,
  ...sendMutants,
  ...getMutants,
  ...listMutants,
  ...cancelMutants,
  ...streamingMutants,
  ...pushConfigMutants,
  ...pushDeliveryMutants,
  ...securityMutants,
  ...errorMutants,
  ...extensionMutants,
  ...reportedMutants,
  ...reportedTaskMutants,
  ...webhookRequestMutants,
];

/** Those that no check of the catalogue asks for: a suite of generated cases has to meet them. */
export const suiteMutants: readonly Mutant[] = [...generatedMutants, ...raceMutants, ...intermittentMutants];

export function findMutant(id: string): Mutant | undefined {
  return mutants.find((mutant) => mutant.id === id);
}
