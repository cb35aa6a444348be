import { expect, it } from 'vitest';
import { box, zoneInput } from '../../../test/zones/input.ts';
import { caa } from './caa.ts';

const account = 'https://ca.example/acct/1';
const bound = `; validationmethods=dns-01; accounturi=${account}`;

it.each([
  ['the CA in use', 'auto', ['ca.example'], `ca.example${bound}`],
  ['the first of its names', 'auto', ['ca.example', 'ca.example.org'], `ca.example${bound}`],
  ['none of a CA that has not said its name', 'auto', [], undefined],
  ['what a person set while the CA has no name', 'ca.example', [], `ca.example${bound}`],
  ['what a person set, another name of the CA', 'CA.example.org', ['ca.example', 'ca.example.org'], `CA.example.org${bound}`],
  ['what a person set, another CA, which has not our account', 'other.example', ['ca.example'], 'other.example'],
  ['none when a person wants none', undefined, ['ca.example'], undefined],
])('RFC 8657 §3, §3.1, §4, §5.6: names %s', (_, caaIssuer, acmeCaaIdentities, expected) => {
  const input = zoneInput({ box: { ...box, caaIssuer, adminEmail: undefined }, acmeAccountUri: account, acmeCaaIdentities });
  const records = caa.derive({ ...input, customAt: () => [] }).map(({ rdata }) => Buffer.from(rdata).toString('latin1'));
  // Before the tag: the flags are 0 (RFC 8659 §4.1).
  const values = expected === undefined ? [] : ['issue', 'issuewild'].map((tag) => `\0${String.fromCharCode(tag.length)}${tag}${expected}`);
  expect(records).toEqual(values);
}); // prettier-ignore

it.each([
  ['an account whose address ends the value (RFC 8659 §4.2)', 'https://ca.example/acct/1;2', 'ca.example; validationmethods=dns-01'],
  ['no account yet', undefined, 'ca.example; validationmethods=dns-01'],
])('RFC 8657 §3, §4, §5.8: names the method alone, of %s', (_, acmeAccountUri, expected) => {
  const input = zoneInput({ box: { ...box, caaIssuer: 'auto' }, acmeAccountUri, acmeCaaIdentities: ['ca.example'] });
  const [issue] = caa.derive({ ...input, customAt: () => [] });
  expect(Buffer.from(issue!.rdata).subarray(7).toString('latin1')).toBe(expected);
}); // prettier-ignore

it('RFC 8659 §4.4: reports go to the address of the admin, as a URL', () => {
  const at = (adminEmail: string | undefined) =>
    caa
      .derive({ ...zoneInput({ box: { ...box, adminEmail } }), customAt: () => [] })
      .map(({ rdata }) => Buffer.from(rdata).toString('latin1'))
      .filter((text) => text.includes('iodef'));
  expect(at('admin@example.net')).toEqual(['\0\x05iodefmailto:admin@example.net']);
  expect(at(undefined)).toEqual([]);
});
