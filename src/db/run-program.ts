import { execFile } from 'node:child_process';

/**
 * Runs a program of ours in a process of its own, for what SQLite does in one call that nobody can stop in a thread.
 * @returns the lines that it printed
 * @throws Error with what it said when it failed
 */
export function runProgram(program: string, args: readonly string[], signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || 'it ended early', { cause: error }));
      else resolve(stdout.split('\n').filter((line) => line !== ''));
    });
    signal.addEventListener('abort', () => child.kill('SIGKILL'));
  });
}
