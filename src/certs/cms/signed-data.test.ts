import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issued, openssl as createOpenssl, type Openssl } from '../../../test/kit/openssl.ts';
import { missing } from '../../../test/kit/requires.ts';
import { systemClock } from '../../core/clock.ts';
import { signedData } from './signed-data.ts';

const reason = missing({ commands: ['openssl'] });
const now = systemClock.now();
const content = Buffer.from('<?xml version="1.0"?>\n<plist>ü</plist>\n');

describe.skipIf(reason)(`CMS SignedData, as openssl reads it ${reason ?? ''}`, () => {
  let openssl: Openssl;
  let root: Issued;
  beforeAll(() => {
    openssl = createOpenssl();
    root = openssl.issue({ subject: 'root', ca: true });
  });
  afterAll(() => openssl.remove());

  function verify(message: Uint8Array, trusted: Issued) {
    const args = ['cms', '-verify', '-inform', 'DER', '-binary', '-purpose', 'any'];
    const roots = openssl.file(trusted.certificate);
    return spawnSync('openssl', [...args, '-CAfile', roots], { input: message });
  }

  it.each([
    ['ECDSA', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ])('is verified with a key of %s through an intermediate that goes with it', (_, key) => {
    const intermediate = openssl.issue({ subject: 'intermediate', ca: true, issuer: root });
    const leaf = openssl.issue({ names: ['box.example.net'], issuer: intermediate, key });
    const signer = { chain: leaf.certificate + intermediate.certificate, privateKey: leaf.key };
    const message = signedData(content, signer, now);
    const { status, stdout, stderr } = verify(message, root);
    expect(stderr.toString()).toMatch(/verification successful/i);
    expect([status, stdout.equals(content)]).toEqual([0, true]);

    const other = openssl.issue({ subject: 'other', ca: true });
    expect(verify(message, other).status).not.toBe(0);
    const changed = Buffer.from(message);
    changed[changed.indexOf('plist')]! ^= 1;
    expect(verify(changed, root).stderr.toString()).toMatch(/verification failure/i);
  });

  it('says when it was signed', () => {
    const leaf = openssl.issue({ names: ['box.example.net'], issuer: root });
    const signer = { chain: leaf.certificate, privateKey: leaf.key };
    const message = signedData(content, signer, Date.UTC(2026, 10, 29, 9, 30, 5));
    const args = ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER'];
    expect(spawnSync('openssl', args, { input: message }).stdout.toString()).toMatch(
      /signingTime[^]*Nov 29 09:30:05 2026 GMT/,
    );
  });
});
