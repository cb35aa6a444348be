import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missing } from '../../test/kit/requires.ts';

const colour = join(import.meta.dirname, 'colour.ts');
const table = join(import.meta.dirname, 'table.ts');
const program = `
  const { colouredChange } = await import(${JSON.stringify(colour)});
  const { fields, table } = await import(${JSON.stringify(table)});
  console.log(table(['name', 'state', 'n'], [['a', 'failed', 1], ['state', 'done', 2]]));
  console.log(fields([['ready', 'yes']]));
  console.log(['+ new', '- old'].map(colouredChange).join('|'));`;
const command = [process.execPath, '--input-type=module', '-e', program] as const;

const plain = 'NAME   STATE   N\na      failed  1\nstate  done    2\nready: yes\n+ new|- old\n';
const coloured =
  'NAME   STATE   N\na      \x1b[31mfailed\x1b[39m  1\nstate  \x1b[32mdone\x1b[39m    2\nready: \x1b[32myes\x1b[39m\n' +
  '\x1b[32m+ new\x1b[39m|\x1b[31m- old\x1b[39m\n';

function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  // Node takes the logs of CI for terminals without colours.
  const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...rest } = process.env;
  return { ...rest, TERM: 'xterm-256color', ...more };
}

describe('colours', () => {
  const piped = (more: Record<string, string>) =>
    spawnSync(command[0], command.slice(1), { encoding: 'utf8', env: environment(more) }).stdout;

  it('are not in a pipe, unless they are asked for', () => {
    expect(piped({})).toBe(plain);
    expect(piped({ FORCE_COLOR: '1' })).toBe(coloured);
  });

  const skip = missing({ commands: ['script'] });
  it.skipIf(skip)(`are on a terminal, unless NO_COLOR is set${skip ? ` (${skip})` : ''}`, () => {
    const onTerminal = (more: Record<string, string>): string => {
      const env = environment({ ...more, PROGRAM: program });
      const run = `stty cols 80; ${process.execPath} --input-type=module -e "$PROGRAM"`;
      const { stdout } = spawnSync('script', ['-qec', run, '/dev/null'], { encoding: 'utf8', env });
      return stdout.replaceAll('\r', '');
    };
    expect(onTerminal({})).toBe(coloured);
    expect(onTerminal({ NO_COLOR: '1' })).toBe(plain);
    expect(onTerminal({ TERM: 'dumb' })).toBe(plain);
  });
});
