import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { programs } from './programs.ts';

const root = join(import.meta.dirname, '../..');

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the `signpost` command against the box whose data folder is `data`. */
export function signpost(data: string, ...args: string[]): Promise<CliResult> {
  return runSignpost(['--data', data, ...args]);
}

/** Runs the `signpost` command with exactly these arguments. */
export function runSignpost(
  args: string[],
  { input, env, uid }: { input?: string; env?: Record<string, string>; uid?: number } = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programs.cli, ...args], {
      ...(uid !== undefined && { uid, gid: uid }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // As an installed command: compiled once.
      env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    if (input !== undefined) child.stdin!.end(input);
  });
}
