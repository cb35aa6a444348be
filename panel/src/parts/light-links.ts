import { useRouter } from '@tanstack/react-router';
import { type MouseEvent, type SyntheticEvent, useMemo } from 'react';

/** Where the link leads that something happened at; undefined: it is none, or the browser's own. */
function hrefAt({ target }: SyntheticEvent): string | undefined {
  const link = target instanceof Element ? target.closest('a[href]') : null;
  const href = link?.getAttribute('href');
  return href?.startsWith('/') && !link?.hasAttribute('target') ? href : undefined;
}

/** Whether a click opens a tab or a window, or saves what is behind the link: the browser does that. */
const isForBrowser = (event: MouseEvent): boolean =>
  event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;

/**
 * What an element listens to so that plain links in it stay within the page. A `Link` of the router for each row of a long list costs more than all
 * else of the row.
 */
export function useLightLinks() {
  const router = useRouter();
  return useMemo(() => {
    const preload = (event: SyntheticEvent): void => {
      const to: string | undefined = hrefAt(event);
      if (to !== undefined) void router.preloadRoute({ to }).catch(() => undefined);
    };
    return {
      onClick(event: MouseEvent): void {
        const href = hrefAt(event);
        if (href === undefined || event.defaultPrevented || isForBrowser(event)) return;
        event.preventDefault();
        void router.navigate({ href });
      },
      onFocus: preload,
      onPointerDown: preload,
    };
  }, [router]);
}
