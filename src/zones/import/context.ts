import type { Steps } from '../../core/slices.ts';
import { composing } from '../compose.ts';
import { growingContext, type GrowingContext } from '../custom/growing-context.ts';
import { hostedDomains } from '../custom/hosted-domains.ts';
import type { CustomRecord, SourcedRecord, ZoneInput } from '../model.ts';

const none = (): [] => [];

/** The context of a whole zone's input, in which `records` are the person's. */
export function* importContext(input: ZoneInput, records: readonly CustomRecord[]): Steps<GrowingContext> {
  const derived: Map<string, SourcedRecord[]> = Map.groupBy(
    yield* composing({ ...input, custom: [] }),
    ({ owner }) => owner.key,
  );
  const context = growingContext({
    zone: input.zone.name,
    box: input.box,
    domains: hostedDomains(input.domains),
    customAt: none,
    customBelow: none,
    pointingAt: none,
    derivedAt: (owner) => derived.get(owner.key) ?? [],
  });
  for (const record of records) {
    context.take(record);
    yield;
  }
  return context;
}
