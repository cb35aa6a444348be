import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';
import { until } from '../kit/until.ts';

const names = Array.from({ length: 120 }, (_, i) => `d${i}.example`);

async function job(box: RunningBox, id: string) {
  const { body } = await box.api('GET', `/jobs/${id}`);
  return body as { state: string; done: number; total: number; failedCount: number };
}

const ended = (box: RunningBox, id: string) =>
  until(60, async () => {
    const found = await job(box, id);
    return found.state === 'running' ? undefined : found;
  });

const ttl = async (box: RunningBox, name: string) => (await ask(box.dns, name, 'MX'))?.answers[0]?.ttl;

it(
  'takes a change of the box to all zones through kill -9, again and again, each zone published once',
  { timeout: 180_000 },
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'signpost-change-'));
    let box = await startBox({ data, workers: 1 });
    const domains = names.map((name) => ({ name }));
    const added = await box.api('POST', '/domains/bulk', { domains });
    expect(await ended(box, (added.body as { job: string }).job)).toMatchObject({ failedCount: 0 });

    const { body: settings } = await box.api('GET', '/box');
    const changed = await box.api('PUT', '/box', { ...(settings as object), ttl: 1800 });
    expect(changed.status).toBe(202);
    const { job: id } = changed.body as { job: string };
    for (const share of [0.1, 0.4, 0.7]) {
      await until(60, async () => ((await job(box, id)).done >= share * names.length ? true : undefined));
      await box.kill();
      box = await startBox({ data, workers: 1 });
    }
    expect(await ended(box, id)).toMatchObject({ state: 'done', done: 121, total: 121, failedCount: 0 });
    for (const name of names) {
      expect(await ttl(box, name), name).toBe(1800);
      const { body } = await box.api('GET', `/zones/${name}/versions`);
      const causes = (body as { items: { cause: string }[] }).items.map(({ cause }) => cause);
      expect(
        causes.filter((cause) => cause === 'box settings changed'),
        name,
      ).toHaveLength(1);
    }
    await box.stop();
    rmSync(data, { recursive: true });
  },
);
