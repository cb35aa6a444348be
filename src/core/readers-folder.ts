import { chmodSync } from 'node:fs';

/** What is made in it belongs to its group, that of the readers, who may not write. */
const MODE = 0o2750;

/** Gives a folder of the box's, which the mail servers are to read, the mode for that. */
export function letReadersIn(folder: string): void {
  try {
    chmodSync(folder, MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    // A unit with RestrictSUIDSGID may not set that bit; who gives the folder to the readers' group sets it.
    chmodSync(folder, MODE & 0o777);
  }
}
