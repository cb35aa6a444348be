import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const built = join(import.meta.dirname, '../../node_modules/.cache/bench');

/** A program of this folder, from its source in C. @throws Error without a compiler */
export function compile(name: string): string {
  const source = join(import.meta.dirname, `${name}.c`);
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const program = join(built, `${name}-${hash}`);
  if (existsSync(program)) return program;
  mkdirSync(built, { recursive: true });
  const { status, error, stderr } = spawnSync('cc', ['-O2', '-Wall', '-o', program, source], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cc, a C compiler, is needed: ${error?.message ?? stderr}`);
  return program;
}
