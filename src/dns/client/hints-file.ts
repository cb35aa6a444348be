import { parseZoneFile } from '../zonefile/parse.ts';
import { fromWire, printRdata } from '../rdata/registry.ts';
import { ns } from '../rdata/ns.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import type { Nameserver } from './root-hints.ts';

export type HintsResult = { ok: true; roots: Nameserver[] } | { ok: false; message: string };

/** Reads root hints in zone file form, as IANA publishes them (`named.root`). */
export function parseHints(text: string): HintsResult {
  const parsed = parseZoneFile(text, { origin: Name.root, defaultTtl: 3_600_000 });
  if (!parsed.ok) {
    const { line, message } = parsed.errors[0]!;
    return { ok: false, message: `line ${line}: ${message}` };
  }
  const { records } = parsed;
  const roots = records
    .filter((record) => record.type === Type.NS && record.owner.isRoot)
    .map((record) => {
      const { target: name } = fromWire(ns, record.rdata);
      const found = records.filter(
        ({ owner, type }) => owner.equals(name) && (type === Type.A || type === Type.AAAA),
      );
      return { name, addresses: found.map(({ type, rdata }) => printRdata(type, rdata)) };
    })
    .filter(({ addresses }) => addresses.length > 0);
  return roots.length > 0
    ? { ok: true, roots }
    : { ok: false, message: 'it names no server of the root with an address' };
}
