import type { Binding } from '../../protocol/operations.ts';

/** One entry of `supportedInterfaces`: what a row is keyed by. */
export interface InterfaceRef {
  readonly binding: Binding | string;
  readonly version: string;
  readonly url: string;
  readonly tenant?: string;
}

export interface Capabilities {
  readonly streaming: boolean;
  readonly pushNotifications: boolean;
  readonly extendedAgentCard: boolean;
  /** URIs of extensions that the card marks `required: true`. */
  readonly requiredExtensions: readonly string[];
}

/** A promise beyond the protocol, made by the user's config or by the embedded fleet; judges `contract:` invariants. */
export type Contract =
  | 'durability'
  | 'exactly-once'
  | 'isolation'
  | 'timestamps'
  | 'stream-adds-up'
  /** What was sent is what is worked on. */
  | 'integrity'
  /** The endpoint works again soon after a fault is over. */
  | 'recovery'
  /** The registry names exactly the agents whose heartbeats come. */
  | 'routing';

/** What discovery learned of the endpoint; a value, made once a run. */
export interface Target {
  /** As the user gave it. */
  readonly url: string;
  readonly cardUrl: string;
  /** The card as parsed JSON; judged, therefore not typed. */
  readonly card: Readonly<Record<string, unknown>>;
  /** Interfaces this run can speak to, in the card's order. */
  readonly interfaces: readonly InterfaceRef[];
  /** Interfaces of the card that this run does not measure, each with the reason. */
  readonly unmeasured: readonly { readonly interface: InterfaceRef; readonly reason: string }[];
  readonly capabilities: Capabilities;
  readonly dialect: 'a2a-1.0';
  readonly contracts: readonly Contract[];
  /** Every connection shows a client certificate of the user's: the agent may know its caller by that alone. */
  readonly showsCertificate?: true;
  /** Absent: the user named none, and the run speaks to whatever tenants the card has. */
  readonly tenants?: NamedTenants;
}

/** Tenants that the user named: those of the card, or where it has none, ones that the user knows of. */
export interface NamedTenants {
  readonly names: readonly string[];
  readonly ofCard: boolean;
}

/** A stable, readable key of an interface: binding, version, URL and tenant. */
export const interfaceKey = (ref: InterfaceRef): string =>
  [ref.binding, ref.version, ref.url, ...(ref.tenant === undefined ? [] : [ref.tenant])].join(' ');
