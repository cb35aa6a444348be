import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { openssl } from '../../../test/kit/openssl.ts';
import { seededRandom } from '../../core/random.ts';
import { checkChain } from './check-chain.ts';
import { createCsr } from './csr.ts';
import { createKey } from './key.ts';
import { parseChain, type ParsedChain } from './parse-chain.ts';
import { selfSigned } from './self-signed.ts';

/* What the profile says of what the box writes and reads; x509.test.ts has more of it, with what openssl makes of each. */

const tool = openssl();
afterAll(() => tool.remove());

const names = ['example.com', '*.example.com'];
const key = await createKey('ecdsa-p256');
const made = (now: number): Promise<string> =>
  selfSigned({ names, key, now, days: 30, random: seededRandom(1) });

function parsed(text: string): ParsedChain {
  const result = parseChain(text);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.parsed;
}

describe('a self-signed certificate', () => {
  const text = async (): Promise<string> =>
    tool.run('x509', '-in', tool.file(await made(Date.UTC(2026, 0, 1))), '-noout', '-text');

  it.each([
    ['RFC 5280 §4.1.2.1: is of version 3, as it has extensions', /Version: 3 \(0x2\)/],
    ['RFC 5280 §4.1.2.4: has an issuer', /Issuer: O ?= ?Signpost, CN ?= ?example\.com\n/],
    ['RFC 5280 §4.1.2.6: has the issuer for its subject', /Subject: O ?= ?Signpost, CN ?= ?example\.com\n/],
    ['RFC 5280 §4.2.1.2: names its key', /Subject Key Identifier: ?\n +[0-9A-F:]{59}\n/],
    ['RFC 5280 §4.2.1.3: may sign what its holder says, and no certificates', /Key Usage: critical\n +Digital Signature\n/],
    ['RFC 5280 §4.2.1.6: has its names as DNS names, and not critical beside a subject', /Subject Alternative Name: ?\n +DNS:example\.com, DNS:\*\.example\.com\n/],
    ['RFC 5280 §4.2.1.9: is no CA', /Basic Constraints: critical\n +CA:FALSE\n/],
    ['RFC 5280 §4.2.1.12: is for servers', /Extended Key Usage: ?\n +TLS Web Server Authentication\n/],
  ])('%s', async (_, expected) => {
    expect(await text()).toMatch(expected);
  }); // prettier-ignore

  it.each([
    ['until 2049 in UTCTime', Date.UTC(2049, 10, 1, 0, 0, 0, 123), ['17 491031000000Z', '17 491129235959Z']],
    ['beginning in 2049', Date.UTC(2049, 11, 20), ['17 491219000000Z', '18 20500117235959Z']],
    ['from 2050 in GeneralizedTime', Date.UTC(2050, 0, 2, 0, 0, 0, 123), ['18 20500101000000Z', '18 20500130235959Z']],
  ])('RFC 5280 §4.1.2.5, §4.1.2.5.1, §4.1.2.5.2: is valid in whole seconds of UTC, written and read: %s', async (_, now, expected) => {
    const certificate = await made(now);
    const der = new X509Certificate(certificate).raw.toString('hex');
    // Tag, length and digits; with those of a fraction, if there were one.
    const times = [...der.matchAll(/(17|18)[0-9a-f]{2}((?:3\d){12,14}(?:2e(?:3\d)+)?5a)/g)];
    expect(times.map(([, tag, text]) => `${tag} ${Buffer.from(text!, 'hex').toString()}`)).toEqual(expected);
    const { notBefore, notAfter } = parsed(certificate).leaf;
    const [from, end] = [Math.floor(now / 1000) * 1000 - 86_400_000, Math.floor(now / 1000) * 1000 + 29 * 86_400_000 - 1000];
    expect([Date.parse(notBefore), Date.parse(notAfter)]).toEqual([from, end]);
  }); // prettier-ignore
});

it('RFC 5280 §4.1.2.2: reads serial numbers of 20 octets, and those whose highest bit is set', () => {
  const serials = [`7f${'12'.repeat(19)}`, 'ff01', '01'];
  for (const serial of serials) {
    const { certificate } = tool.issue({ names, serial: `0x${serial}` });
    expect(parsed(certificate).leaf.serialNumber).toBe(serial);
  }
});

it('RFC 5280 §4.1.2.5: a certificate is good from its first second through its last', () => {
  const root = tool.issue({ subject: 'Test Root', ca: true });
  const leaf = tool.issue({ names, issuer: root });
  const chain = parsed(leaf.certificate + root.certificate);
  const [from, end] = [Date.parse(chain.leaf.notBefore), Date.parse(chain.leaf.notAfter)];
  const ofLeaf = (now: number): string[] =>
    checkChain({ chain, key: { ...key, spkiSha256: chain.leaf.spkiSha256 }, now }).filter((problem) =>
      problem.includes('example.com'),
    );
  expect([from, end].map(ofLeaf)).toEqual([[], []]);
  expect(ofLeaf(from - 1000)).toEqual([expect.stringContaining('valid only from')]);
  expect(ofLeaf(end + 1000)).toEqual([expect.stringContaining('expired on')]);
});

it('RFC 5280 §4.1.2.6, §4.2.1.6: a request has its names as DNS names, and no subject', async () => {
  const file = tool.file((await createCsr(names, key)).pem);
  expect(tool.run('req', '-in', file, '-noout', '-subject').trim()).toMatch(/^subject= ?$/);
  const text = tool.run('req', '-in', file, '-noout', '-text');
  expect(text).toMatch(/Subject Alternative Name: ?\n +DNS:example\.com, DNS:\*\.example\.com\n/);
});

it('RFC 5280 §4.2.1.6: names of a certificate that are no DNS names are not taken for ones', () => {
  const others = 'email:a@example.org,URI:https://b.example.org/,IP:192.0.2.1,DNS:Example.COM';
  const { certificate } = tool.issue({ extensions: [`subjectAltName=${others}`] });
  // RFC 5280 §7.2: and letters are compared without their case.
  expect(parsed(certificate).leaf.names).toEqual(['example.com']);
});
