import { expect, test } from 'vitest';
import { Name } from '../dns/wire/name.ts';
import { type Action, allows, type RoleGrant, writesIn } from './permissions.ts';
import type { TokenScope } from './scopes.ts';

const name = (text: string): Name => Name.parse(text);
const write = (zone: string, owner?: string): Action => ({
  kind: 'dns:write',
  zone: name(zone),
  ...(owner ? { owner: name(owner) } : {}),
});
const read = (zone?: string, owner?: string): Action => ({
  kind: 'read',
  ...(zone ? { zone: name(zone) } : {}),
  ...(owner ? { owner: name(owner) } : {}),
});

const admin: TokenScope = { scope: 'admin' };
const domains: TokenScope = { scope: 'domains:write' };
const reads: TokenScope = { scope: 'read' };
const keys: TokenScope = { scope: 'certificates:export-key' };
const dns: TokenScope = { scope: 'dns:write' };
const dnsEmpty: TokenScope = { scope: 'dns:write', zones: [], names: [] };
const dnsZone: TokenScope = { scope: 'dns:write', zones: [name('example.com')] };
const dnsName: TokenScope = { scope: 'dns:write', names: [name('_acme-challenge.example.com')] };
const dnsBoth: TokenScope = {
  scope: 'dns:write',
  zones: [name('example.net')],
  names: [name('a.example.com')],
};

const challenge = '_acme-challenge.example.com';

test.each<[string, TokenScope[], Action, boolean]>([
  ['nothing allows nothing', [], read(), false],
  ['admin is admin', [admin], { kind: 'admin' }, true],
  ['admin adds domains', [admin], { kind: 'domains:write' }, true],
  ['admin writes records', [admin], write('example.com', 'www.example.com'), true],
  ['admin reads', [admin], read(), true],
  ['domains:write is not admin', [domains], { kind: 'admin' }, false],
  ['domains:write adds domains', [domains], { kind: 'domains:write' }, true],
  ['domains:write writes no records', [domains], write('example.com'), false],
  ['domains:write reads everything', [domains], read(), true],
  ['dns:write is not admin', [dns], { kind: 'admin' }, false],
  ['dns:write adds no domains', [dns], { kind: 'domains:write' }, false],
  ['dns:write writes everywhere', [dns], write('example.com'), true],
  ['dns:write with empty limits writes everywhere', [dnsEmpty], write('example.com'), true],
  ['dns:write without limits reads everything', [dns], read(), true],
  ['a zone allows the whole zone', [dnsZone], write('example.com'), true],
  ['a zone allows a name in it', [dnsZone], write('example.com', 'www.example.com'), true],
  ['a zone is compared without case', [dnsZone], write('EXAMPLE.com'), true],
  ['a zone allows no other', [dnsZone], write('example.net'), false],
  ['a zone allows none below', [dnsZone], write('sub.example.com', 'sub.example.com'), false],
  ['a zone allows none above', [dnsZone], write('com', 'example.com'), false],
  ['a zone allows to read it', [dnsZone], read('example.com'), true],
  ['a zone does not allow to read all', [dnsZone], read(), false],
  ['a name allows itself', [dnsName], write('example.com', challenge), true],
  ['a name does not allow the zone', [dnsName], write('example.com'), false],
  ['a name allows none below', [dnsName], write('example.com', `x.${challenge}`), false],
  ['a name allows no other', [dnsName], write('example.com', 'www.example.com'), false],
  ['a name allows to read it', [dnsName], read('example.com', challenge), true],
  ['a name does not allow to read the zone', [dnsName], read('example.com'), false],
  ['zones and names add up: zone', [dnsBoth], write('example.net', 'b.example.net'), true],
  ['zones and names add up: name', [dnsBoth], write('example.com', 'a.example.com'), true],
  ['zones and names add up: neither', [dnsBoth], write('example.com', 'b.example.com'), false],
  ['read reads', [reads], read('example.com', 'www.example.com'), true],
  ['read writes no records', [reads], write('example.com', 'www.example.com'), false],
  ['read adds no domains', [reads], { kind: 'domains:write' }, false],
  ['read is not admin', [reads], { kind: 'admin' }, false],
  ['admin exports no keys', [admin], { kind: 'certificates:export-key' }, false],
  [
    'nor does everything else together',
    [admin, reads, domains, dns],
    { kind: 'certificates:export-key' },
    false,
  ],
  ['certificates:export-key does', [keys], { kind: 'certificates:export-key' }, true],
  ['certificates:export-key is not admin', [keys], { kind: 'admin' }, false],
  ['certificates:export-key reads nothing', [keys], read(), false],
  ['certificates:export-key adds no domains', [keys], { kind: 'domains:write' }, false],
  ['certificates:export-key writes no records', [keys], write('example.com'), false],
  ['scopes add up', [reads, domains, dnsZone], write('example.com'), true],
])('%s', (_title, scopes, action, expected) => {
  expect(allows(scopes, action)).toBe(expected);
});

test('writing at many owners is writing at each', () => {
  const zones = ['example.com', 'sub.example.com', 'example.net'];
  // A zone below a domain whose DNS is elsewhere is somebody else's.
  const bert: RoleGrant = { role: 'domain-administrator', domains: [name('example.com')] };
  const sue: RoleGrant = { role: 'domain-administrator', domains: [name('a.example.net')] };
  const all = [
    [],
    [admin],
    [domains],
    [dns],
    [dnsZone],
    [dnsName],
    [dnsBoth],
    [reads, dnsName],
    [bert],
    [sue],
  ];
  for (const scopes of all)
    for (const zone of zones) {
      const writes = writesIn(scopes, name(zone));
      for (const owner of [zone, `a.${zone}`, `_acme-challenge.${zone}`, `_ACME-challenge.${zone}`])
        expect(writes(name(owner))).toBe(allows(scopes, write(zone, owner)));
    }
});
