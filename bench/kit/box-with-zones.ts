import { addDomains } from './add-domains.ts';
import { type ChildBox, startChildBox, stopChildBox } from './child-box.ts';
import { fillDkimPool } from './dkim-pool.ts';

/** DKIM keys that stay in the pool: more than a box keeps there, so that it makes none. */
const LEFT = 100;

/** A box that runs, with new data, and serves these domains, each with the records of mail and of a web site. It makes nothing in the background any more. */
export async function boxWithZones(data: string, origins: readonly string[]): Promise<ChildBox> {
  await stopChildBox(await startChildBox({ data }));
  fillDkimPool(data, origins.length + LEFT);
  const box = await startChildBox({ data });
  await addDomains(
    box,
    origins.map((name) => ({ name, web: true })),
  );
  return box;
}
