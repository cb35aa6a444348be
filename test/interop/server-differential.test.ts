import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep, systemClock } from '../../src/core/clock.ts';
import { randomInteger, seededRandom } from '../../src/core/random.ts';
import { printRdata, typeName } from '../../src/dns/rdata/registry.ts';
import type { ZoneSet } from '../../src/dns/server/zone-set.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { rcodeName } from '../../src/dns/wire/codes.ts';
import { decodeMessage, type Message, type MessageRecord } from '../../src/dns/message/message.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { printZoneFile } from '../../src/dns/zonefile/print.ts';
import { askCase, type DnsCase, questionOf } from '../kit/dns-case.ts';
import { bindSign, type Peer, startBind, startKnot, startNsd } from '../kit/nameserver-peers.ts';
import { rareRecords } from '../kit/rare-records.ts';
import { missing } from '../kit/requires.ts';
import { SERVER_ZONE } from '../kit/server-zone.ts';
import { imageOf, zoneSet } from '../kit/test-zone.ts';

/**
 * The same signed zone, the same questions: our answers against those of NSD and Knot. Compared are RCODE, AA and TC, the
 * answer and the authority section as sets, and the glue of referrals. Not compared, since the RFCs leave it open:
 * - ANY and RRSIG questions: which RRset stands for all (RFC 8482 §4.1);
 * - the additional section of anything but a referral;
 * - the case of names (RFC 4343 §4.1).
 * `knownFaults` names where a peer is wrong or says more than it must; the other peer agrees with us there.
 */
const needs = missing({ commands: ['nsd', 'knotd', 'dnssec-signzone'] });
const QUESTIONS = 700;

const labels =
  'www web mail ns1 ns2 ent a b a.b.ent b.ent wild x.wild host.wild a.host.wild deep.wild y.deep.wild walias q.walias wnowhere ' +
  'q.wnowhere wsub q.wsub sub.q.wsub *.wild *.wsub q.*.wsub sub.*.wsub dn x.dn y.dn n.dn q.w.dn dtarget x.dtarget q.w.dtarget ' +
  'out a.out long a.long secure ns.secure x.secure insecure ns.insecure deep.insecure x.deep.insecure a.b.delegated ' +
  'b.delegated delegated x.a.b.delegated toinsecure big zz alias outside dangling loop1 loop2 toempty mixed www.mixed ' +
  '_tcp _25._tcp.mail _tcp.mail _imaps._tcp nope a.nope 0 zzz \\000 \\255 *';
const names = ['example.com.', ...labels.split(' ').map((label) => `${label}.example.com.`)];
names.push(`${'x'.repeat(60)}.${'y'.repeat(60)}.long.example.com.`);
const types = ['A', 'AAAA', 'MX', 'TXT', 'NS', 'SOA', 'DS', 'DNSKEY', 'CNAME', 'DNAME', 'SRV', 'HTTPS'];

const knownFaults: Record<string, (spec: DnsCase) => boolean> = {
  // Sends one proof too many: with a wildcard reached through a DNAME, and for a wildcard asked for by its own name.
  NSD: ({ qname }) => /^q\.w\.dn\.|^\*\./.test(qname),
  // Answers NXDOMAIN, not YXDOMAIN (RFC 6672 §2.2), when a DNAME makes too long a name. Leaves out the proof of an empty
  // non-terminal wildcard (RFC 4592 §4.8), and of the expansion when the answer is itself an NSEC.
  Knot: ({ qname, qtype }) =>
    /\.long\.|^(sub\.)?q\.wsub\./.test(qname) || (qtype === 'NSEC' && qname.startsWith('q.')),
};

function questions(denial: 'nsec' | 'nsec3'): DnsCase[] {
  // At a CNAME of a zone without NSEC, NSD follows the CNAME (RFC 1034 §4.3.2) and Knot does not; we do.
  const asked = denial === 'nsec' ? [...types, 'NSEC'] : types;
  const random = seededRandom(42);
  const pick = <T>(list: readonly T[]): T => list[randomInteger(random, list.length)]!;
  return Array.from({ length: QUESTIONS }, () => ({
    qname: pick(names),
    qtype: pick(asked),
    do: random.float() < 0.7,
    udpSize: 4096,
  }));
}

function line({ owner, ttl, type, rdata }: MessageRecord): string {
  return `${owner.toString()} ${ttl} ${typeName(type)} ${printRdata(type, rdata)}`.toLowerCase();
}

