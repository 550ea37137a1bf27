import { header, type Exchange, type History } from '../history/exchange.ts';
import { credentialPlaces, demandsCredentials, type Card, type CredentialPlaces } from '../target/card-credentials.ts';

/** What a request says of who sends it, in the places of the card. */
const identityIn = ({ request }: Exchange, { headers, query }: CredentialPlaces): string =>
  JSON.stringify([
    headers.map((name) => header(request.headers, name) ?? ''),
    query.map((name) => URL.parse(request.url)?.searchParams.get(name) ?? ''),
  ]);

/**
 * Whether an exchange may be one with somebody whom the agent does not know, so that a page (a form to sign in) came instead of an
 * answer: how strangers are turned away is not said (§3.3.2: codes are examples). The user of the run is whoever explored;
 * `isKnown`: something was answered in the terms of the binding, so that the user is none.
 */
export function mayBeStranger({ exchanges }: History, target: Card, isKnown: boolean): (exchange: Exchange) => boolean {
  if (!demandsCredentials(target)) return () => false;
  if (!isKnown) return () => true;
  const places = credentialPlaces(target);
  const first = exchanges.find(({ intent }) => intent.kind === 'operation');
  if (places === undefined || first === undefined) return () => false;
  // Whether one was shown is not to be seen in an exchange.
  if (places.certificate) return () => true;
  const own = identityIn(first, places);
  return (exchange) => identityIn(exchange, places) !== own;
}
