import { expect, it } from 'vitest';
import { zoneInput } from '../../../test/zones/input.ts';
import { tlsa } from './tlsa.ts';

const key = (letter: string) => ({ spkiSha256: letter.repeat(64) });

it('RFC 6698 §3: stands at the port, without zeros before it, and transport below the name of the box', () => {
  const records = tlsa.derive({ ...input([key('a')]), holdsHostname: true });
  const { hostname } = input([]).box;
  expect(records.map(({ owner }) => owner.toText())).toEqual(
    [25, 465, 587, 993, 995, 4190, 443].map((port) => `_${port}._tcp.${hostname.toText()}`),
  );
});

it('RFC 6698 §A.4: the next key stands beside the one in use', () => {
  const records = tlsa.derive({ ...input([key('a'), key('b')]), holdsHostname: true });
  const at25 = records.filter(({ owner }) => owner.toText().startsWith('_25.'));
  expect(at25.map(({ rdata }) => Buffer.from(rdata).toString('hex'))).toEqual([
    `030101${'a'.repeat(64)}`,
    `030101${'b'.repeat(64)}`,
  ]);
});

it.each([
  ['another zone than that of the box', [key('a')], false],
  ['a box whose certificate nobody trusts yet', [], true],
])('RFC 6698 §A.1: there is none in %s', (_, tlsaKeys, holdsHostname) => {
  expect(tlsa.derive({ ...input(tlsaKeys), holdsHostname })).toEqual([]);
});

function input(tlsaKeys: { spkiSha256: string }[]) {
  return { ...zoneInput({ tlsaKeys }), customAt: () => [] };
}
