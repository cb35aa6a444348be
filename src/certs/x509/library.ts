import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';
import type * as X509 from '@peculiar/x509';

export type { X509 };

const require = createRequire(import.meta.url);
let library: typeof X509 | undefined;

/**
 * The library that makes and reads certificates, loaded when one first is: it is two hundred modules and some megabytes of memory, and a
 * box may run for months without.
 */
export function x509(): typeof X509 {
  return (library ??= load());
}

function load(): typeof X509 {
  // The library injects its parts through reflected metadata and refuses to load without this.
  require('reflect-metadata');
  const loaded = require('@peculiar/x509') as typeof X509;
  loaded.cryptoProvider.set(webcrypto);
  return loaded;
}
