import { defineTargetCheck } from '../../../core/engine/check.ts';
import { ambiguous, holds, skip, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { hostOf, isLoopback, isThisMachine, isUnspecified } from '../../../fixtures/guest/hosts.ts';
import type { PatchRelease } from '../../../protocol/errors.ts';
import { standardBindings, type Binding } from '../../../protocol/operations.ts';
import { fetchCardAgain, objectsIn, type Json } from './fetch-card.ts';

type Readings = readonly [string, string];

/** What may be said against one declared URL: a defect, or a doubt with its readings. */
type UrlProblem = { readonly said: string; readonly readings?: Readings };

const isStandard = (binding: unknown): binding is Binding => standardBindings.includes(binding as Binding);

const isHttpUrl = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);

/** `localhost:50051`, `dns:///agent.example.com`: what gRPC libraries call a target. */
const isGrpcTarget = (url: string): boolean => /^[^\s/]+:\d+$/.test(url) || /^[a-z][a-z0-9+.-]*:/i.test(url);

/** A relative reference (RFC 3986 §4.2): no scheme, and a place once it is resolved. */
const isRelative = (url: string, base: string): boolean => !/^[a-z][a-z0-9+.-]*:/i.test(url) && URL.canParse(url, base);

function urlProblem(binding: unknown, url: string, cardUrl: string): UrlProblem | null {
  const overHttp = isHttpUrl(url);
  if (binding === 'GRPC' && !overHttp && isGrpcTarget(url)) {
    return {
      said: 'is a gRPC target, no URL with a scheme of the web',
      readings: [
        'a2a.proto AgentInterface.url: a valid absolute HTTPS URL in production',
        'gRPC clients take a target name, which has no such form',
      ],
    };
  }
  if (!URL.canParse(url) && isRelative(url, cardUrl)) {
    return {
      said: 'is relative',
      readings: [
        'a2a.proto AgentInterface.url: a valid absolute HTTPS URL in production',
        'whether this is production cannot be seen; RFC 3986 §5.1.3 resolves it against where the card was retrieved',
      ],
    };
  }
  if (isStandard(binding) && !overHttp) return { said: 'is no absolute http or https URL' };
  if (!URL.canParse(url)) return { said: 'is no absolute URL' };
  const host = hostOf(url) ?? '';
  const cardHost = hostOf(cardUrl) ?? '';
  if (isUnspecified(host)) {
    return {
      said: 'names the unspecified address, on which a server listens',
      readings: [
        'RFC 6890: 0.0.0.0 and :: are no destinations, so the interface is not accurately declared (§8.3.1)',
        'some systems connect it to the machine of the client',
      ],
    };
  }
  if (isLoopback(host) && !isThisMachine(cardHost)) {
    return {
      said: `is on the machine of whoever reads the card, which came from ${cardHost}`,
      readings: [
        '§8.3.1: the URL is declared accurately, for every client',
        'a tunnel or a container may make it right for this client',
      ],
    };
  }
  if (overHttp && cardUrl.startsWith('https:') && !/^https:/i.test(url)) {
    return {
      said: 'is plain http, although the card came over https',
      readings: [
        'a2a.proto AgentInterface.url, §7.1: absolute HTTPS URLs in production',
        'whether this is production cannot be seen from outside',
      ],
    };
  }
  return null;
}

const interfacesOf = (card: Json) => objectsIn(card['supportedInterfaces']);

