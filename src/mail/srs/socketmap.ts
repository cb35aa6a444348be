import type { Socket } from 'node:net';

/** Octets of a request; addresses have some hundred. */
const LONGEST = 4096;

/**
 * Postfix's socketmap protocol (socketmap_table(5)): netstrings of `MAP KEY`, answered with `OK VALUE`, `NOTFOUND ` or `TEMP reason`. One
 * connection has many requests, one after the other.
 */
export function serveSocketmap(socket: Socket, find: (map: string, key: string) => string | undefined): void {
  let octets = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    octets = Buffer.concat([octets, chunk]);
    for (;;) {
      const colon = octets.indexOf(':');
      const length = Number(octets.toString('latin1', 0, colon));
      if (
        colon < 0
          ? octets.length > 5
          : !/^\d{1,4}$/.test(octets.toString('latin1', 0, colon)) || length > LONGEST
      )
        return void socket.destroy();
      if (colon < 0 || octets.length < colon + length + 2) return;
      const text = octets.toString('utf8', colon + 1, colon + 1 + length);
      octets = octets.subarray(colon + length + 2);
      socket.write(netstring(answer(text)));
    }
  });

  function answer(text: string): string {
    const space = text.indexOf(' ');
    try {
      const found = find(text.slice(0, space), text.slice(space + 1));
      return found === undefined ? 'NOTFOUND ' : `OK ${found}`;
    } catch {
      return 'TEMP the box could not answer';
    }
  }
}

const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;
