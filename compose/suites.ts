import type { Suite } from '../core/engine/suite.ts';
import { concurrency } from '../suites/concurrency/suite.ts';
import { exposure } from '../suites/exposure/suite.ts';
import { properties } from '../suites/properties/suite.ts';
import { stateMachine } from '../suites/state-machine/suite.ts';

/** Every suite of generated cases; `explore --suite` chooses among them. */
export const suites: readonly Suite[] = [properties, exposure, stateMachine, concurrency];