export function judgeUrls(card: Json, cardUrl: string, ...evidence: readonly Exchange[]): Judgement {
  const found = interfacesOf(card).flatMap(({ index, value: { protocolBinding, url } }) => {
    const problem = typeof url === 'string' && url !== '' ? urlProblem(protocolBinding, url, cardUrl) : null;
    return problem === null ? [] : [{ ...problem, line: `supportedInterfaces[${index}].url ${JSON.stringify(url)}` }];
  });
  const certain = found.filter(({ readings }) => readings === undefined);
  if (certain.length > 0) {
    return violated(
      {
        reason: certain.map(({ line, said }) => `${line} ${said}`).join('; '),
        expected: 'the absolute URL where the interface is available',
        actual: certain.map(({ line }) => line).join('; '),
      },
      ...evidence,
    );
  }
  const [doubtful] = found;
  if (doubtful?.readings !== undefined)
    return ambiguous(`${doubtful.line} ${doubtful.said}`, doubtful.readings, ...evidence);
  return holds('every interface has an absolute URL', ...evidence);
}

export function judgeVersions(card: Json, ...evidence: readonly Exchange[]): Judgement {
  const versions = interfacesOf(card).flatMap(({ value: { protocolVersion } }) =>
    typeof protocolVersion === 'string' ? protocolVersion : [],
  );
  const wrong = versions.filter((version) => !/^\d+\.\d+$/.test(version));
  if (wrong.length === 0) return holds(`protocol versions ${[...new Set(versions)].join(', ')}`, ...evidence);
  return violated(
    {
      reason: wrong.every((version) => /^\d+\.\d+\.\d+/.test(version))
        ? 'a protocol version has a patch number'
        : 'a protocol version is not Major.Minor',
      expected: 'Major.Minor, like 1.0',
      actual: wrong.map((version) => JSON.stringify(version)).join(', '),
    },
    ...evidence,
  );
}

const nameReadings: Readings = [
  'v1.0.1 §5.8: a custom binding SHOULD be identified by a URI',
  'v1.0.0 §12.7: a clear, descriptive transport name',
];

export function judgeCustomBindings(
  card: Json,
  patch: PatchRelease | undefined,
  ...evidence: readonly Exchange[]
): Judgement {
  const custom = interfacesOf(card).flatMap(({ value: { protocolBinding } }) =>
    typeof protocolBinding === 'string' && protocolBinding !== '' && !isStandard(protocolBinding)
      ? protocolBinding
      : [],
  );
  if (custom.length === 0) return skip('the card declares no custom binding');
  const nameless = custom.filter((binding) => !/^[a-z][a-z0-9+.-]*:\S/i.test(binding));
  if (nameless.length === 0) return holds(`custom bindings are identified by URIs: ${custom.join(', ')}`, ...evidence);
  const reason = 'a binding is none of the protocol’s own and is not identified by a URI';
  const actual = nameless.map((binding) => JSON.stringify(binding)).join(', ');
  return patch === undefined
    ? ambiguous(`${reason}: ${actual}`, nameReadings, ...evidence)
    : violated({ reason, expected: `${standardBindings.join(', ')}, or a URI`, actual }, ...evidence);
}

export function judgeSharedUrls(card: Json, ...evidence: readonly Exchange[]): Judgement {
  const urls = interfacesOf(card).flatMap(({ value: { url } }) => (typeof url === 'string' ? url : []));
  const shared = urls.length - new Set(urls).size;
  return holds(shared === 0 ? 'no URL is shared' : `${shared} interfaces share the URL of another`, ...evidence);
}

export const interfacesDeclared = defineTargetCheck({
  id: 'agent-card/interfaces-declared',
  title: 'Interfaces are declared with usable URLs, versions and binding names',
  requirements: [
    'agent-card/interface-url',
    'agent-card/protocol-version',
    'agent-card/custom-binding-uri',
    'agent-card/shared-url',
  ],
  needs: [],
  probe: fetchCardAgain,
  judge: ({ card, exchange }, { target, specPatch }) => ({
    'agent-card/interface-url': judgeUrls(card, target.cardUrl, exchange),
    'agent-card/protocol-version': judgeVersions(card, exchange),
    'agent-card/custom-binding-uri': judgeCustomBindings(card, specPatch, exchange),
    'agent-card/shared-url': judgeSharedUrls(card, exchange),
  }),
});
