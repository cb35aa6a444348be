import type { FormerHostnameView } from './service.ts';

/** What a former hostname waits for and a person can see to; none while it only waits for time to pass. */
export function formerSentence({ hostname, parents, until }: FormerHostnameView): string[] {
  if (!parents || until !== undefined) return [];
  const { zones, leading, some, unknown } = parents;
  if (leading === 0) return [];
  const names = some.map((zone) => zone.toText()).join(', ') + (leading > some.length ? ', …' : '');
  const rest = unknown > 0 ? `; of ${unknown} it is not known yet` : '';
  return [
    `The former hostname ${hostname.toText()} answers still, as the parents of ${leading} of ${zones} zones name it (${names})${rest}: signpost registrar DOMAIN says what to set there.`,
  ];
}
