import { parameterCaseOf } from '../shared/parameter-case.ts';

export const parameterCase = parameterCaseOf('http-json/parameter-case', 'HTTP+JSON');
