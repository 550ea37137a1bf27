import { operations, type HttpRoute, type Operation } from '../../../protocol/operations.ts';
import type { CallResult } from '../binding-client.ts';
import type { TenantPlace } from './request-mapping.ts';

/** v1.0.1 §11.1: SHOULD be used; v1.0.0 has the plain one. */
export const mediaTypes = ['application/a2a+json', 'application/json'] as const;

/** One of the ways in which the text lets a client write a request. */
export interface Way {
  readonly route: HttpRoute;
  readonly tenantPlace: TenantPlace;
  readonly mediaType: (typeof mediaTypes)[number];
}

/** One try; without a plain answer a stream was opened. */
export interface Tried<Answer> {
  readonly answer: Answer;
  readonly plain?: CallResult;
}

const statusOf = ({ exchange }: CallResult): number => exchange.response?.status ?? 0;

/** An error that names itself was written by the agent, and not by a web server that lacks a path or a method. */
const namesItself = ({ reply }: CallResult): boolean => reply.kind === 'error' && reply.error.name !== undefined;

const isNoRoute = (answer: CallResult): boolean => [404, 405, 501].includes(statusOf(answer)) && !namesItself(answer);

const isUnsupportedMediaType = (answer: CallResult): boolean =>
  statusOf(answer) === 415 && answer.exchange.request.body !== null && !namesItself(answer);

/** Of several refusals of one request: an error of the API says more than a page, and a page more than 405. */
function telling({ plain }: Tried<unknown>): number {
  if (plain === undefined || plain.reply.kind === 'result') return 0;
  const noMethod = [405, 501].includes(statusOf(plain));
  return (plain.reply.kind === 'error' ? 1 : 2) + (noMethod ? 2 : 0);
}

/**
 * Where the text has two ways of writing a request (the method of SubscribeToTask, the place of the tenant, the media type),
 * both are right: the other one is tried where the server does not know the first, and kept where it works. One per client.
 */
export interface Ways {
  /** Asks in one way after the other until the server knows one; the last resort is the most telling refusal. */
  ask<Answer>(operation: Operation, send: (way: Way) => Promise<Tried<Answer>>): Promise<Answer>;
  /** The same for a request that is written by hand: in the way that is known to work, or with the other media type. */
  askRaw(send: (way: Pick<Way, 'tenantPlace' | 'mediaType'>) => Promise<CallResult>): Promise<CallResult>;
}

export function createWays(hasTenant: boolean): Ways {
  const known = new Map<Operation, Way>();
  let best: Pick<Way, 'tenantPlace' | 'mediaType'> | undefined;
  const first = { tenantPlace: hasTenant ? 'path' : 'field', mediaType: mediaTypes[0] } as const;

  const candidates = (operation: Operation): readonly Way[] => {
    const way = known.get(operation);
    if (way !== undefined) return [way];
    const { tenantPlace, mediaType } = best ?? first;
    const places: readonly TenantPlace[] = best === undefined && hasTenant ? ['path', 'field'] : [tenantPlace];
    return places.flatMap((place) =>
      operations[operation].routes.map((route): Way => ({ route, tenantPlace: place, mediaType })),
    );
  };

  return {
    async askRaw(send) {
      const way = best ?? first;
      const answer = await send(way);
      if (!isUnsupportedMediaType(answer) || way.mediaType === mediaTypes[1]) return answer;
      return send({ ...way, mediaType: mediaTypes[1] });
    },

    async ask(operation, send) {
      const tried: Awaited<ReturnType<typeof send>>[] = [];
      const open = [...candidates(operation)];
      for (let way = open.shift(); way !== undefined; way = open.shift()) {
        const one = await send(way);
        tried.push(one);
        const { plain } = one;
        if (plain !== undefined && isUnsupportedMediaType(plain) && way.mediaType !== mediaTypes[1]) {
          open.unshift({ ...way, mediaType: mediaTypes[1] });
        } else if (plain === undefined || !isNoRoute(plain)) {
          if (plain === undefined || plain.reply.kind === 'result' || namesItself(plain)) {
            known.set(operation, way);
            best = way;
          }
          return one.answer;
        }
      }
      return tried.toSorted((a, b) => telling(a) - telling(b))[0]!.answer;
    },
  };
}
