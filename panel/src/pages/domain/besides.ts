import { answerOf, api } from '../../api/client.ts';
import type { CustomRecord } from '../../api/queries.ts';

/** What else the person has at the name and type of a record: all of it is replaced together, or nothing. */
export async function besides(zone: string, { id, owner, type }: CustomRecord) {
  const query = { owner, type, limit: '500' };
  const { items } = await answerOf(api.zones[':zone'].records.$get({ param: { zone }, query }));
  return items
    .filter((one) => one.id !== id)
    .map(({ owner, type, ttl, value }) => ({ owner, type, ttl, value }));
}
