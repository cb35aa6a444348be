import { call, type ChildBox, until } from './child-box.ts';

/** What the API takes in one request is less than this (2 MiB). */
const CHUNK = 10_000;

/** Adds domains by `POST /domains/bulk`. @throws Error when one of them was refused */
export async function addDomains(
  box: ChildBox,
  domains: readonly { name: string; web?: boolean }[],
): Promise<void> {
  for (let from = 0; from < domains.length; from += CHUNK) {
    const { job } = await call<{ job: string }>(box, 'POST', '/domains/bulk', {
      domains: domains.slice(from, from + CHUNK),
    });
    await until(async () => {
      const answer = await call<{ state: string; failedCount: number }>(box, 'GET', `/jobs/${job}`);
      if (answer.failedCount > 0) throw new Error(`${answer.failedCount} domains were refused`);
      return answer.state === 'done';
    });
  }
}
