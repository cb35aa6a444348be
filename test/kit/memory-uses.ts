import type { Use, UseReads } from '../../src/certs/store.ts';

/** What was used of the limits, kept in lists. `places`: the certificates under way, each with the registered domains of its names. */
export function memoryUses(
  uses: readonly Use[],
  places: ReadonlyMap<string, readonly string[]> = new Map(),
): UseReads {
  const of = (what: Pick<Use, 'kind' | 'subject'>): number[] =>
    uses
      .filter(({ kind, subject }) => kind === what.kind && subject === what.subject)
      .map(({ at }) => at)
      .sort((a, b) => b - a);
  return {
    useBefore: (what, skip) => of(what)[skip],
    usesSince: (what, since) => of(what).filter((at) => at >= since).length,
    mostUsed(kind, limit) {
      const subjects = new Set(uses.filter((use) => use.kind === kind).map(({ subject }) => subject));
      return [...subjects]
        .map((subject) => ({ subject, count: of({ kind, subject }).length }))
        .sort((a, b) => b.count - a.count)
        .slice(0, limit);
    },
    underWay: (domain, but, limit) =>
      Math.min([...places].filter(([id, domains]) => id !== but && domains.includes(domain)).length, limit),
  };
}
