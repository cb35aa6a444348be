import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { type DataPlane, startDataPlane } from '../../src/dns/server/data-plane.ts';
import { rcodeName } from '../../src/dns/wire/codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { askResolver } from '../kit/ask.ts';
import { bindSign, type Peer, startUnbound } from '../kit/nameserver-peers.ts';
import { missing } from '../kit/requires.ts';
import { SERVER_ZONE } from '../kit/server-zone.ts';
import { imageOf, servedZones } from '../kit/test-zone.ts';

const needs = missing({ commands: ['unbound', 'delv', 'dnssec-signzone'] });

/** Every kind of answer; `delv` false where it would have to ask other servers. */
interface Kind {
  kind: string;
  qname: string;
  qtype: string;
  rcode?: string;
  secure?: false;
  delv?: false;
  /**
   * Unbound (1.17 to 1.22) does not take the proof. A wildcard that is an empty non-terminal has no NSEC of its own: one whose next
   * name is below the wildcard proves that it exists and has no type, and the one that covers the name asked for that
   * nothing is closer (RFC 4035 §3.1.3.4, RFC 4592 §2.2.2). NSD sends the same, and delv takes it. Unbound looks for an empty
   * non-terminal at the name asked for only, and of a wildcard for the NSEC that it owns (`nsec_proves_nodata` in its
   * validator/val_nsec.c); with NSEC3 it takes the same answer.
   */
  unboundFault?: 'nsec';
}

const kinds: Kind[] = [
  { kind: 'positive', qname: 'web', qtype: 'A' },
  { kind: 'positive at the apex', qname: '', qtype: 'MX' },
  { kind: 'larger than UDP takes', qname: 'big', qtype: 'TXT' },
  { kind: 'wildcard', qname: 'q.wild', qtype: 'TXT' },
  { kind: 'wildcard, some labels', qname: 'p.q.wild', qtype: 'A' },
  { kind: 'NODATA', qname: 'web', qtype: 'TXT' },
  { kind: 'NODATA at the apex', qname: '', qtype: 'AAAA' },
  { kind: 'wildcard NODATA', qname: 'q.wild', qtype: 'MX' },
  { kind: 'empty non-terminal', qname: 'b.ent', qtype: 'A' },
  { kind: 'empty non-terminal wildcard', qname: 'q.wsub', qtype: 'A', unboundFault: 'nsec' },
  { kind: 'NXDOMAIN', qname: 'nope', qtype: 'A', rcode: 'NXDOMAIN' },
  { kind: 'NXDOMAIN below a name', qname: 'a.b.web', qtype: 'A', rcode: 'NXDOMAIN' },
  { kind: 'NXDOMAIN below an empty non-terminal', qname: 'x.b.ent', qtype: 'A', rcode: 'NXDOMAIN' },
  { kind: 'CNAME', qname: 'alias', qtype: 'A' },
  { kind: 'CNAME to NODATA', qname: 'alias', qtype: 'TXT' },
  { kind: 'CNAME to nothing', qname: 'dangling', qtype: 'A', rcode: 'NXDOMAIN' },
  { kind: 'wildcard CNAME', qname: 'q.walias', qtype: 'A' },
  { kind: 'wildcard CNAME to nothing', qname: 'q.wnowhere', qtype: 'A', rcode: 'NXDOMAIN' },
  { kind: 'DNAME', qname: 'x.dn', qtype: 'A' },
  { kind: 'DNAME to a CNAME', qname: 'y.dn', qtype: 'A' },
  { kind: 'DNAME to a wildcard', qname: 'q.w.dn', qtype: 'A' },
  { kind: 'DNAME to nothing', qname: 'nope.dn', qtype: 'A', rcode: 'NXDOMAIN' },
  { kind: 'DS of a signed delegation', qname: 'child', qtype: 'DS' },
  { kind: 'no DS of an insecure delegation', qname: 'insecure', qtype: 'DS' },
  { kind: 'signed delegation', qname: 'www.child', qtype: 'A', delv: false },
  {
    kind: 'NXDOMAIN in a signed delegation',
    qname: 'nope.child',
    qtype: 'A',
    rcode: 'NXDOMAIN',
    delv: false,
  },
  { kind: 'insecure delegation', qname: 'www.insecure', qtype: 'A', secure: false, delv: false },
];

describe.skipIf(needs).each(['nsec', 'nsec3'] as const)(
  `validators of a zone with %s ${needs ?? ''}`,
  (denial) => {
    let plane: DataPlane;
    let unbound: Peer;
    let anchors: string;

    beforeAll(async () => {
      const apex =
        '@ 3600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 900\n@ NS ns1.example.com.\n';
      const child = `$ORIGIN child.example.com.\n${apex}www 300 A 192.0.2.200\n`;
      const signedChild = bindSign(child, 'child.example.com', denial);
      const ds = readFileSync(join(signedChild.directory, 'dsset-child.example.com.'), 'utf8');
      const parent = bindSign(`${SERVER_ZONE}child NS ns1\n${ds}`, 'example.com', denial);
      const insecure = `$ORIGIN insecure.example.com.\n${apex}www 300 A 192.0.2.201\n`;
      const started = await startDataPlane({
        addresses: [{ address: '127.0.0.1', port: 0 }],
        workers: 1,
        clock: systemClock,
        log: createLog({ level: 'silent' }),
        zones: servedZones([
          imageOf(parent.text, Name.parse('example.com.')),
          imageOf(signedChild.text, Name.parse('child.example.com.')),
          imageOf(insecure, Name.parse('insecure.example.com.')),
        ]),
      });
      if (!started.ok) throw new Error(started.problem.message);
      ({ plane } = started);
      const names = ['example.com', 'child.example.com', 'insecure.example.com'];
      unbound = await startUnbound(parent.anchor, names, plane.addresses[0]!);
      anchors = join(parent.directory, 'anchors');
      const [, flags, protocol, algorithm, key] = /DNSKEY\s+(\d+)\s+(\d+)\s+(\d+)\s+(.*)/.exec(
        parent.anchor,
      )!;
      const entry = `example.com. static-key ${flags!} ${protocol!} ${algorithm!} "${key!.replace(/\s/g, '')}";`;
      writeFileSync(anchors, `trust-anchors { ${entry} };\n`);
    }, 180_000);
    afterAll(() => Promise.all([plane.close(), unbound.stop()]));

    it.each(kinds.filter(({ unboundFault }) => unboundFault !== denial))(
      'Unbound: $kind ($qname $qtype)',
      async ({ qname, qtype, rcode, secure }) => {
        const message = await askResolver(unbound.address, `${qname}${qname && '.'}example.com.`, qtype);
        expect({ rcode: rcodeName(message.rcode), ad: message.flags.ad }).toEqual({
          rcode: rcode ?? 'NOERROR',
          ad: secure ?? true,
        });
      },
    );

    it.each(kinds.filter(({ delv }) => delv !== false))('delv: $kind ($qname $qtype)', ({ qname, qtype }) => {
      const { address, port } = plane.addresses[0]!;
      const name = `${qname}${qname && '.'}example.com`;
      const args = [`@${address}`, '-p', `${port}`, '-a', anchors, '+root=example.com', name, qtype];
      const { stdout, stderr } = spawnSync('delv', args, { encoding: 'utf8', timeout: 60_000 });
      expect(stdout + stderr).toMatch(/; (negative response, )?fully validated/);
    });
  },
);
