import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import type { ZoneSet } from '../../src/dns/server/zone-set.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { askCase } from '../kit/dns-case.ts';
import { missing } from '../kit/requires.ts';
import { imageOf, zoneSet } from '../kit/test-zone.ts';
import { type Nameserver, peers, startPeer, stopNameserver } from '../kit/zone-servers.ts';
import { askAll, type Difference, differenceOf, differenceText, whenServing } from './compare.ts';
import { isKnown } from './differences.ts';
import { createQuestions } from './questions.ts';
import { type SignedZones, signedZones } from './zones.ts';

/*
 * The same zones, the same questions: our answers against those of Knot, NSD, BIND and PowerDNS. `differences.ts` has each way in which one of them
 * answers otherwise. DIFFERENTIAL=100000 asks so many questions of each.
 */
const QUESTIONS = Number(process.env['DIFFERENTIAL'] ?? 2500);
const needs = missing({ commands: ['knotd', 'nsd', 'named', 'pdns_server', 'dnssec-signzone'] });

describe.skipIf(needs).each(['nsec', 'nsec3'] as const)(
  `answers to zones with %s ${needs ?? ''}`,
  (denial) => {
    let signed: SignedZones;
    let ours: ZoneSet;
    const servers = new Map<string, Nameserver>();

    beforeAll(async () => {
      signed = signedZones(denial);
      ours = zoneSet([...signed.zones].map(([origin, text]) => imageOf(text, Name.parse(`${origin}.`))));
      const { folder, zones } = signed;
      for (const peer of peers) {
        const primary = servers.get('BIND')?.port ?? 0;
        const server = await startPeer(peer, folder, { folder, origins: [...zones.keys()], primary });
        servers.set(peer.name, server);
        await whenServing({ address: '127.0.0.1', port: server.port }, zones.keys());
      }
    }, 120_000);
    afterAll(() => Promise.all([...servers.values()].map(stopNameserver)));

    it.each(peers.map(({ name }) => name))('are those of %s', { timeout: 1_800_000 }, async (name) => {
      const next = createQuestions(seededRandom(42), signed.zones.values(), denial);
      const found: Difference[] = [];
      for (let left = QUESTIONS; left > 0; left -= 1000) {
        const specs = Array.from({ length: Math.min(left, 1000) }, next);
        const theirs = await askAll({ address: '127.0.0.1', port: servers.get(name)!.port }, specs);
        for (const [i, spec] of specs.entries()) {
          const difference = differenceOf(spec, askCase(ours, { ...spec, transport: 'tcp' }), theirs[i]!);
          if (difference && !isKnown(name, difference)) found.push(difference);
        }
      }
      expect(found.slice(0, 20).map(differenceText)).toEqual([]);
    });
  },
);
