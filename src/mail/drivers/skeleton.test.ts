import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Driver, Machine } from './driver.ts';
import { publicFile } from './file.ts';
import { supported } from './version.ts';

/** The driver of docs/drivers.md, which is there to be copied. */
function skeleton(): Driver {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/drivers.md'), 'utf8');
  const code = stripTypeScriptTypes(/```ts\n([\s\S]*?)```/.exec(page)![1]!);
  const script = `${code.replace('export const example', 'const example')}\nexample`;
  return runInNewContext(script, { publicFile, supported }) as Driver;
}

const machine = (programs: Record<string, { status: number; output: string }>, said?: string): Machine => ({
  run: (command, args) =>
    Promise.resolve(programs[[command, ...args].join(' ')] ?? { status: 127, output: '' }),
  greeting: () => Promise.resolve(said),
});

test('the driver that is there to be copied does what each part is to do', async () => {
  const example = skeleton();
  const there = machine({ 'exampled --version': { status: 0, output: '1.4\n' } });
  expect(await example.detect(machine({}))).toEqual({ kind: 'missing' });
  expect(await example.detect(there)).toEqual({ kind: 'installed', version: '1.4' });
  const future = machine({ 'exampled --version': { status: 0, output: '2.0\n' } });
  expect(await example.detect(future)).toMatchObject({ kind: 'unsupported' });

  const target = { version: '1.4', systemd: true, additions: new Map<string, string>() };
  const model = { hostname: 'box.example.net' } as Parameters<Driver['render']>[0];
  const [file, ...more] = example.render(model, target);
  expect([file!.path, file!.content, more]).toEqual(['/etc/example.conf', 'name = box.example.net\n', []]);

  const check = (status: number) =>
    machine({ 'exampled --check /staged/etc/example.conf': { status, output: 'line 1: what?' } });
  expect(await example.check('/staged', check(0))).toBeUndefined();
  expect(await example.check('/staged', check(1))).toBe('line 1: what?');

  expect(await example.health(machine({}))).toBe('Example does not answer on port 7777.');
  expect(await example.health(machine({}, 'hello'))).toBeUndefined();
});
