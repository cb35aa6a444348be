import type { ChildProcess } from 'node:child_process';

/** What a box prints until it is ready. @throws Error when it ends before, with what it printed */
export function untilReady(box: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/^signpost ready .*$/m.test(output)) resolve(output);
    };
    box.stdout!.on('data', read);
    box.stderr!.on('data', read);
    box.on('error', reject);
    box.on('exit', (code) => reject(new Error(`it ended with ${code} before it was ready:\n${output}`)));
  });
}

/** The one-time secret that the first start prints, once the box is ready. */
export async function secretOf(box: ChildProcess): Promise<string> {
  return /"secret": "([^"]+)"/.exec(await untilReady(box))![1]!;
}
