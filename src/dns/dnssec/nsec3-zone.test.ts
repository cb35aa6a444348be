import { describe, expect, it } from 'vitest';
import { signedImage } from '../../../test/kit/test-zone.ts';
import { printRdata } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { imageView } from '../zone/image-view.ts';
import { nsec3Hash, nsec3Owner } from './nsec3.ts';

const zone = `$ORIGIN example.com.
@ SOA ns1 hostmaster 1 3600 600 1209600 300
@ NS ns1
ns1 A 192.0.2.1
insecure NS ns1
*.wild TXT "any"
`;

describe('a zone that we sign with NSEC3', async () => {
  const view = imageView(await signedImage(zone, 'nsec3'));
  const chain = [...view.nsec3Nodes()].map(({ rrsets }) => rrsets[0]!);
  /** Hash algorithm, flags, iterations and salt of each NSEC3. */
  const heads = chain.map(({ rdatas }) =>
    printRdata(Type.NSEC3, rdatas[0]!).split(' ').slice(0, 4).join(' '),
  );

  it('RFC 5155 §4, §4.1.2: has the parameters of its NSEC3PARAM in every NSEC3; RFC 9276 §3.1: no salt, and no more iterations', () => {
    const { rrsets } = view.node(view.origin)!;
    const params = rrsets.find(({ type }) => type === Type.NSEC3PARAM)!.rdatas;
    expect(params.map((rdata) => printRdata(Type.NSEC3PARAM, rdata))).toEqual(['1 0 0 -']);
    expect(heads).toEqual(Array.from({ length: 5 }, () => '1 0 0 -'));
  });

  it('RFC 5155 §3.1.2, §12.2, RFC 9276 §3.1: sets no flag, so nobody is opted out', () => {
    expect(chain.map(({ rdatas }) => rdatas[0]![1])).toEqual([0, 0, 0, 0, 0]);
    const insecure = nsec3Owner(nsec3Hash(Name.parse('insecure', view.origin)), view.origin);
    expect(chain.some(({ owner }) => owner.equals(insecure))).toBe(true);
  });

  it('RFC 5155 §7.1: names no NSEC3 in a bitmap', () => {
    for (const { rdatas } of chain)
      expect(printRdata(Type.NSEC3, rdatas[0]!).split(' ')).not.toContain('NSEC3');
  });
});
