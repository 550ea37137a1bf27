import { expect, test } from 'vitest';
import type { ErrorName } from '../../protocol/errors.ts';
import { codecs } from './codecs.ts';

test.for<[string, ErrorName, readonly unknown[], readonly unknown[], readonly unknown[]]>([
  [
    'GRPC',
    'UnsupportedOperationError',
    ['UNIMPLEMENTED'],
    ['FAILED_PRECONDITION'],
    ['FAILED_PRECONDITION', 'UNIMPLEMENTED'],
  ],
  ['GRPC', 'TaskNotFoundError', ['NOT_FOUND'], ['NOT_FOUND'], ['NOT_FOUND']],
  ['HTTP+JSON', 'TaskNotCancelableError', [409], [400], [400, 409]],
  ['JSONRPC', 'TaskNotCancelableError', [-32002], [-32002], [-32002]],
])('%s: the codes of %s in v1.0.0, in v1.0.1 and in either', ([binding, name, old, recent, either]) => {
  const { codesOf } = codecs.get(binding)!;
  expect([codesOf(name, '1.0.0'), codesOf(name, '1.0.1'), codesOf(name)]).toEqual([old, recent, either]);
});
