import { type DigestType, dsFromDnskey, dsRdata } from '../../dns/dnssec/keys.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { PublicKey, ZoneKeyRow } from '../store.ts';
import type { DnskeyView, DsView } from './views.ts';

/** SHA-256 for everybody (RFC 8624 §3.3). */
const CDS_DIGEST: DigestType = 2;
const SHOWN_DIGESTS: readonly DigestType[] = [2, 4];

/** Whether the parent's DS is to name this key. */
export function isSecureEntryPoint(key: Pick<ZoneKeyRow, 'role'>): boolean {
  return key.role !== 'ZSK';
}

/** Rdata of the CDS and CDNSKEY of a zone by the state of its keys (RFC 7344 §3). */
export function cdsOf(zone: Name, keys: readonly PublicKey[]): { cds: Uint8Array[]; cdnskey: Uint8Array[] } {
  const entry = keys.filter((key) => key.state === 'active' && isSecureEntryPoint(key));
  return {
    cds: entry.map((key) => dsRdata(dsFromDnskey(zone, key.dnskey, CDS_DIGEST))),
    cdnskey: entry.map((key) => key.dnskey),
  };
}

/** A key's DS in every form that registrars ask for. */
export function dsViews(zone: Name, key: Pick<ZoneKeyRow, 'dnskey'>): DsView[] {
  return SHOWN_DIGESTS.map((type) => {
    const ds = dsFromDnskey(zone, key.dnskey, type);
    return { ...ds, digest: Buffer.from(ds.digest).toString('hex').toUpperCase() };
  });
}

/** The fields of DNSKEY rdata (RFC 4034 §2.1). */
export function dnskeyView({ dnskey }: Pick<ZoneKeyRow, 'dnskey'>): DnskeyView {
  return {
    flags: (dnskey[0]! << 8) | dnskey[1]!,
    protocol: dnskey[2]!,
    algorithm: dnskey[3]!,
    publicKey: Buffer.from(dnskey.subarray(4)).toString('base64'),
  };
}
