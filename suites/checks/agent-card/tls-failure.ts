import { ambiguous, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange, WireFailure } from '../../../core/history/exchange.ts';
import type { Target } from '../../../core/target/target.ts';
import { hostOf, originOf } from '../../../fixtures/guest/hosts.ts';
import { objectsIn } from './fetch-card.ts';

/** OpenSSL's words for what comes back where no TLS is spoken. */
const noTls = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|SSL_HTTP_REQUEST|RECORD_LAYER_FAILURE/;
/** RFC 7301 §3.2: none of the protocols that the client offers. */
const otherProtocol = /NO_APPLICATION_PROTOCOL/;
/** RFC 8446 §6.2: what servers say to a client without a certificate that they trust. */
const demandsCertificate = /certificate.required|bad.certificate|unknown.ca|certificate.unknown|handshake.failure/i;
/** The certificate is wrong whoever issued it. */
const wrongCertificate = /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH/;

/**
 * An interface behind https to which no connection came about; undefined for failures that TLS has no part in. What a certificate
 * is worth depends on whom the client trusts, so that an unknown authority says nothing of the agent.
 */
export function judgeTlsFailure(
  { kind, message }: WireFailure,
  { interface: ref }: Pick<Exchange, 'interface'>,
  { card, cardUrl }: Pick<Target, 'card' | 'cardUrl'>,
  evidence: readonly Exchange[],
): Judgement | undefined {
  const url = ref?.url ?? '';
  if (!url.startsWith('https:')) return undefined;
  const host = hostOf(url) ?? '';
  const show = `show it a certificate: --cert <file> --key <file>, and --i-own-this-target ${host} where its origin is not the card's`;
  if (kind === 'reset' && originOf(url) !== originOf(cardUrl)) {
    return ambiguous(
      `the interface cuts every connection, while the card is served: ${message}`,
      [
        'the binding is not spoken at this URL (§8.3.1)',
        `its server demands a certificate of clients, and says so by cutting (${show})`,
      ],
      ...evidence,
    );
  }
  if (kind !== 'tls') return undefined;
  // A target of gRPC (`host:port`) does not say whether TLS is spoken, and was taken for one that does.
  const declared = objectsIn(card['supportedInterfaces']).some(({ value }) => value['url'] === url);
  if (noTls.test(message) && !declared) {
    return ambiguous(
      `no TLS is spoken at the target, while the card is served: ${message}`,
      [
        '§10.1, §7.1: gRPC is spoken over TLS',
        'the card names a target, which does not say whether TLS is spoken there',
      ],
      ...evidence,
    );
  }
  if (noTls.test(message) || otherProtocol.test(message)) {
    return violated(
      {
        reason: noTls.test(message)
          ? 'the URL is https, and no TLS is spoken there, while the card is served'
          : `TLS is spoken there, and not the HTTP of the binding, while the card is served`,
        expected: `${ref?.binding ?? 'the binding'} over TLS, twice asked`,
        actual: message,
      },
      ...evidence,
    );
  }
  if (demandsCertificate.test(message)) return untested(message, show, ...evidence);
  if (wrongCertificate.test(message)) {
    return ambiguous(
      `the certificate of the interface is none for its URL now: ${message}`,
      [
        'the URL is not accurate: clients that verify the server (§7.2, RFC 9110 §4.3.4) cannot speak to it',
        'the clock of this machine is wrong, or what stands between here and the agent has a certificate of its own',
      ],
      ...evidence,
    );
  }
  return untested(message, 'trust its authority: --ca <file>, or --insecure', ...evidence);
}
