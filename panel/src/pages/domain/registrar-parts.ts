import type { Registrar } from '../../api/queries.ts';
import type { Tone } from '../../parts/state.tsx';

/** How each thing that is set at the registrar stands: what the parent has, beside what it should have. */
export function partsOf({ nameservers, glue, ds, parent }: Registrar): {
  nameservers: Tone;
  glue: Tone;
  ds: Tone;
} {
  if (parent.checkedAt === null || parent.state === 'unknown')
    return { nameservers: 'none', glue: 'none', ds: 'none' };
  const named = same(nameservers, parent.nameservers);
  const addresses = (list: Registrar['glue']): string[] =>
    list.flatMap((one) => one.addresses.map((address) => `${one.name} ${address}`));
  const wrongDs =
    parent.ds.length > 0 && (parent.state === 'bogus' || !parent.ds.some((one) => hasDigest(ds, one)));
  return {
    nameservers: named ? 'good' : 'wait',
    glue: same(addresses(glue), addresses(parent.glue))
      ? 'good'
      : parent.state === 'glue-wrong'
        ? 'bad'
        : 'wait',
    ds: parent.state === 'secure' ? 'good' : wrongDs ? 'bad' : 'wait',
  };
}

const hasDigest = (list: Registrar['ds'], { keyTag, digest }: Registrar['ds'][number]): boolean =>
  list.some((one) => one.keyTag === keyTag && one.digest.toLowerCase() === digest.toLowerCase());

function same(wanted: readonly string[], there: readonly string[]): boolean {
  const lower = new Set(there.map((text) => text.toLowerCase()));
  return wanted.length === lower.size && wanted.every((text) => lower.has(text.toLowerCase()));
}
