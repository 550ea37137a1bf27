import { describe, expect, test } from 'vitest';
import { a2aErrors, grpcStatusesOf, httpStatusesOf, patchReleases, type ErrorName } from './errors.ts';
import { isOfPatch, rowsOfPatch } from './requirements/row.ts';
import { rows } from './requirements/rows.ts';

describe('codes of §5.4', () => {
  test.for<[ErrorName, readonly number[], readonly string[]]>([
    ['TaskNotFoundError', [404, 404], ['NOT_FOUND', 'NOT_FOUND']],
    ['TaskNotCancelableError', [409, 400], ['FAILED_PRECONDITION', 'FAILED_PRECONDITION']],
    ['PushNotificationNotSupportedError', [400, 400], ['UNIMPLEMENTED', 'FAILED_PRECONDITION']],
    ['UnsupportedOperationError', [400, 400], ['UNIMPLEMENTED', 'FAILED_PRECONDITION']],
    ['ContentTypeNotSupportedError', [415, 400], ['INVALID_ARGUMENT', 'INVALID_ARGUMENT']],
    ['InvalidAgentResponseError', [502, 500], ['INTERNAL', 'INTERNAL']],
    ['ExtendedAgentCardNotConfiguredError', [400, 400], ['FAILED_PRECONDITION', 'FAILED_PRECONDITION']],
    ['ExtensionSupportRequiredError', [400, 400], ['FAILED_PRECONDITION', 'FAILED_PRECONDITION']],
    ['VersionNotSupportedError', [400, 400], ['UNIMPLEMENTED', 'FAILED_PRECONDITION']],
    ['InvalidParamsError', [400, 400], ['INVALID_ARGUMENT', 'INVALID_ARGUMENT']],
  ])('%s', ([name, http, grpc]) => {
    expect(patchReleases.flatMap((patch) => httpStatusesOf(name, patch))).toEqual(http);
    expect(patchReleases.flatMap((patch) => grpcStatusesOf(name, patch))).toEqual(grpc);
    // Without a patch both count, the newest first.
    expect(httpStatusesOf(name)).toEqual([...new Set(http.toReversed())]);
    expect(grpcStatusesOf(name)).toEqual([...new Set(grpc.toReversed())]);
  });

  test('are there for each of the nine', () => {
    expect(Object.keys(a2aErrors)).toHaveLength(9);
  });
});

describe('rows of a patch release', () => {
  test('have its levels: ErrorInfo on JSON-RPC is a MUST of v1.0.0', () => {
    const level = (patch?: '1.0.0' | '1.0.1') => rowsOfPatch(rows, patch).get('envelope/error-info')?.level;
    expect([level(), level('1.0.0'), level('1.0.1')]).toEqual(['SHOULD', 'MUST', 'SHOULD']);
  });

  test('are those that it says: §5.8 came with v1.0.1', () => {
    const custom = rows.get('agent-card/custom-binding-uri')!;
    expect([isOfPatch(custom), isOfPatch(custom, '1.0.0'), isOfPatch(custom, '1.0.1')]).toEqual([true, false, true]);
  });
});
