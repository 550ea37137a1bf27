import type { CallOptions } from '../../../core/wire/binding-client.ts';

/** The service parameter with which a client says which extensions it wants to use (§3.2.6). */
export const extensionHeader = 'A2A-Extensions';

/** A call that declares these extensions alone. */
export const declaring = (uris: readonly string[]): Pick<CallOptions, 'headers'> => ({
  headers: { [extensionHeader]: uris.length === 0 ? null : uris.join(',') },
});

/** `…/v1` becomes `…/v99`; a URI without a version gets one. */
export const anotherVersionOf = (uri: string): string =>
  /\/v\d+(\.\d+)*\/?$/.test(uri) ? uri.replace(/\/v\d+(\.\d+)*\/?$/, '/v99') : `${uri.replace(/\/$/, '')}/v99`;
