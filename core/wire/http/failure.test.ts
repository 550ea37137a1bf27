import { expect, test } from 'vitest';
import type { WireFailure } from '../../history/exchange.ts';
import { failureOf } from './failure.ts';

const coded = (code: string, message = 'said', options?: ErrorOptions): Error =>
  Object.assign(new Error(message, options), { code });

test.for<[string, unknown, WireFailure['kind']]>([
  ['refused', coded('ECONNREFUSED'), 'refused'],
  [
    'refused on every address',
    Object.assign(new AggregateError([coded('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
    'refused',
  ],
  ['an unknown host', coded('ENOTFOUND'), 'dns'],
  ['a resolver that does not answer', coded('EAI_AGAIN'), 'dns'],
  ['a self-signed certificate', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
  ['a wrong name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
  ['an expired certificate', coded('CERT_HAS_EXPIRED'), 'tls'],
  ['no TLS at all', coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls'],
  ['reset', coded('ECONNRESET'), 'reset'],
  ['closed', coded('UND_ERR_SOCKET', 'other side closed'), 'reset'],
  ['a short body', coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), 'reset'],
  ['no HTTP', coded('HPE_INVALID_CONSTANT'), 'protocol'],
  ['too long a head', coded('UND_ERR_HEADERS_OVERFLOW'), 'protocol'],
  ['connecting takes too long', coded('ETIMEDOUT'), 'timeout'],
  ['the cause counts', coded('', 'failed', { cause: coded('ECONNRESET') }), 'reset'],
  ['anything else', new Error('odd'), 'other'],
  ['what is no error', 'odd', 'other'],
])('%s', ([, error, kind]) => {
  expect(failureOf(error).kind).toBe(kind);
});

test('of what OpenSSL says the words are left', () => {
  const said =
    '40DD8238477F0000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../ssl/record.c:918:SSL alert number 116\n';
  expect(failureOf(coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', said)).message).toBe(
    'no trusted TLS connection: tlsv13 alert certificate required (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)',
  );
});

test('the message says what it means and what was said', () => {
  expect(failureOf(coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1')).message).toBe(
    'nothing accepts connections there: connect ECONNREFUSED 127.0.0.1:1',
  );
});
