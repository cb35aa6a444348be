import { RowsKey } from './rows.ts';

/** Facts that are kept one by one, by name. */
export interface FactReads {
  fact(name: string): Uint8Array | undefined;
}

export interface FactWrites extends FactReads {
  putFact(name: string, value: Uint8Array): void;
}

export const factRows = new RowsKey<FactReads, FactWrites>('facts');
