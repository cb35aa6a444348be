import { describe, expect, test } from 'vitest';
import { custom, domain, n, zoneInput } from '../../../test/zones/input.ts';
import { mx } from '../../dns/rdata/mx.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { srv } from '../../dns/rdata/srv.ts';
import { txt } from '../../dns/rdata/txt.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { generateEd25519 } from '../../mail/dkim/key-pair.ts';
import { compose } from '../compose.ts';
import type { SourcedRecord } from '../model.ts';
import { joinedText } from '../text.ts';

/** A zone with all that is derived, with a domain without mail, and with a host of a person's own. */
const input = zoneInput({
  domains: [domain('example.com'), domain('web.example.com', { mail: false })],
  custom: [custom('host.example.com', 'A', '203.0.113.1'), custom('*.any.example.com', 'A', '203.0.113.1')],
});
const records = compose(input);
const withMail = ['example.com', 'box.example.com'].map(n);

const at = (owner: Name, type: number): SourcedRecord[] =>
  records.filter((record) => record.type === type && record.owner.equals(owner));
const of = (type: number): SourcedRecord[] => records.filter((record) => record.type === type);
const textsAt = (owner: string): string[] => at(n(owner), Type.TXT).map(({ rdata }) => joinedText(rdata));
const texts = (start: string): { owner: string; text: string }[] =>
  of(Type.TXT)
    .map(({ owner, rdata }) => ({ owner: owner.toText(), text: joinedText(rdata) }))
    .filter(({ text }) => text.startsWith(start));
const exchanges = (owner: Name) => at(owner, Type.MX).map(({ rdata }) => fromWire(mx, rdata));
/** How often each owner has such a text. */
const counts = (found: { owner: string }[]): number[] =>
  [...Map.groupBy(found, ({ owner }) => owner).values()].map(({ length }) => length);

describe('MX', () => {
  test('RFC 5321 §5.1: leads to a name with addresses, which is no alias', () => {
    const targets = of(Type.MX).map(({ rdata }) => fromWire(mx, rdata).exchange);
    const real = targets.filter((target) => !target.isRoot);
    expect(real.length).toBeGreaterThan(0);
    for (const target of real) {
      expect(at(target, Type.A).length + at(target, Type.AAAA).length).toBeGreaterThan(0);
      expect(at(target, Type.CNAME)).toEqual([]);
    }
  });

  test('RFC 7505 §3: a null MX has preference 0, the root, and no other beside it', () => {
    for (const owner of ['web.example.com', 'host.example.com', 'ns1.box.example.com'].map(n))
      expect(exchanges(owner)).toEqual([{ preference: 0, exchange: n('.') }]);
  });

  test('RFC 7505 §4.2: no null MX where mail is sent from, nor at the name that the box greets with', () => {
    for (const owner of withMail)
      expect(exchanges(owner)).toEqual([{ preference: 10, exchange: n('box.example.com') }]);
  });
});

describe('SPF', () => {
  const found = texts('v=spf1');

  test('RFC 7208 §3.1: is a TXT record, and never of the type SPF', () => {
    expect(found.length).toBeGreaterThan(withMail.length);
    expect(of(Type.SPF)).toEqual([]);
  });

  test('RFC 7208 §3.2: a name has one', () => {
    expect(new Set(counts(found))).toEqual(new Set([1]));
  });

  test('RFC 7208 §3.4: an answer with it has room in 512 octets, beside what else a person has there', () => {
    for (const { text } of found) expect(text.length).toBeLessThan(64);
  });

  test('RFC 7208 §3.5: every host has one, and a wildcard', () => {
    const hosts = [...of(Type.A), ...of(Type.AAAA), ...of(Type.MX)].map(({ owner }) => owner.toText());
    const missing = new Set(hosts).difference(new Set(found.map(({ owner }) => owner)));
    expect([...missing]).toEqual([]);
    expect(hosts).toContain('*.any.example.com');
  });

  test('RFC 7208 §2.4: the name that the box greets with allows itself, for mail without a sender', () => {
    expect(textsAt('box.example.com')).toEqual(['v=spf1 a -all']);
  });

  test('RFC 7208 §4.6.4, §5.1, §5.5, §6, §7.3: `all` stands last, and of what costs questions there is one at most', () => {
    for (const { text } of found) expect(text).toMatch(/^v=spf1( a| mx)? -all$/);
  });
});

