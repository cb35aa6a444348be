import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBox, type RunningBox } from '../kit/box.ts';
import { missing } from '../kit/requires.ts';

const exec = promisify(execFile);
const reason = missing({ commands: ['sslscan', 'openssl'] });

describe.skipIf(reason)(`TLS, as scanners and hostile clients see it ${reason ?? ''}`, () => {
  let box: RunningBox;
  let host: string;
  let port: number;

  beforeAll(async () => {
    box = await startBox({ workers: 1 });
    const url = new URL(box.https!);
    host = url.hostname;
    port = Number(url.port);
  }, 180_000);
  afterAll(() => box.stop());

  it('sslscan finds what Mozilla calls intermediate, and nothing else', async () => {
    const { stdout } = await exec(
      'sslscan',
      ['--xml=-', '--no-colour', '--sni-name=box.example.net', `${host}:${port}`],
      { timeout: 180_000 },
    );
    const all = (pattern: RegExp): string[] => [...stdout.matchAll(pattern)].map((match) => match[1]!);
    expect(all(/<protocol .*version="(.*?)" enabled="1"/g)).toEqual(['1.2', '1.3']);
    // For an ECDSA key.
    expect(all(/<cipher .*cipher="(.*?)"/g).sort()).toEqual([
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'TLS_AES_128_GCM_SHA256',
      'TLS_AES_256_GCM_SHA384',
      'TLS_CHACHA20_POLY1305_SHA256',
    ]);
    const groups = new Set(all(/<group .*name="(.*?)"/g));
    expect([...groups].sort()).toEqual(['secp256r1 (NIST P-256)', 'secp384r1 (NIST P-384)', 'x25519']);
    expect(all(/<heartbleed .*vulnerable="(.*?)"/g)).toEqual(['0', '0']);
    expect(all(/<pk error="(.*?)"/g)).toEqual(['false']);
  });

  it('refuses to renegotiate: a handshake costs the box more than the client (CVE-2011-1473)', async () => {
    const child = spawn('openssl', ['s_client', '-tls1_2', '-connect', `${host}:${port}`]);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        // At the end of the handshake's report; alone on a line, it makes s_client renegotiate.
        if (output.endsWith('---\n') && output.includes('Verify return code')) child.stdin.write('R\n');
      });
    await once(child, 'close');
    expect(output).toMatch(/RENEGOTIATING[^]*no renegotiation/);
  }, 180_000);

  /** Milliseconds until the box closes the connection. */
  async function closedAfter(socket: Socket): Promise<number> {
    const began = performance.now();
    socket.on('error', () => undefined).resume();
    if (!socket.closed) await once(socket, 'close');
    return performance.now() - began;
  }

  async function shaken(): Promise<Socket> {
    const socket = connect({ host, port, servername: 'box.example.net', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  }

  it('closes on those who never shake hands, never ask, or never finish to ask', async () => {
    const mute = connectTcp(port, host);
    const idle = await shaken();
    const slow = await shaken();
    slow.write('GET /health HTTP/1.1\r\nHost: box.example.net\r\n');
    const drip = setInterval(() => slow.write('X-Drip: 1\r\n'), 500);
    try {
      const times = await Promise.all([mute, idle, slow].map(closedAfter));
      // Ten seconds each, looked after every five.
      for (const time of times) {
        expect(time).toBeGreaterThan(5_000);
        expect(time).toBeLessThan(60_000);
      }
    } finally {
      clearInterval(drip);
      for (const socket of [mute, idle, slow]) socket.destroy();
    }
  }, 180_000);

  it('431 for headers without end', async () => {
    const socket = await shaken();
    socket.write(`GET / HTTP/1.1\r\nHost: box.example.net\r\nX: ${'x'.repeat(20_000)}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 431 /);
    socket.destroy();
  });
});
