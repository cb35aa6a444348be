import { connect } from 'node:net';

/** Milliseconds in which a mail server has to say its first line. */
const PATIENCE = 5000;
/** Octets of it that are read (RFC 5321 §4.5.3.1.5 allows 512). */
const LONGEST = 512;

/**
 * What the mail server at port 25 of a host says first. Nothing is said to it but QUIT.
 * @throws Error, with the system's `code` where the connection could not be made; `ETIMEDOUT` where nobody answered in time
 */
export function smtpGreeting(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 25 });
    let said = '';
    const end = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(PATIENCE, () => end(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.on('error', end);
    socket.on('close', () => reject(new Error('closed without a word')));
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (!said.includes('\n') && said.length < LONGEST) return;
      resolve(said.split(/\r?\n/)[0]!.slice(0, LONGEST));
      socket.end('QUIT\r\n');
    });
  });
}
