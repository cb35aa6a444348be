import { setImmediate } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serveSocketmap } from './socketmap.ts';
import { srsBack, srsForward, type SrsOptions } from './srs.ts';

const DAY = 86_400_000;
const us: SrsOptions = { secret: 'a secret', hostname: 'box.example.net', now: Date.parse('2026-11-29') };
const them: SrsOptions = { ...us, secret: 'another', hostname: 'mx.example.org' };
const third: SrsOptions = { ...us, secret: 'a third', hostname: 'mail.example.com' };

test('an address comes back as it was', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,40}$/);
  const host = fc.stringMatching(/^[a-z0-9]{1,20}(\.[a-z0-9]{1,20}){1,3}$/);
  fc.assert(
    fc.property(word, host, (local, domain) => {
      const address = `${local}@${domain}`;
      if (/^SRS[01][=+-]/i.test(local)) return;
      const forwarded = srsForward(address, us)!;
      expect(forwarded).toMatch(/^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=.*@box\.example\.net$/);
      expect(srsBack(forwarded, us)).toBe(address);
    }),
  );
});

test('the case of the address does not matter, but that of the sender comes back where nobody changed it', () => {
  const forwarded = srsForward('Anna@Example.ORG', us)!;
  expect(srsBack(forwarded, us)).toBe('Anna@example.org');
  expect(srsBack(forwarded.toLowerCase(), us)).toBe('anna@example.org');
});

test('over three forwarders a bounce goes back to the first, which knows the sender', () => {
  const first = srsForward('anna@example.edu', them)!;
  const second = srsForward(first, us)!;
  expect(second).toMatch(
    /^SRS1=[A-Z2-7]{6}=mx\.example\.org==[A-Z2-7]{6}=.*=example\.edu=anna@box\.example\.net$/,
  );
  const last = srsForward(second, third)!;
  expect(last).toMatch(/^SRS1=[A-Z2-7]{6}=mx\.example\.org==/);
  expect(srsBack(last, third)).toBe(first);
  expect(srsBack(second, us)).toBe(first);
  expect(srsBack(first, them)).toBe('anna@example.edu');
});

test('an address that we did not make leads nowhere, nor one of another day', () => {
  const ours = srsForward('anna@example.org', us)!;
  const hash = ours.slice(5, 11);
  const other = ours.replace(hash, hash.startsWith('A') ? `B${hash.slice(1)}` : `A${hash.slice(1)}`);
  for (const address of [
    other,
    ours.replace('anna', 'bob'),
    ours.replace('example.org', 'example.edu'),
    ours.replace('@box.example.net', '@mx.example.org'),
    'SRS0=anna@box.example.net',
    'SRS0=AAAAAA=AA=example.org@box.example.net',
    'SRS1=AAAAAA=example.org==AAAAAA=AA=x=y@box.example.net',
    'anna@box.example.net',
    'nothing',
  ])
    expect(srsBack(address, us), address).toBeUndefined();
  expect(srsBack(ours, { ...us, now: us.now + 21 * DAY })).toBe('anna@example.org');
  expect(srsBack(ours, { ...us, now: us.now + 22 * DAY })).toBeUndefined();
  expect(srsForward('nothing', us)).toBeUndefined();
});

test('Postfix’s socketmap: requests cut anywhere; what is none ends the connection', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-srs-'));
  const server = createServer((socket) =>
    serveSocketmap(socket, (map, key) => (map === 'fail' ? fail() : map === 'echo' ? `${key}!` : undefined)),
  );
  const fail = (): never => {
    throw new Error('no');
  };
  const path = join(folder, 'srs.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = createConnection(path);
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  for (const character of '10:echo a b@c,6:none x,6:fail x,') {
    socket.write(character);
    await setImmediate();
  }
  socket.write('GET / HTTP/1.1\r\n');
  await new Promise((resolve) => socket.on('close', resolve));
  server.close();
  rmSync(folder, { recursive: true });
  expect(said).toBe('9:OK a b@c!,9:NOTFOUND ,29:TEMP the box could not answer,');
});