/** What is compared of a response, a line for each fact. */
function essence(message: Message): Set<string> {
  const referral = !message.flags.aa && message.authorities.some(({ type }) => type === Type.NS);
  const glue = referral ? message.additionals : [];
  return new Set([
    `rcode ${rcodeName(message.rcode)}`,
    `aa ${message.flags.aa} tc ${message.flags.tc}`,
    ...message.answers.map((record) => `answer ${line(record)}`),
    ...message.authorities.map((record) => `authority ${line(record)}`),
    ...glue.map((record) => `glue ${line(record)}`),
  ]);
}

async function askPeer({ address }: Peer, spec: DnsCase): Promise<Message> {
  const socket = createSocket('udp4');
  try {
    for (let attempt = 0; attempt < 40; attempt++) {
      const reply = new Promise<Buffer>((resolve) =>
        socket.once('message', (bytes: Buffer) => resolve(bytes)),
      );
      socket.send(questionOf(spec), address.port, address.address, () => undefined);
      const bytes = await Promise.race([reply, sleep(systemClock, 250)]);
      const message = bytes && decodeMessage(bytes);
      // A server that is still loading its zone says SERVFAIL or REFUSED.
      if (message && !['SERVFAIL', 'REFUSED'].includes(rcodeName(message.rcode))) return message;
      await sleep(systemClock, 50);
    }
  } finally {
    socket.close();
  }
  throw new Error('no answer from the peer');
}

/** What of a response to the question only one of us says; undefined when we agree. */
async function difference(zones: ZoneSet, peer: Peer, spec: DnsCase): Promise<string | undefined> {
  const ours = essence(askCase(zones, { ...spec, transport: 'tcp' }));
  const theirs = essence(await askPeer(peer, spec));
  const only = [...ours.difference(theirs)].map((fact) => `only we say: ${fact}`);
  const missed = [...theirs.difference(ours)].map((fact) => `only they say: ${fact}`);
  return only.length + missed.length === 0
    ? undefined
    : [`${spec.qname} ${spec.qtype} do=${spec.do!}`, ...only, ...missed].join('\n');
}

describe.skipIf(needs).each(['nsec', 'nsec3'] as const)(
  `answers to a zone with %s ${needs ?? ''}`,
  (denial) => {
    let zones: ZoneSet;
    let peers: Peer[] = [];
    beforeAll(async () => {
      const signed = bindSign(SERVER_ZONE, 'example.com', denial);
      zones = zoneSet([imageOf(signed.text, Name.parse('example.com.'))]);
      peers = await Promise.all([
        startNsd('example.com', signed.file),
        startKnot('example.com', signed.file),
      ]);
    });
    afterAll(() => Promise.all(peers.map((peer) => peer.stop())));

    it.each(['NSD', 'Knot'])('are those of %s', { timeout: 60_000 }, async (name) => {
      const peer = peers.find((other) => other.name === name)!;
      const differences: string[] = [];
      for (const spec of questions(denial).filter((spec) => !knownFaults[name]!(spec))) {
        const found = await difference(zones, peer, spec);
        if (found !== undefined) differences.push(found);
      }
      expect(differences).toEqual([]);
    });
  },
);

const needsBind = missing({ commands: ['named', 'dnssec-signzone'] });
describe.skipIf(needsBind)(`answers for the types that few zones have ${needsBind ?? ''}`, () => {
  const origin = Name.parse('example.com.');
  const rare = rareRecords();

  it.each(['nsec', 'nsec3'] as const)('are those of BIND: %s', { timeout: 60_000 }, async (denial) => {
    const head = '@ 3600 SOA ns1 hostmaster 1 7200 3600 1209600 900\n@ 3600 NS ns1\nns1 3600 A 192.0.2.53\n';
    const signed = bindSign(`$ORIGIN example.com.\n${head}${printZoneFile(rare)}`, 'example.com', denial);
    const zones = zoneSet([imageOf(signed.text, origin)]);
    const peer = await startBind('example.com', signed.file);
    try {
      const owners = Map.groupBy(rare, ({ owner }) => owner.toString());
      const questions = [...owners].flatMap(([qname, records]) =>
        ['TXT', ...new Set(records.map(({ type }) => typeName(type)))].map((qtype) => ({ qname, qtype })),
      );
      const differences: string[] = [];
      for (const question of questions) {
        // BIND leaves out the RRSIG that covers a SIG, against RFC 4035 §3.1.1: no resolver could validate that.
        for (const dnssec of question.qtype === 'SIG' ? [false] : [true, false]) {
          const spec = { ...question, do: dnssec, udpSize: 4096 };
          const found = await difference(zones, peer, spec);
          if (found !== undefined) differences.push(found);
        }
      }
      expect(questions.length).toBeGreaterThan(80);
      expect(differences).toEqual([]);
    } finally {
      await peer.stop();
    }
  });
});
