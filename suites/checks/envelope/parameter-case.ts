import { parameterCaseOf } from '../shared/parameter-case.ts';

export const parameterCase = parameterCaseOf('envelope/parameter-case', 'JSONRPC');
