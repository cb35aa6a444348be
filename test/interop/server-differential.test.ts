import { describe, expect, it } from 'vitest';
import { typeName } from '../../src/dns/rdata/registry.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { printZoneFile } from '../../src/dns/zonefile/print.ts';
import { askAll, differenceOf, differenceText, whenServing } from '../differential/compare.ts';
import { askCase } from '../kit/dns-case.ts';
import { bindSign, startBind } from '../kit/nameserver-peers.ts';
import { rareRecords } from '../kit/rare-records.ts';
import { missing } from '../kit/requires.ts';
import { imageOf, zoneSet } from '../kit/test-zone.ts';

const needsBind = missing({ commands: ['named', 'dnssec-signzone'] });
describe.skipIf(needsBind)(`answers for the types that few zones have ${needsBind ?? ''}`, () => {
  const origin = Name.parse('example.com.');
  const rare = rareRecords();

  it.each(['nsec', 'nsec3'] as const)('are those of BIND: %s', { timeout: 180_000 }, async (denial) => {
    const head = '@ 3600 SOA ns1 hostmaster 1 7200 3600 1209600 900\n@ 3600 NS ns1\nns1 3600 A 192.0.2.53\n';
    const signed = bindSign(`$ORIGIN example.com.\n${head}${printZoneFile(rare)}`, 'example.com', denial);
    const zones = zoneSet([imageOf(signed.text, origin)]);
    const peer = await startBind('example.com', signed.file);
    try {
      const owners = Map.groupBy(rare, ({ owner }) => owner.toString());
      const questions = [...owners].flatMap(([qname, records]) =>
        ['TXT', ...new Set(records.map(({ type }) => typeName(type)))].map((qtype) => ({ qname, qtype })),
      );
      // BIND leaves out the RRSIG that covers a SIG, against RFC 4035 §3.1.1: no resolver could validate that.
      const specs = questions.flatMap((question) =>
        (question.qtype === 'SIG' ? [false] : [true, false]).map((dnssec) => ({
          ...question,
          do: dnssec,
          udpSize: 4096,
        })),
      );
      await whenServing(peer.address, ['example.com']);
      const theirs = await askAll(peer.address, specs);
      const differences = specs.flatMap(
        (spec, i) => differenceOf(spec, askCase(zones, { ...spec, transport: 'tcp' }), theirs[i]!) ?? [],
      );
      expect(questions.length).toBeGreaterThan(80);
      expect(differences.map(differenceText)).toEqual([]);
    } finally {
      await peer.stop();
    }
  });
});
