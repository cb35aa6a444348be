import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Debian's Prometheus, running. */
export interface Prometheus {
  /** Values of an instant query, with the labels of each. */
  query(expression: string): Promise<{ labels: Record<string, string>; value: number }[]>;
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts it on a port of its choice, with its data in `folder`; rejects when it does not get ready. */
export async function startPrometheus(folder: string, config: string): Promise<Prometheus> {
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exit = once(child, 'exit');
  const base = await readAddress(child);
  const get = async (path: string): Promise<unknown> => (await fetch(`${base}${path}`)).json();
  return {
    get,
    async query(expression) {
      const answer = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = answer as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async stop() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** From its log: the port is drawn by the kernel. */
async function readAddress(child: ChildProcess): Promise<string> {
  let address: string | undefined;
  let log = '';
  for await (const line of createInterface({ input: child.stderr! })) {
    log += `${line}\n`;
    address ??= /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address !== undefined && line.includes('Server is ready')) {
      // Read on, or it would wait for room in the pipe one day.
      child.stderr!.resume();
      return `http://${address}`;
    }
  }
  throw new Error(`Prometheus ended before it was ready:\n${log}`);
}
