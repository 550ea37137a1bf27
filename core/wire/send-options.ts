import type { CallOptions } from './binding-client.ts';
import type { HttpSend } from './http/http-port.ts';

/** What of a call is the port's affair, whatever the binding. */
export const sendOptions = ({
  signal,
  atOnce,
  withoutCertificate,
}: CallOptions): Pick<HttpSend, 'signal' | 'atOnce' | 'withoutCertificate'> => ({
  ...(signal ? { signal } : {}),
  ...(atOnce ? { atOnce } : {}),
  ...(withoutCertificate ? { withoutCertificate } : {}),
});
