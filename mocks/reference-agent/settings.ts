import type { Binding } from './bindings.ts';
import type { Fault } from './hooks.ts';

/** Ready-made variants of the agent; several may be combined, later ones win. */
export const profiles = [
  'full',
  'minimal',
  'extended-unconfigured',
  'required-extension',
  'bearer',
  'text-only',
  'basic',
  'api-key',
  'tenants',
] as const;
export type Profile = (typeof profiles)[number];

/** How credentials travel: as a bearer token, as the password of a principal, or in a header field of their own. */
export type CredentialScheme = 'bearer' | 'basic' | 'api-key';

/** Where an API key is sent (`a2a.proto APIKeySecurityScheme.location`). */
export type ApiKeyLocation = 'header' | 'query' | 'cookie';

/** A token that the agent knows. */
export interface Credential {
  readonly token: string;
  /** Tasks belong to principals. */
  readonly principal: string;
  /** Whether the extended card may be read (otherwise HTTP 403). */
  readonly extendedCard: boolean;
}

export interface LogEntry {
  readonly level: 'error' | 'warn';
  readonly event: string;
  readonly detail?: string;
}

export interface ReferenceAgentOptions {
  /** Default `full`. */
  readonly profile?: Profile | readonly Profile[];
  /** What the agent speaks, in the order of the card, which is that of its preference (§8.3.1); default JSON-RPC only. */
  readonly bindings?: readonly Binding[];
  /** TCP port; default 0, chosen by the OS. */
  readonly port?: number;
  /** Address that the server listens on; default 127.0.0.1. */
  readonly host?: string;
  /** TCP port of gRPC, which has one of its own; default 0, chosen by the OS. */
  readonly grpcPort?: number;
  /** Base URL for the card and the registry where it is not the server's own: behind a proxy. */
  readonly publicUrl?: string;
  /** URL of gRPC for the card where it is not the server's own. */
  readonly publicGrpcUrl?: string;
  /** TLS on every port; default none. */
  readonly tls?: TlsOptions;
  /** Base URL of the registry that the agent makes itself known to; default none. */
  readonly registryUrl?: string;
  /** Pause between two heartbeats to the registry, in ms; default 60,000. */
  readonly heartbeatMs?: number;
  /** SQLite file in which tasks outlive the process, which goes on with them; default: tasks are in memory only. */
  readonly storeFile?: string;
  /** The same message again is answered with the task that it made (§3.3.1); default: where there is a `storeFile`. */
  readonly recogniseDuplicates?: boolean;
  /** How long a long-running task runs, in ms; default 1500. */
  readonly longRunningMs?: number;
  /** Pause between two updates of the other behaviours, in ms; default 5. */
  readonly stepMs?: number;
  /** After this many ms a behaviour that waits for a cancel gives up (FAILED); default 300,000. */
  readonly abandonAfterMs?: number;
  /** Pause between comment lines on an idle event stream, in ms; default 15,000. */
  readonly keepAliveMs?: number;
  /** Largest request body in bytes; default 4 MiB. */
  readonly maxBodyBytes?: number;
  /** Number of tasks kept before old terminal ones are purged; default 100,000. */
  readonly taskCapacity?: number;
  /** Tenants of the card's interfaces, one of which is demanded of every request (§8.3.2); default none. */
  readonly tenants?: readonly string[];
  /** Tokens for the extended card and the profiles that demand one; default `reference-token`, `second-token`, `limited-token`. */
  readonly credentials?: readonly Credential[];
  /** Of the profile `api-key`; default `header`. gRPC has no parameters of the URL. */
  readonly apiKeyLocation?: ApiKeyLocation;
  readonly push?: PushOptions;
  /** What breaks the agent (a mutant); default nothing. */
  readonly fault?: Fault;
  /** Default: nothing is logged. */
  readonly log?: (entry: LogEntry) => void;
}

export interface TlsOptions {
  /** PEM of the certificate, and of those between it and its authority. */
  readonly cert: string;
  /** PEM of its private key. */
  readonly key: string;
  /** Asks clients for a certificate of their own (mutual TLS); default: nobody is asked. */
  readonly clients?: {
    /** PEM of the authorities that are trusted. */
    readonly ca: string;
    /** `required`: nobody else is let in, and the card says so. `requested`: others are served all the same. */
    readonly certificate: 'required' | 'requested';
  };
}

export interface PushOptions {
  /** Attempts for one notification; default 3. */
  readonly attempts?: number;
  /** Pause before the second attempt in ms, doubled for each further one; default 200. */
  readonly backoffMs?: number;
  /** Limit of one attempt in ms; default 10,000 (§4.3.3). */
  readonly timeoutMs?: number;
  /** Webhooks on loopback addresses: allowed by default, since this agent lives there itself. Other private ranges never. */
  readonly allowLoopback?: boolean;
}