describe('DKIM', () => {
  const found = texts('v=DKIM1');

  test('RFC 6376 §3.6.1: the version comes first, then the type of the key and the key, none for a revoked one', () => {
    expect(textsAt('s1._domainkey.example.com')).toEqual([`v=DKIM1; k=rsa; p=${'MIIB'.repeat(98)}`]);
    expect(textsAt('s0._domainkey.example.com')).toEqual(['v=DKIM1; k=rsa; p=']);
  });

  test('RFC 6376 §3.6.2.1, §3.6.2.2: at the selector below _domainkey, one at each', () => {
    expect(found.map(({ owner }) => owner).sort()).toEqual(
      ['s0', 's1', 's2'].map((selector) => `${selector}._domainkey.example.com`),
    );
    expect(new Set(counts(found))).toEqual(new Set([1]));
  });

  test('RFC 6376 §3.6.2.2, RFC 7208 §3.3: strings of 255 octets that are the text when nothing stands between them', () => {
    const { strings } = fromWire(txt, at(n('s1._domainkey.example.com'), Type.TXT)[0]!.rdata);
    expect(strings.map(({ length }) => length)).toEqual([255, 18 + 392 - 255]);
    expect(Buffer.concat(strings).toString()).toBe(`v=DKIM1; k=rsa; p=${'MIIB'.repeat(98)}`);
  });

  test('RFC 8463 §4: an Ed25519 key is its 32 octets alone', () => {
    expect(Buffer.from(generateEd25519().publicKey, 'base64')).toHaveLength(32);
    expect(textsAt('s2._domainkey.example.com')[0]).toMatch(/^v=DKIM1; k=ed25519; p=/);
  });
});

describe('DMARC', () => {
  const found = texts('v=DMARC1').filter(({ owner }) => owner.startsWith('_dmarc.'));

  test('RFC 9989 §4.5: stands at _dmarc below the domain, one of them', () => {
    expect(new Set(counts(found))).toEqual(new Set([1]));
    for (const owner of withMail) expect(textsAt(`_dmarc.${owner.toText()}`)).toHaveLength(1);
  });

  test('RFC 9989 §4.7: the version comes first, in these letters, then the policy; reports go to an address', () => {
    for (const { text } of found)
      expect(text).toMatch(/^v=DMARC1; p=(none|quarantine|reject)(; rua=mailto:[^@; ]+@box\.example\.com)?$/);
  });

  test('RFC 9989 §4.7: forbids all mail of a name that sends none', () => {
    for (const name of ['web', 'host'])
      expect(textsAt(`_dmarc.${name}.example.com`)).toEqual(['v=DMARC1; p=reject']);
  });

  test('RFC 9990 §4: reports about another domain are allowed at its name below _report._dmarc of the box', () => {
    expect(textsAt('example.net._report._dmarc.box.example.com')).toEqual(['v=DMARC1;']);
  });
});

describe('MTA-STS and TLS reports', () => {
  test('RFC 8461 §3.1: one record, the version first, then an id of 32 letters and digits at most', () => {
    const [text, ...others] = textsAt('_mta-sts.example.com');
    expect(text).toMatch(/^v=STSv1; id=[A-Za-z0-9]{1,32}$/);
    expect(others).toEqual([]);
  });

  test('RFC 8461 §3.3: the name of the policy host has addresses', () => {
    expect(at(n('mta-sts.example.com'), Type.A)).toHaveLength(2);
    expect(at(n('mta-sts.example.com'), Type.AAAA)).toHaveLength(2);
  });

  test('RFC 8461 §8.1: no record before its policy is served', () => {
    const early = compose({ ...input, mtaStsPolicies: new Map() });
    expect(early.filter(({ owner }) => /^_?mta-sts\./.test(owner.toText()))).toEqual([]);
  });

  test('RFC 8460 §3: one record at _smtp._tls, the version first, then an address without octets that it forbids', () => {
    expect(textsAt('_smtp._tls.example.com')).toEqual(['v=TLSRPTv1; rua=mailto:tls-reports@box.example.com']);
  });
});

describe('SRV of mail programs', () => {
  const service = (name: string) =>
    at(n(`${name}._tcp.example.com`), Type.SRV).map(({ rdata }) => fromWire(srv, rdata))[0]!;

  test('RFC 6186 §3.4: IMAP and POP3 are both offered, IMAP before POP3', () => {
    expect(service('_imaps').priority).toBeLessThan(service('_pop3s').priority);
  });

  test('RFC 6186 §3.4, RFC 8314 §4.1: what would be without TLS is said not to be there', () => {
    for (const name of ['_imap', '_pop3']) expect(service(name).target.isRoot).toBe(true);
  });

  test('RFC 8314 §3.3, §4.5.2: sending is offered with TLS from the first octet at 465, before STARTTLS at 587', () => {
    expect(service('_submissions')).toMatchObject({ priority: 0, port: 465 });
    expect(service('_submission')).toMatchObject({ port: 587 });
    expect(service('_submission').priority).toBeGreaterThan(0);
  });

  test('RFC 8314 §3.1, §3.2: IMAP at 993 and POP3 at 995', () => {
    expect(service('_imaps').port).toBe(993);
    expect(service('_pop3s').port).toBe(995);
  });

  test('RFC 6764 §3, §4: calendars and address books over HTTPS alone, with the path beside them', () => {
    for (const kind of ['caldav', 'carddav']) {
      expect(service(`_${kind}s`)).toMatchObject({ port: 443, target: n('box.example.com') });
      expect(textsAt(`_${kind}s._tcp.example.com`)).toEqual([`path=/.well-known/${kind}`]);
      expect(at(n(`_${kind}._tcp.example.com`), Type.SRV)).toEqual([]);
    }
  });
});
