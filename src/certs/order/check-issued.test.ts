import { expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import { createKey } from '../x509/key.ts';
import { selfSigned } from '../x509/self-signed.ts';
import { checkIssued, readIssued } from './check-issued.ts';

const key = await createKey('ecdsa-p256');
const names = ['example.com', '*.example.com'];
const options = { key, now: systemClock.now(), days: 30, random: seededRandom(1) };
const certificate = await selfSigned({ names, ...options });

it.each([
  ['a key', `${certificate}${key.pkcs8}`],
  ['a key before it', `${key.pkcs8}${certificate}`],
  ['something that is cut off', `${certificate}-----BEGIN PRIVATE KEY-----\nMIG`],
  ['something that no PEM can be', `-----BEGIN certificate-----\n${certificate}`],
  ['what only looks like one', `${certificate}-----BEGIN CERTIFICATE REQUEST-----\n`],
])('RFC 8555 §11.4: takes no chain in which there is %s', (_, chain) => {
  expect(readIssued(chain)).toEqual({
    ok: false,
    problems: ['The CA gave something else than certificates.'],
  });
});

it('RFC 8555 §9.1: reads certificates alone', () => {
  expect(readIssued(certificate)).toMatchObject({ ok: true, parsed: { chain: certificate.trim() + '\n' } });
});

it('RFC 8555 §7.4: takes no certificate for other names, or for another key, than were asked for', async () => {
  const read = readIssued(await selfSigned({ names: names.slice(0, 1), ...options }));
  if (!read.ok) throw new Error(read.problems.join());
  const { leaf } = read.parsed;
  expect(checkIssued(leaf, names.slice(0, 1), key)).toEqual([]);
  expect(checkIssued(leaf, names, await createKey('ecdsa-p256'))).toEqual([
    'The CA gave a certificate for another key.',
    'The CA gave a certificate without *.example.com.',
  ]);
});