/** The options with every default and profile applied. */
export interface Settings {
  readonly bindings: readonly Binding[];
  readonly port: number;
  readonly grpcPort: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly publicGrpcUrl: string | undefined;
  readonly tls: TlsOptions | undefined;
  readonly registryUrl: string | undefined;
  readonly heartbeatMs: number;
  readonly storeFile: string | undefined;
  readonly recogniseDuplicates: boolean;
  readonly longRunningMs: number;
  readonly stepMs: number;
  readonly abandonAfterMs: number;
  readonly keepAliveMs: number;
  readonly maxBodyBytes: number;
  readonly taskCapacity: number;
  /** None: requests name no tenant. Each has tasks of its own. */
  readonly tenants: readonly string[];
  readonly credentials: readonly Credential[];
  readonly apiKeyLocation: ApiKeyLocation;
  readonly push: Required<PushOptions>;
  readonly fault: Fault | undefined;
  readonly log: (entry: LogEntry) => void;
  readonly capabilities: Capabilities;
  /** Credentials on every operation. */
  readonly requireAuthentication: boolean;
  readonly scheme: CredentialScheme;
  /** Media types accepted in message parts. */
  readonly inputModes: readonly string[];
}

export interface Capabilities {
  /** Undefined: absent from the card. */
  readonly streaming: boolean | undefined;
  readonly pushNotifications: boolean | undefined;
  readonly extendedCard: 'configured' | 'unconfigured' | 'absent';
  readonly requiredExtension: string | undefined;
  /** One that changes what the agent sends, for those who ask for it. */
  readonly optionalExtension: string | undefined;
  readonly signed: boolean;
}

/** Artifacts say in their metadata how many parts they were sent with. */
export const optionalExtensionUri = 'https://example.com/extensions/part-count/v1';

export const requiredExtensionUri = 'https://example.com/extensions/required/v1';

/** Whom an agent of a profile that demands credentials knows, unless told. */
export const defaultCredentials: readonly Credential[] = [
  { token: 'reference-token', principal: 'reference-user', extendedCard: true },
  { token: 'second-token', principal: 'second-user', extendedCard: true },
  { token: 'limited-token', principal: 'limited-user', extendedCard: false },
];

interface ProfileSettings {
  readonly capabilities: Capabilities;
  readonly requireAuthentication: boolean;
  readonly scheme: CredentialScheme;
  readonly tenants: readonly string[];
  readonly inputModes: readonly string[];
}

const full: ProfileSettings = {
  capabilities: {
    streaming: true,
    pushNotifications: true,
    extendedCard: 'configured',
    requiredExtension: undefined,
    optionalExtension: optionalExtensionUri,
    signed: true,
  },
  requireAuthentication: false,
  scheme: 'bearer',
  tenants: [],
  inputModes: ['text/plain', 'application/json', 'image/png', 'application/octet-stream'],
};

function applyProfile(settings: ProfileSettings, profile: Profile): ProfileSettings {
  const capabilities = (changes: Partial<Capabilities>): ProfileSettings => ({
    ...settings,
    capabilities: { ...settings.capabilities, ...changes },
  });
  switch (profile) {
    case 'full':
      return settings;
    case 'minimal':
      // One capability false and the others absent: both spellings of "no" are legal (§3.3.4).
      return capabilities({
        streaming: false,
        pushNotifications: undefined,
        extendedCard: 'absent',
        optionalExtension: undefined,
        signed: false,
      });
    case 'extended-unconfigured':
      return capabilities({ extendedCard: 'unconfigured' });
    case 'required-extension':
      return capabilities({ requiredExtension: requiredExtensionUri });
    case 'bearer':
      return { ...settings, requireAuthentication: true };
    case 'basic':
    case 'api-key':
      return { ...settings, requireAuthentication: true, scheme: profile };
    case 'tenants':
      return { ...settings, tenants: ['acme', 'globex'] };
    case 'text-only':
      return { ...settings, inputModes: ['text/plain'] };
  }
}

export function resolveSettings(options: ReferenceAgentOptions): Settings {
  const chosen = options.profile === undefined ? [] : [options.profile].flat();
  return {
    bindings: options.bindings ?? ['JSONRPC'],
    port: options.port ?? 0,
    grpcPort: options.grpcPort ?? 0,
    host: options.host ?? '127.0.0.1',
    publicUrl: options.publicUrl?.replace(/\/$/, ''),
    publicGrpcUrl: options.publicGrpcUrl,
    tls: options.tls,
    registryUrl: options.registryUrl?.replace(/\/$/, ''),
    heartbeatMs: options.heartbeatMs ?? 60_000,
    storeFile: options.storeFile,
    recogniseDuplicates: options.recogniseDuplicates ?? options.storeFile !== undefined,
    longRunningMs: options.longRunningMs ?? 1500,
    stepMs: options.stepMs ?? 5,
    abandonAfterMs: options.abandonAfterMs ?? 300_000,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    maxBodyBytes: options.maxBodyBytes ?? 4 * 1024 * 1024,
    taskCapacity: options.taskCapacity ?? 100_000,
    credentials: options.credentials ?? defaultCredentials,
    apiKeyLocation: options.apiKeyLocation ?? 'header',
    push: { attempts: 3, backoffMs: 200, timeoutMs: 10_000, allowLoopback: true, ...options.push },
    fault: options.fault,
    log: options.log ?? (() => undefined),
    ...chosen.reduce(applyProfile, options.tenants === undefined ? full : { ...full, tenants: options.tenants }),
  };
}
