import { describePeerExploration } from './testing/peer-exploration.ts';

describePeerExploration('a2a-js');
