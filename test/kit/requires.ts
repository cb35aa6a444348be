import { spawnSync } from 'node:child_process';

/**
 * Why a test cannot run here, or undefined: `it.skipIf(missing(...))` with the reason in its title. In CI nothing may be missing,
 * so there it throws.
 */
export function missing(needs: {
  root?: boolean;
  commands?: string[];
  /** Of Debian's Python. */
  pythonModules?: string[];
}): string | undefined {
  const reasons: string[] = [];
  if (needs.root && process.getuid?.() !== 0) reasons.push('root');
  for (const command of needs.commands ?? []) {
    if (spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0) reasons.push(command);
  }
  for (const module of needs.pythonModules ?? []) {
    if (spawnSync('/usr/bin/python3', ['-c', `import ${module}`]).status !== 0)
      reasons.push(`python3-${module}`);
  }
  if (reasons.length === 0) return undefined;
  const reason = `needs ${reasons.join(', ')}`;
  if (process.env['CI']) throw new Error(`this test may not be skipped in CI, but it ${reason}`);
  return reason;
}

/**
 * Why a program of a Debian that is not released yet cannot be used, or undefined. It may go, or come to need what this
 * system has not, while nothing changes here: so its tests may be skipped in CI too.
 */
export function unreleased(program: string): string | undefined {
  const { status } = spawnSync(program, ['-h'], { stdio: 'ignore' });
  // Go's flags end with 0 or 2 after help; what the loader refuses ends with another status.
  return status === 0 || status === 2 ? undefined : `needs ${program}`;
}
