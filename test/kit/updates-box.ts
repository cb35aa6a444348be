import { createLog } from '../../src/core/log.ts';
import { type Random, systemRandom } from '../../src/core/random.ts';
import { encodeMessage, type MessageRecord, newMessage } from '../../src/dns/message/message.ts';
import { rdataFromText, typeCode } from '../../src/dns/rdata/registry.ts';
import { Class, Opcode, rcodeName } from '../../src/dns/wire/codes.ts';
import type { ZoneNode } from '../../src/dns/zone/node.ts';
import { secondaryRows, type UpdateGrant } from '../../src/zones/secondaries/store.ts';
import { createUpdates } from '../../src/zones/updates/service.ts';
import { domain, name, person, startZones, type ZonesBox } from './zones-box.ts';

export interface SentUpdate {
  zone?: string;
  zoneType?: number;
  zoneClass?: number;
  /** Prerequisites, updates and additional records: `NAME TTL CLASS TYPE [RDATA]`, below example.com unless the name ends with a dot. */
  when?: string[];
  then?: string[];
  beside?: string[];
  key?: string;
}

export interface UpdatesBox {
  box: ZonesBox;
  /** The RCODE of what answers the update. */
  send(update: SentUpdate): Promise<string>;
  /** That of an update in these octets. */
  sendOctets(message: Uint8Array, key?: string): Promise<string>;
  addKey(key: string, update: UpdateGrant[]): Promise<void>;
  /** What is served of a name below example.com. */
  node(owner: string): ZoneNode | undefined;
  /** The values of an RRset that is served, without what the box adds to names that have addresses. */
  served(owner: string, type: string): string[];
}

const classes: Readonly<Record<string, number>> = { ...Class, CH: 3 };

/** A box with two domains, and `all.key` which may change all of the first. Of `random` come the ids of the records that are added. */
export async function startUpdatesBox(random: Random = systemRandom): Promise<UpdatesBox> {
  const box = await startZones();
  await box.domains.add(person, domain('example.com'));
  await box.domains.add(person, domain('example.org'));
  const { store, publisher, sources, clock } = box;
  const log = createLog({ level: 'silent' });
  const updates = createUpdates({ store, publisher, sources, clock, random, log });
  const sendOctets = async (message: Uint8Array, key = 'all.key'): Promise<string> =>
    rcodeName(await updates.update({ what: 'update', message, key, client: '192.0.2.9' }));
  const node = (owner: string): ZoneNode | undefined =>
    publisher.view(name('example.com'))!.node(name(absolute(owner)));
  const made: UpdatesBox = {
    box,
    sendOctets,
    send: ({ key, ...update }) => sendOctets(encodeUpdate(update), key),
    async addKey(key, update) {
      const row = { algorithm: 'hmac-sha256', sealedSecret: new Uint8Array(1), createdAt: '' } as const;
      await box.work.change({ actor: person, cause: 'test' }, (change) =>
        change.rows(secondaryRows).insertKey({ ...row, name: name(key), transfer: [], update }),
      );
    },
    node,
    served: (owner, type) =>
      (node(owner)?.rrsets ?? [])
        .filter((rrset) => rrset.type === typeCode(type))
        .flatMap(({ rdatas }) => rdatas.map((rdata) => Buffer.from(rdata).toString('latin1').slice(1)))
        .filter((value) => !value.startsWith('v=spf1')),
  };
  await made.addKey('all.key', [{ zone: name('example.com'), owners: undefined, types: undefined }]);
  return made;
}

function absolute(owner: string): string {
  return owner.endsWith('.') ? owner : `${owner}.example.com`;
}

function record(text: string): MessageRecord {
  const [, owner, ttl, rrClass, type, value] = /^(\S+) (\d+) (IN|CH|ANY|NONE) (\S+) ?(.*)$/.exec(text)!;
  const code = type === 'ANY' ? 255 : typeCode(type!)!;
  const rdata = value === '' ? new Uint8Array(0) : rdataFromText(code, value!);
  return { owner: name(absolute(owner!)), type: code, class: classes[rrClass!]!, ttl: Number(ttl), rdata };
}

export function encodeUpdate({
  zone = 'example.com',
  zoneType = 6,
  zoneClass = 1,
  when = [],
  then = [],
  beside = [],
}: Omit<SentUpdate, 'key'>): Uint8Array {
  return encodeMessage(
    newMessage({
      id: 1,
      opcode: Opcode.UPDATE,
      questions: [{ name: name(zone), type: zoneType, class: zoneClass }],
      answers: when.map(record),
      authorities: then.map(record),
      additionals: beside.map(record),
    }),
  );
}
