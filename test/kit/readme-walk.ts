import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

export interface Step {
  commands: string;
  /** Lines that the output must match one after the other; `…` stands for anything. */
  expected: string[];
}

/** Where the box of a walk serves, in place of what the README says. */
export interface Ports {
  dns: number;
  http: number;
}

/** The code blocks between the marks of the README: what to type, and what comes of it. */
export function readWalk(): Step[] {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const walk = /<!-- walk -->(.*)<!-- \/walk -->/s.exec(readme)![1]!;
  const steps: Step[] = [];
  for (const [, language, code] of walk.matchAll(/```(sh|text)\n(.*?)```/gs)) {
    if (language === 'sh') steps.push({ commands: code!, expected: [] });
    else steps.at(-1)!.expected = code!.trim().split('\n');
  }
  return steps;
}

/** Types the steps into one shell, as a person does, and compares what comes with what the README says. */
export function walk(
  steps: readonly Step[],
  { dns, http }: Ports,
  { secret, prefix = [] }: { secret: string; prefix?: readonly string[] },
): void {
  const script = steps
    .map(({ commands }) =>
      commands.replaceAll('127.0.0.1:8080', `127.0.0.1:${http}`).replaceAll('5300', String(dns)),
    )
    // A mark tells where the output of one ends.
    .join('\necho; echo ==step==\n');
  const [command, ...args] = [...prefix, 'bash', '-euo', 'pipefail', '-c', script];
  const run = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, SECRET: secret } });
  expect(run.status, run.stderr).toBe(0);
  const outputs = run.stdout.split('==step==');
  for (const [i, step] of steps.entries()) {
    for (const line of step.expected) expect(outputs[i], step.commands).toMatch(pattern(line));
  }
}

function pattern(line: string): RegExp {
  return new RegExp(
    line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
}
