import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../kit/free-port.ts';

const root = join(import.meta.dirname, '../..');

interface Step {
  commands: string;
  /** Lines that the output must match one after the other; `…` stands for anything. */
  expected: string[];
}

/** The code blocks between the marks of the README: what to type, and what comes of it. */
function readWalk(): Step[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const walk = /<!-- walk -->(.*)<!-- \/walk -->/s.exec(readme)![1]!;
  const steps: Step[] = [];
  for (const [, language, code] of walk.matchAll(/```(sh|text)\n(.*?)```/gs)) {
    if (language === 'sh') steps.push({ commands: code!, expected: [] });
    else steps.at(-1)!.expected = code!.trim().split('\n');
  }
  return steps;
}

function pattern(line: string): RegExp {
  return new RegExp(
    line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
}

it('a first domain in five minutes: the README as it is written', { timeout: 120_000 }, async () => {
  const [start, ...steps] = readWalk();
  expect(steps.length).toBeGreaterThanOrEqual(5);
  const data = mkdtempSync(join(tmpdir(), 'signpost-readme-'));
  const [dns, http] = [await freePort(), await freePort()];
  // Only ports, the data folder and that no CA of the internet is asked differ from what the person types.
  const ports = `--dns 127.0.0.1:${dns} --http 127.0.0.1:${http} --https 127.0.0.1:0`;
  const flags = ` --data ${data} ${ports} --acme-directory none`;
  const box = spawn('sh', ['-c', `exec ${start!.commands.trim()}${flags}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    const secret = await new Promise<string>((resolve, reject) => {
      let output = '';
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        const printed = /"secret": "([^"]+)"/.exec(output);
        if (printed && output.includes('signpost ready')) resolve(printed[1]!);
      };
      box.stdout.on('data', read);
      box.stderr.on('data', read);
      box.on('exit', () => reject(new Error(`npm start ended: ${output}`)));
    });
    // One shell for all steps, as a person has it; a mark tells where the output of one ends.
    const script = steps
      .map(({ commands }) =>
        commands.replaceAll('127.0.0.1:8080', `127.0.0.1:${http}`).replaceAll('5300', String(dns)),
      )
      .join('\necho; echo ==step==\n');
    const run = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, SECRET: secret },
    });
    expect(run.status, run.stderr).toBe(0);
    const outputs = run.stdout.split('==step==');
    for (const [i, step] of steps.entries()) {
      for (const line of step.expected) expect(outputs[i], step.commands).toMatch(pattern(line));
    }
  } finally {
    process.kill(-box.pid!, 'SIGTERM');
    await new Promise((resolve) => box.on('exit', resolve));
    rmSync(data, { recursive: true, force: true });
  }
});
