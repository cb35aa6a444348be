import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Which answers each kind of event makes out of date, by the first words of their keys. */
const outdated: Record<string, readonly string[]> = {
  'box.changed': ['box', 'health', 'domains', 'records', 'registrar'],
  'domain.added': ['domains', 'records', 'health', 'certificates'],
  'domain.changed': ['domains', 'records'],
  'domain.removed': ['domains', 'records', 'health', 'certificates'],
  'zone.published': ['records', 'zones', 'keys', 'domains'],
  'zone.failed': ['health', 'zones'],
  'zone.mended': ['health', 'zones'],
  'zone.damaged': ['health', 'zones'],
  'zone.rebuilt': ['health', 'zones', 'records'],
  'registrar.checked': ['registrar'],
  'secondary.failed': ['secondaries', 'health'],
  'secondary.mended': ['secondaries', 'health'],
  'certificate.step': ['certificates'],
  'certificate.installed': ['certificates', 'records'],
  'certificate.failed': ['certificates'],
  'certificate.revoked': ['certificates'],
  'job.progress': ['jobs'],
  'job.done': ['jobs', 'domains', 'mailboxes', 'aliases', 'health'],
};

/** Milliseconds in which events are gathered: a job of thousands is not thousands of questions. */
const GATHER = 300;

/** Acts under way, during which nothing is asked again. */
let held = 0;

/** Does something after which what is on the page is there no more: events are heeded when it has been left. */
export async function holdEvents(act: () => Promise<void>): Promise<void> {
  held++;
  try {
    await act();
  } finally {
    held--;
  }
}

/** Follows what happens on the box, so that no page needs to be loaded again to be true. */
export function useLiveEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer = held > 0 ? setTimeout(refresh, GATHER) : undefined;
      if (timer !== undefined) return;
      for (const key of stale) void client.invalidateQueries({ queryKey: [key] });
      stale.clear();
    };
    const happened = (keys: readonly string[]): void => {
      for (const key of [...keys, 'audit']) stale.add(key);
      timer ??= setTimeout(refresh, GATHER);
    };
    const source = new EventSource('/api/v1/events');
    for (const [type, keys] of Object.entries(outdated)) source.addEventListener(type, () => happened(keys));
    // What happened while the connection was lost is not known.
    let lost = false;
    source.addEventListener('error', () => {
      lost = true;
    });
    source.addEventListener('open', () => {
      if (lost) void client.invalidateQueries();
      lost = false;
    });
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [client]);
}
