import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issued, type IssueOptions, openssl } from '../../../test/kit/openssl.ts';
import { systemClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import { checkChain } from './check-chain.ts';
import { createCsr } from './csr.ts';
import { createKey, readKey } from './key.ts';
import { covers } from './names.ts';
import { parseChain, type ParsedChain } from './parse-chain.ts';
import { selfSigned } from './self-signed.ts';

const tool = openssl();
afterAll(() => tool.remove());

const names = ['example.com', '*.example.com'];
const DAY = 86_400_000;
/** In the life of what the tool makes in the meantime. */
const now = systemClock.now() + 3_600_000;

let root: Issued;
let intermediate: Issued;
let leaf: Issued;
beforeAll(() => {
  root = tool.issue({ subject: 'Test Root', ca: true, days: 900 });
  intermediate = tool.issue({ subject: 'Test CA 1', ca: true, issuer: root, days: 800 });
  leaf = tool.issue({ subject: 'example.com', names, issuer: intermediate });
});

const pemOf = (...list: Issued[]): string => list.map(({ certificate }) => certificate).join('');

function parsed(text: string): ParsedChain {
  const result = parseChain(text);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.parsed;
}

function problems(text: string): string[] {
  const result = parseChain(text);
  return result.ok ? [] : result.problems;
}

/** What openssl says of a key. */
const kinds = {
  'ecdsa-p256': 'NIST CURVE: P-256',
  'rsa-2048': 'Public-Key: (2048 bit)',
  'rsa-3072': 'Public-Key: (3072 bit)',
};

describe('keys and requests', () => {
  it.each(['ecdsa-p256', 'rsa-2048', 'rsa-3072'] as const)(
    'openssl verifies a request with %s',
    async (algorithm) => {
      const key = await createKey(algorithm);
      const request = await createCsr(names, key);
      const file = tool.file(request.pem);
      const text = tool.run('req', '-in', file, '-noout', '-verify', '-text');
      expect(text).toContain('DNS:example.com, DNS:*.example.com');
      expect(text).toContain(kinds[algorithm]);
      const publicKey = tool.run('req', '-in', file, '-noout', '-pubkey');
      const spki = Buffer.from(publicKey.replace(/-----.*-----|\s/g, ''), 'base64');
      expect(createHash('sha256').update(spki).digest('hex')).toBe(key.spkiSha256);
      expect(readKey(key.pkcs8)?.spkiSha256).toBe(key.spkiSha256);
    },
  );

  it.each([
    ['PKCS#8', (pem: string) => pem],
    ['SEC 1', (pem: string) => tool.run('ec', '-in', tool.file(pem))],
  ])('reads a key in %s', (_, form) => {
    expect(readKey(form(leaf.key))?.spkiSha256).toBe(parsed(leaf.certificate).leaf.spkiSha256);
  });

  it.each(['', 'junk', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
    'says that %j is no key',
    (text) => expect(readKey(text)).toBeUndefined(),
  );
});

describe('a self-signed certificate', () => {
  it.each(['ecdsa-p256', 'rsa-2048'] as const)(
    'is what openssl takes for a server, with %s',
    async (algorithm) => {
      const key = await createKey(algorithm);
      const certificate = await selfSigned({ names, key, now, days: 30, random: seededRandom(1) });
      const file = tool.file(certificate);
      expect(
        tool.run(
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          '-verify_hostname',
          'mail.example.com',
          '-CAfile',
          file,
          file,
        ),
      ).toContain('OK');
      const { leaf: info } = parsed(certificate);
      expect(info).toMatchObject({
        names,
        issuer: 'example.com (Signpost)',
        isSelfSigned: true,
        isCa: false,
        spkiSha256: key.spkiSha256,
      });
      expect(Date.parse(info.notBefore)).toBe(Math.floor((now - DAY) / 1000) * 1000);
      // Its last second counts (RFC 5280 §4.1.2.5): with it the days are full.
      expect(Date.parse(info.notAfter) + 1000 - Date.parse(info.notBefore)).toBe(30 * DAY);
    },
  );

  it('RFC 5280 §4.1.2.2: takes its serial number from the given random: positive, and of 16 octets', async () => {
    const key = await createKey('ecdsa-p256');
    const make = (seed: number) => selfSigned({ names, key, now, days: 30, random: seededRandom(seed) });
    const serial = async (seed: number) => parsed(await make(seed)).leaf.serialNumber;
    expect(await serial(1)).toBe(await serial(1));
    expect(await serial(1)).not.toBe(await serial(2));
    expect(await serial(3)).toMatch(/^[4-7][0-9a-f]{31}$/);
  });

  it('names the organisation alone where no name is short enough for a common name', async () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`;
    const key = await createKey('ecdsa-p256');
    const certificate = await selfSigned({ names: [long], key, now, days: 30, random: seededRandom(1) });
    expect(parsed(certificate).leaf).toMatchObject({ names: [long], subject: 'Signpost' });
  });
});

describe('reading a chain', () => {
  it('tells what the leaf says', () => {
    const { leaf: info } = parsed(pemOf(leaf, intermediate));
    const file = tool.file(leaf.certificate);
    const read = (option: string) => tool.run('x509', '-in', file, '-noout', option).trim().split('=')[1]!;
    expect(info).toMatchObject({ names, subject: 'example.com', issuer: 'Test CA 1', isSelfSigned: false });
    expect(info.serialNumber).toBe(read('-serial').toLowerCase());
    expect(Date.parse(info.notAfter)).toBe(Date.parse(read('-enddate')));
    expect(Date.parse(info.notBefore)).toBe(Date.parse(read('-startdate')));
  });

  it('makes the renewal id of the example in RFC 9773 §4.1, of the key identifier of RFC 5280 §4.2.1.1', () => {
    const keyId = '69:88:5B:6B:87:46:40:41:E1:B3:7B:84:7B:A0:AE:2C:DE:01:C8:D4';
    const issuer = tool.issue({
      subject: 'Example CA',
      ca: true,
      extensions: [`subjectKeyIdentifier=${keyId.replaceAll(':', '')}`],
    });
    const extensions = ['authorityKeyIdentifier=keyid'];
    const issued = tool.issue({ names, issuer, serial: '0x87654321', extensions });
    expect(parsed(issued.certificate).leaf).toMatchObject({
      renewalInfoId: 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE',
      authorityKeyIdentifier: keyId.replaceAll(':', '').toLowerCase(),
      serialNumber: '87654321',
    });
  });

  it.each([
    ['as CAs give it', () => pemOf(leaf, intermediate)],
    ['with the root', () => pemOf(leaf, intermediate, root)],
    ['root first', () => pemOf(root, intermediate, leaf)],
    ['twice', () => pemOf(intermediate, leaf, intermediate, leaf)],
    ['with an unrelated CA', () => pemOf(tool.issue({ subject: 'Other', ca: true }), leaf, intermediate)],
    ['with text and CRLF', () => `Bag Attributes\r\n${pemOf(intermediate, leaf).replaceAll('\n', '\r\n')}`],
  ])('puts the leaf first and leaves the root out: %s', (_, text) => {
    expect(parsed(text()).chain).toBe(pemOf(leaf, intermediate));
  });

  it('follows a cross-signed CA rather than stop at its own root', () => {
    const older = tool.issue({ subject: 'Older Root', ca: true });
    const request = tool.run(
      'x509',
      '-x509toreq',
      '-in',
      tool.file(root.certificate),
      '-signkey',
      tool.file(root.key),
    );
    const crossed = tool.run(
      'x509', '-req', '-in', tool.file(request), '-CA', tool.file(older.certificate), '-CAkey', tool.file(older.key),
      '-set_serial', '7', '-extfile', tool.file('basicConstraints=critical,CA:TRUE'),
    ); // prettier-ignore
    const text = pemOf(root, leaf, intermediate) + crossed;
    expect(parsed(text).chain).toBe(pemOf(leaf, intermediate) + crossed);
  });

  it.each<[string, () => string, RegExp]>([
    ['nothing', () => '', /no certificate: give PEM/],
    ['junk', () => 'certificate', /no certificate: give PEM/],
    ['a cut file', () => leaf.certificate.slice(0, 200), /cut off/],
    ['junk in PEM', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /first certificate is damaged/],
    ['no base64 in PEM', () => '-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----', /damaged/],
    ['a damaged second', () => pemOf(leaf, intermediate).replace(/(MII[^]*MII)[^]{80}/, '$1'), /second certificate is damaged/],
    ['DER as text', () => Buffer.from(leaf.certificate.replace(/-----.*-----|\s/g, ''), 'base64').toString(), /This is DER/],
    ['DER as base64', () => leaf.certificate.replace(/-----.*-----|\s/g, ''), /This is DER/],
    ['a private key', () => leaf.certificate + leaf.key, /private key stands among/],
    ['a request', () => tool.run('req', '-new', '-key', tool.file(leaf.key), '-subj', '/'), /signing request/],
    ['PKCS #7', () => tool.run('crl2pkcs7', '-nocrl', '-certfile', tool.file(leaf.certificate)), /PKCS #7/],
    ['a public key', () => leaf.certificate + tool.run('pkey', '-in', tool.file(leaf.key), '-pubout'), /"BEGIN PUBLIC KEY"/],
    ['two leaves', () => pemOf(leaf, tool.issue({ names: ['example.org'], issuer: root })), /2 servers \(example.com; example.org\)/],
    ['too many', () => leaf.certificate.repeat(17), /17 certificates/],
  ])('says what is wrong with %s', (_, text, expected) => {
    expect(problems(text())).toEqual([expect.stringMatching(expected)]);
  }); // prettier-ignore
});

describe('checking a chain', () => {
  function check(text: string, key: string, more: { now?: number; names?: string[] } = {}): string[] {
    return checkChain({ chain: parsed(text), key: readKey(key)!, now, ...more });
  }
  const issue = (options: IssueOptions): Issued => tool.issue({ names, issuer: intermediate, ...options });

  it.each([
    ['ECDSA P-256', []],
    ['ECDSA P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ])('finds nothing wrong with a good one: %s', (_, key) => {
    const good = issue(key.length > 0 ? { key } : {});
    const text = pemOf(good, intermediate, root);
    expect(check(text, good.key, { names: ['mail.example.com', 'example.com'] })).toEqual([]);
    // The same is true for openssl.
    const [ca, between] = [tool.file(root.certificate), tool.file(intermediate.certificate)];
    expect(tool.run('verify', '-CAfile', ca, '-untrusted', between, tool.file(good.certificate))).toContain(
      'OK',
    );
  });

  it('takes a chain that ends below a root which clients know', () => {
    const chain = parsed(pemOf(leaf, intermediate));
    const known = new X509Certificate(root.certificate);
    const knownRootIssued = (one: X509Certificate) => one.verify(known.publicKey);
    expect(checkChain({ chain, key: readKey(leaf.key)!, now, knownRootIssued })).toEqual([]);
  });

  // RFC 5280 §4.2.1.12: a client certificate among them.
  it.each<[string, () => string[], RegExp]>([
    ['another key', () => check(pemOf(leaf, intermediate, root), root.key), /private key does not belong to .* example.com/],
    ['an expired leaf', () => check(pemOf(leaf, intermediate, root), leaf.key, { now: now + 91 * DAY }), /example.com expired on 2/],
    ['another name', () => check(pemOf(leaf, intermediate, root), leaf.key, { names: ['a.b.example.com', 'example.com'] }), /not for a.b.example.com, only for example.com, \*/],
    ['no intermediate', () => check(pemOf(leaf), leaf.key), /certificate of Test CA 1 is missing/],
    ['no intermediate but the root', () => check(pemOf(leaf, root), leaf.key), /certificate of Test CA 1 is missing/],
    ['an unknown root', () => check(pemOf(leaf, intermediate), leaf.key), /certificate of Test Root is missing/],
    ['a self-signed one', () => { const own = tool.issue({ names }); return check(own.certificate, own.key); }, /is self-signed/],
    ['an intermediate of the same name', () => check(pemOf(leaf, tool.issue({ subject: 'Test CA 1', ca: true, issuer: root }), root), leaf.key), /signature of Test CA 1 .* is wrong/],
    ['a small RSA key', () => { const weak = issue({ key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'] }); return check(pemOf(weak, intermediate, root), weak.key); }, /1024 bits/],
    ['an Ed25519 key', () => { const odd = issue({ key: ['-algorithm', 'ED25519'] }); return check(pemOf(odd, intermediate, root), odd.key); }, /\(ed25519\)/],
    ['SHA-1', () => { const old = issue({ digest: 'sha1' }); return check(pemOf(old, intermediate, root), old.key); }, /signed with SHA-1/],
    ['a CA', () => { const ca = issue({ ca: true }); return check(pemOf(ca, intermediate, root), ca.key); }, /is a CA's/],
    ['no names', () => { const bare = issue({ names: [], subject: 'example.com' }); return check(pemOf(bare, intermediate, root), bare.key); }, /no DNS names/],
    ['a client certificate', () => { const client = issue({ extensions: ['extendedKeyUsage=clientAuth'] }); return check(pemOf(client, intermediate, root), client.key); }, /not for servers/],
  ])('finds %s', (_, found, expected) => {
    expect(found()).toEqual([expect.stringMatching(expected)]);
  }); // prettier-ignore

  describe('RFC 5280 §4.2.1.3, §4.2.1.9, §4.2.1.12: what its CAs may certify, as openssl verify sees it', () => {
    /** A CA below another. */
    const ca = (issuer: Issued | undefined, options: IssueOptions): Issued =>
      tool.issue({ ca: true, ...(issuer && { issuer }), ...options });
    const bare = ['keyUsage=critical,digitalSignature'];

    it.each<[string, () => Issued[], RegExp | undefined]>([
      ['no CA below a CA that allows none', () => [ca(root, { subject: 'A', pathLength: 0 }), root], undefined],
      ['a CA below a CA that allows none', () => { const a = ca(root, { subject: 'A', pathLength: 0 }); return [ca(a, { subject: 'B' }), a, root]; }, /^CAs between A and the server: 1, and it allows for 0/],
      ['a CA below a root that allows one', () => { const r = ca(undefined, { subject: 'R', pathLength: 1 }); return [ca(r, { subject: 'A' }), r]; }, undefined],
      ['two CAs below a root that allows one', () => { const r = ca(undefined, { subject: 'R', pathLength: 1 }); const a = ca(r, { subject: 'A' }); return [ca(a, { subject: 'B' }), a, r]; }, /^CAs between R and the server: 2, and it allows for 1/],
      ['a CA that certified itself, below a CA that allows none', () => { const a = ca(root, { subject: 'A', pathLength: 0 }); return [ca(a, { subject: 'A' }), a, root]; }, undefined],
      ['a CA whose key usage has certificates', () => [ca(root, { subject: 'A', extensions: ['keyUsage=critical,keyCertSign'] }), root], undefined],
      ['a CA whose key usage has none', () => [ca(root, { subject: 'A', extensions: bare }), root], /^A issued the certificate of example.com but is no CA/],
      ['a server for a CA', () => [tool.issue({ subject: 'A', issuer: root }), root], /^A issued the certificate of example.com but is no CA/],
      ['a CA for servers', () => [ca(root, { subject: 'A', extensions: ['extendedKeyUsage=serverAuth'] }), root], undefined],
      ['a CA for mail alone', () => [ca(root, { subject: 'A', extensions: ['extendedKeyUsage=emailProtection'] }), root], /^A may not certify servers/],
    ])('%s', (_, make, expected) => {
      const cas = make();
      const good = tool.issue({ names, subject: 'example.com', issuer: cas[0]! });
      const found = check(pemOf(good, ...cas), good.key);
      expect(found).toEqual(expected ? [expect.stringMatching(expected)] : []);
      const [trusted, between] = [tool.file(cas.at(-1)!.certificate), tool.file(pemOf(...cas.slice(0, -1)))];
      const verify = () => tool.run('verify', '-purpose', 'sslserver', '-CAfile', trusted, '-untrusted', between, tool.file(good.certificate));
      if (expected) expect(verify).toThrow(/verification failed/);
      else expect(verify()).toContain('OK');
    }); // prettier-ignore
  });

  it('finds what is not yet valid, in the whole chain', () => {
    const early = expect.stringMatching(/valid only from 2/) as string;
    const found = check(pemOf(leaf, intermediate, root), leaf.key, { now: now - DAY });
    expect(found).toEqual([early, early, early]);
  });

  it('tells of all that is wrong at once', () => {
    const found = check(pemOf(leaf), root.key, { now: now + 91 * DAY, names: ['example.org'] });
    expect(found).toHaveLength(4);
  });
});

describe('names', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['*.example.com', 'mail.example.com', true],
    ['*.example.com', '*.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['example.com', 'mail.example.com', false],
    ['*.com', '.com', false],
  ])('%s is good for %s: %s', (name, host, expected) => {
    expect(covers(name, host)).toBe(expected);
  });
});
