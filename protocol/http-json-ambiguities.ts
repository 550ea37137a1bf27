import { ambiguity, type Ambiguity } from './ambiguity.ts';

/** What the text leaves open about HTTP+JSON (§5.3, §11). */
export const httpJsonAmbiguities: readonly Ambiguity[] = [
  ambiguity(
    'subscribe-method',
    '§5.3, §11.3.2, a2a.proto A2AService.SubscribeToTask',
    [
      '§5.3, §11.3.2: POST /tasks/{id}:subscribe',
      'a2a.proto: its google.api.http annotation is get: "/tasks/{id=*}:subscribe"',
    ],
    'Either method is accepted, and used where the other is not there; neither is a fail.',
  ),
  ambiguity(
    'tenant-place',
    'a2a.proto A2AService, §8.3.2, §11.3',
    [
      'a2a.proto: additional_bindings put the tenant before the path: /{tenant}/…',
      '§8.3.2: the tenant is a field of the request, and the paths of §11.3 have none: it is in the body or the query',
    ],
    'A server that knows only the field is a warn; one that knows neither is a fail.',
  ),
  ambiguity(
    'tenant-routing',
    'a2a.proto AgentInterface.tenant, §8.3.2',
    [
      'the tenant of a request must match that of the interface, and routes it to a tenant or agent',
      'what the value means is the server’s to say, so that ids of tasks may be known under every tenant',
    ],
    'A task that is reached under another tenant, or under none, is a warn; between tenants that the user keeps apart a fail.',
  ),
  ambiguity(
    'http-json-media-type',
    '§11.1 of v1.0.0 and v1.0.1',
    [
      'v1.0.1: application/a2a+json SHOULD be used for requests and responses',
      'v1.0.0: application/json for requests and responses',
    ],
    'application/json is a warn: a patch is invisible on the wire (§3.6).',
  ),
  ambiguity(
    'http-server-error',
    '§3.3.2',
    [
      '§3.3.2: all input parameters MUST be validated, and a validation error is 400',
      '§3.3.2: a status of 5xx is a system error of the server, whatever the request',
      'a filter with a value that no task has lists none',
    ],
    'A rejection with 5xx is a warn, and so is an empty page for a filter without a value; serving the request otherwise is a fail.',
  ),
  ambiguity(
    'problem-json',
    '§11.6, §6.4, §6.5',
    [
      '§11.6: HTTP error responses use google.rpc.Status, with ErrorInfo for the errors of A2A',
      '§6.4 and §6.5 show errors as application/problem+json (RFC 9457)',
    ],
    'An error in the form of the examples is a warn; any other body is a fail.',
  ),
  ambiguity(
    'status-code-number',
    '§11.6, google.rpc.Status',
    [
      '§11.6: the error code is mapped to the HTTP status and to error.code, and the example shows 404 in both',
      'google.rpc.Status.code is a value of google.rpc.Code',
    ],
    'A value of google.rpc.Code is a warn; any other number is a fail.',
  ),
];
