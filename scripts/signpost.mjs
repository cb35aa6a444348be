#!/usr/bin/env node
// The `signpost` command, from any folder.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
process.argv.splice(2, 0, 'run', join(here, '../src/cli/main.ts'));
await import('./bootstrap.mjs');
