import { X509Certificate } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adminToken, startBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';

const reason = missing({ commands: ['pebble', 'openssl', 'lego', 'curl'] });

/** As a person would write it: lego calls it with what to do, the owner and the value. */
const hook = `#!/bin/sh -e
owner=$(echo "$2" | sed 's/[.]$//')
auth="authorization: Bearer $TOKEN"
case "$1" in
present) curl -sSf -H "$auth" -H 'content-type: application/json' "$API/zones/example.com/records" \\
  -d "{\\"owner\\": \\"$owner\\", \\"type\\": \\"TXT\\", \\"ttl\\": 1, \\"value\\": \\"\\\\\\"$3\\\\\\"\\"}" ;;
cleanup) curl -sSf -G -X DELETE -H "$auth" "$API/zones/example.com/records" \\
  --data-urlencode "owner=$owner" --data-urlencode type=TXT --data-urlencode "value=\\"$3\\"" ;;
esac
`;

it.skipIf(reason)(
  `lego gets a wildcard through the API at the moment at which the box orders its own ${reason ?? ''}`,
  { timeout: 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signpost-lego-'));
    const dns = `127.0.0.1:${await freePort()}`;
    const pebble = await startPebble({ dns, sleepTime: 2 });
    const box = await startBox({
      dns,
      flags: ['--acme-directory', pebble.directory, '--acme-ca', pebble.ca],
    });
    try {
      writeFileSync(join(folder, 'hook'), hook, { mode: 0o755 });
      expect((await box.api('POST', '/domains', { name: 'example.com' })).status).toBe(201);
      const { code, output } = await lego();
      expect(code, output).toBe(0);
      const file = readFileSync(join(folder, 'certificates', '_.example.com.crt'));
      expect(new X509Certificate(file).subjectAltName).toContain('DNS:*.example.com');
      const { items } = (await box.api('GET', '/certificates')).body as { items: { state: string }[] };
      expect(items.map(({ state }) => state)).toEqual(['valid', 'valid']);
    } finally {
      await box.stop();
      await pebble.stop();
      rmSync(folder, { recursive: true, force: true });
    }

    function lego(): Promise<{ code: number | null; output: string }> {
      const names = ['--domains', '*.example.com', '--domains', 'example.com'];
      const ca = ['--server', pebble.directory, '--accept-tos', '--email', 'lego@example.com'];
      const dnsFlags = ['--dns', 'exec', '--dns.disable-cp', '--dns.resolvers', dns];
      const child = spawn('lego', ['--path', folder, ...ca, ...dnsFlags, ...names, 'run'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          LEGO_CA_CERTIFICATES: pebble.ca,
          EXEC_PATH: join(folder, 'hook'),
          // By default it rests a minute between two names.
          EXEC_SEQUENCE_INTERVAL: '1',
          EXEC_POLLING_INTERVAL: '1',
          API: `${box.http}/api/v1`,
          TOKEN: adminToken,
        },
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
    }
  },
);
