import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Domain } from './queries.ts';

/** Which answers each kind of event makes out of date, by the first words of their keys. */
const outdated: Record<string, readonly string[]> = {
  'box.changed': ['box', 'health', 'checks', 'domains', 'delegations', 'records', 'registrar', 'secondaries'],
  'domain.added': ['domains', 'delegations', 'records', 'health', 'checks', 'certificates'],
  'domain.changed': ['domains', 'delegations', 'records', 'mail', 'dkim'],
  'domain.removed': ['domains', 'delegations', 'records', 'health', 'checks', 'certificates'],
  'zone.published': ['records', 'zones', 'keys'],
  'zone.failed': ['health', 'checks', 'zones'],
  'zone.mended': ['health', 'checks', 'zones'],
  'zone.damaged': ['health', 'checks', 'zones'],
  'zone.rebuilt': ['health', 'checks', 'zones', 'records'],
  'registrar.checked': ['registrar', 'delegations'],
  'zone.delegated': ['certificates'],
  'secondary.added': ['secondaries', 'health', 'checks'],
  'secondary.removed': ['secondaries', 'health', 'checks'],
  'tsig-key.added': ['tsig-keys'],
  'tsig-key.removed': ['tsig-keys'],
  'token.added': ['tokens'],
  'token.revoked': ['tokens'],
  'secondary.failed': ['secondaries', 'health', 'checks'],
  'secondary.mended': ['secondaries', 'health', 'checks'],
  'secondary-zone.added': ['secondary-zones'],
  'secondary-zone.changed': ['secondary-zones'],
  'secondary-zone.removed': ['secondary-zones', 'health', 'checks'],
  'secondary-zone.transferred': ['secondary-zones', 'health', 'checks'],
  'secondary-zone.failed': ['secondary-zones', 'health', 'checks'],
  'secondary-zone.mended': ['secondary-zones', 'health', 'checks'],
  'secondary-zone.expired': ['secondary-zones', 'health', 'checks'],
  'certificate.step': ['certificates'],
  'certificate.installed': ['certificates', 'records'],
  'certificate.failed': ['certificates'],
  'certificate.revoked': ['certificates'],
  'hook.done': ['health', 'checks'],
  'hook.failed': ['health', 'checks'],
  'hostname.retired': ['box', 'records', 'health', 'checks'],
  'dkim.step': ['records', 'health', 'checks', 'dkim'],
  'dkim.failed': ['health', 'checks', 'dkim'],
  'dkim.mended': ['health', 'checks', 'dkim'],
  'mailbox.added': ['mailboxes', 'mailbox-usage'],
  'mailbox.changed': ['mailboxes'],
  'mailbox.retired': ['mailboxes', 'mailbox-usage'],
  'mailbox.restored': ['mailboxes', 'mailbox-usage'],
  'alias.added': ['aliases'],
  'alias.changed': ['aliases'],
  'alias.removed': ['aliases'],
  'mail.settings-changed': ['mail'],
  'web.changed': ['mail', 'web'],
  'mail.applied': ['mail', 'mailbox-usage', 'health', 'checks'],
  'mail.failed': ['mail', 'health', 'checks'],
  'account.added': ['accounts'],
  'account.changed': ['session', 'accounts'],
  'account.removed': ['accounts'],
  'session.started': ['sessions', 'accounts'],
  'session.ended': ['session', 'sessions'],
  'job.progress': ['jobs'],
  'job.done': ['jobs', 'domains', 'delegations', 'mailboxes', 'mailbox-usage', 'aliases', 'health', 'checks'],
};

/** Milliseconds in which events are gathered: a job of thousands is not thousands of questions. */
const GATHER = 300;

/** Milliseconds until a stream that the box refused is opened again: a browser does that by itself only when the connection was lost. */
const REOPEN = 10_000;

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

type DomainList = InfiniteData<{ items: Domain[] }>;

/**
 * What parents said is in long lists as well, which are not asked for again for one row: it is put into them as it is. Those that are out of date stay
 * so, and are asked for when they are seen.
 */
function putParent(client: QueryClient, { zone, state }: { zone: string; state: Domain['parent'] }): void {
  const has = (item: Domain): boolean => item.zone === zone && item.parent !== state;
  for (const query of client.getQueryCache().findAll({ queryKey: ['domains', 'list'] })) {
    const list = query.state.data as DomainList | undefined;
    if (query.state.isInvalidated || !list?.pages.some(({ items }) => items.some(has))) continue;
    const pages = list.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (has(item) ? { ...item, parent: state } : item)),
    }));
    client.setQueryData<DomainList>(
      query.queryKey,
      { ...list, pages },
      { updatedAt: query.state.dataUpdatedAt },
    );
  }
}

/** Follows what happens on the box, so that no page needs to be loaded again to be true. */
export function useLiveEvents(enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return undefined;
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      // What is being asked is not asked anew before it is answered: a long list would never be whole.
      const asking = client.isFetching({ predicate: ({ queryKey }) => stale.has(String(queryKey[0])) }) > 0;
      timer = held > 0 || asking ? setTimeout(refresh, GATHER) : undefined;
      if (timer !== undefined) return;
      for (const key of stale) void client.invalidateQueries({ queryKey: [key] });
      stale.clear();
    };
    const happened = (keys: readonly string[]): void => {
      for (const key of [...keys, 'audit']) stale.add(key);
      timer ??= setTimeout(refresh, GATHER);
    };
    const stream = openStream({
      happened,
      parentAsked: (answer) => putParent(client, answer),
      askAgain: () => void client.invalidateQueries(),
      // The session may have been ended elsewhere: who asks for it again finds that out.
      refused: () => void client.invalidateQueries({ queryKey: ['session'] }),
    });
    document.addEventListener('visibilitychange', stream.follow);
    stream.follow();
    return () => {
      document.removeEventListener('visibilitychange', stream.follow);
      stream.leave();
      clearTimeout(timer);
    };
  }, [client, enabled]);
}

/**
 * The stream of events of this window, while it is seen: a browser has six connections to a box over HTTP/1.1, and windows in the background would
 * keep them all. What happened meanwhile is asked for when it is seen again.
 */
function openStream({
  happened,
  parentAsked,
  askAgain,
  refused,
}: {
  happened: (keys: readonly string[]) => void;
  parentAsked: (answer: { zone: string; state: Domain['parent'] }) => void;
  askAgain: () => void;
  refused: () => void;
}) {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  // What happened while nobody listened is not known.
  let lost = document.hidden;
  const leave = (): void => {
    source?.close();
    source = undefined;
    clearTimeout(again);
  };
  const listen = (): void => {
    const stream = new EventSource('/api/v1/events');
    source = stream;
    for (const [type, keys] of Object.entries(outdated)) stream.addEventListener(type, () => happened(keys));
    stream.addEventListener('registrar.checked', ({ data }: MessageEvent<string>) =>
      parentAsked((JSON.parse(data) as { data: Parameters<typeof parentAsked>[0] }).data),
    );
    stream.addEventListener('error', () => {
      lost = true;
      if (stream.readyState !== EventSource.CLOSED) return;
      refused();
      again = setTimeout(listen, REOPEN);
    });
    stream.addEventListener('open', () => {
      if (lost) askAgain();
      lost = false;
    });
  };
  const follow = (): void => {
    if (document.hidden) {
      lost = true;
      leave();
    } else if (!source) listen();
  };
  return { leave, follow };
}
