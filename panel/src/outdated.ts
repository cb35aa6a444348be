const KEY = 'signpost-reloaded-for';

/**
 * A box that was updated has other files than those this page knows of: one that is missing is a reason to load the page again, once for each.
 */
export function reloadWhenOutdated(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const missing = String((event as Event & { payload?: unknown }).payload);
    if (sessionStorage.getItem(KEY) === missing) return;
    sessionStorage.setItem(KEY, missing);
    event.preventDefault();
    window.location.reload();
  });
}
