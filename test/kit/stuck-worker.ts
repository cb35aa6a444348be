import { BroadcastChannel } from 'node:worker_threads';

/** The data-plane worker, but while the environment says so it never gets ready: as on a file system that hangs. Its name is said first. */

if (process.env['STUCK_WORKERS'] !== undefined) {
  const channel = new BroadcastChannel(process.env['STUCK_WORKERS']);
  channel.postMessage('stuck');
  channel.close();
  // Waits, rather than turns: the test's machine has other things to do.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

await import('../../src/dns/server/worker.ts');
