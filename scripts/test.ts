// All of `npm test`: the peers, then lint, formatting and types, then every test. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPeers } from './debian-packages.ts';
import { unpackLaterPeers } from './later-packages.ts';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');

function node(title: string, script: string, ...args: string[]): boolean {
  console.error(`\n== ${title}`);
  return (
    spawnSync(process.execPath, [join(modules, script), ...args], { cwd: root, stdio: 'inherit' }).status ===
    0
  );
}

/** Runs vitest and prints how many tests passed and failed in one line. */
function tests(args: string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const passed = node('tests', 'vitest/vitest.mjs', 'run', ...reporters, ...args);
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    const skipped = counts['numPendingTests'] ?? 0;
    console.log(
      `\n${counts['numPassedTests'] ?? 0} passed, ${counts['numFailedTests'] ?? 0} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
    return passed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
installPeers();
unpackLaterPeers();
const checked =
  args.length > 0 ||
  [
    node('eslint', 'eslint/bin/eslint.js', '.'),
    node('prettier', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
    node('types', 'typescript/bin/tsc', '--noEmit'),
    node('types of the panel', 'typescript/bin/tsc', '-p', 'panel'),
  ].every(Boolean);
const passed = tests(args);
process.exit(checked && passed ? 0 : 1);
