// Runs vitest, and what failed once more by itself.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/**
 * So many files may fail beside others and pass alone. Tests with real daemons share two cores with two others: one that gives up waiting there, and passes
 * with the machine to itself, is named and is to be mended, but says nothing of the product. More than these at once are no accident.
 */
const MOST_AGAIN = 3;

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: {
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

/** Of one run of vitest; nothing if it ended before it could report. */
function run(args: string[]): { passed: boolean; report?: Report } {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-test-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    if (!existsSync(file)) return { passed: false };
    return { passed: status === 0, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function failures({ testResults }: Report): { file: string; tests: string[] }[] {
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, assertionResults }) => ({
      file: relative(root, name),
      tests: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    }));
}

function counts({ numPassedTests, numFailedTests, numPendingTests }: Report): string {
  const skipped = numPendingTests > 0 ? `, ${String(numPendingTests)} skipped` : '';
  return `${String(numPassedTests)} passed, ${String(numFailedTests)} failed${skipped}`;
}

/** Whether all tests passed, those that failed beside others by themselves; prints how many did. Arguments are vitest's. */
export function runTests(args: string[]): boolean {
  const first = run(args);
  if (!first.report) return false;
  const failed = failures(first.report);
  console.log(`\n${counts(first.report)}`);
  // Who asked for some tests sees what they do; an error outside of all tests is no accident either.
  if (first.passed || args.length > 0 || failed.length === 0 || failed.length > MOST_AGAIN)
    return first.passed;
  for (const { file } of failed) {
    console.log(`\n== again, alone: ${file}`);
    if (!run([file]).passed) return false;
  }
  console.log(
    `\n${counts(first.report)}; with the machine to themselves these passed, and are to be mended:`,
  );
  for (const { file, tests } of failed)
    for (const name of tests.length > 0 ? tests : ['(what it sets up)']) console.log(`  ${file}: ${name}`);
  return true;
}
