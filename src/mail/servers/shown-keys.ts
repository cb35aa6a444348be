import { createHash } from 'node:crypto';
import { connect } from 'node:tls';
import type { Clock } from '../../core/clock.ts';

/** Where Postfix and Dovecot speak TLS from the first octet. */
const PORTS = [465, 993];
/** Milliseconds. */
const PATIENCE = 2000;

/**
 * The keys that the mail servers of this machine show to who asks for `hostname`, as TLSA 3 1 1 has them (hex). Where none listens there
 * are none; nothing else is known of one that does not answer in time.
 */
export async function shownKeys(hostname: string, clock: Clock): Promise<ReadonlySet<string>> {
  const shown = await Promise.all(PORTS.map((port) => keyShownAt(port, hostname, clock)));
  return new Set(shown.filter((key) => key !== undefined));
}

function keyShownAt(port: number, servername: string, clock: Clock): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Whoever signed it, it is the key that counts.
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
    const end = (key?: string): void => {
      timer.cancel();
      socket.destroy();
      resolve(key);
    };
    const timer = clock.after(PATIENCE, end);
    socket.on('error', () => end());
    socket.on('secureConnect', () => {
      const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
      end(key && createHash('sha256').update(key).digest('hex'));
    });
  });
}
