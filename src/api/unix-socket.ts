import { chmod, lstat, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';

/**
 * Binds the server to a unix socket that only its owner may open (0600). The socket is made in a folder that only we may enter and then
 * moved to its place, so that at no instant anybody else can connect; the move also replaces what a killed process left behind.
 * @returns the function that removes the socket, if it still is ours
 * @throws Error when another process answers at the path
 */
export async function listenOnSocket(server: Server, path: string): Promise<() => Promise<void>> {
  if (await answers(path)) throw new Error(`another process answers there; is Signpost running already?`);
  // Beside it, not above: that may be another file system, or not ours to write to.
  const folder = await mkdtemp(join(dirname(path), '.s'));
  try {
    const temporary = join(folder, 's');
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(temporary, () => {
        server.off('error', reject);
        resolve();
      });
    });
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } catch (error) {
    // It may listen already, which would keep the process alive.
    server.close();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { ino } = await lstat(path);
  return async () => {
    const current = await lstat(path).catch(() => undefined);
    if (current?.ino === ino) await rm(path, { force: true });
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
