import type { Registrar } from '../../api/queries.ts';
import type { Tone } from '../../parts/state.tsx';

export type ParentState = Registrar['parent']['state'];

const tones: Record<ParentState, Tone> = {
  unknown: 'none',
  'not-delegated': 'wait',
  'glue-wrong': 'bad',
  insecure: 'wait',
  secure: 'good',
  bogus: 'bad',
};

export const toneOf = (state: ParentState): Tone => tones[state];
