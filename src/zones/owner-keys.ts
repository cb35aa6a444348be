/**
 * `Name.key` is wire octets in lower case, so the keys of a name's ancestors are its tails: no Name has to be made to climb the tree.
 */
const DMARC = '\x06_dmarc';

/** The key of the name without its leftmost label. */
export function parentKey(key: string): string {
  return key.slice(key.charCodeAt(0) + 1);
}

/** The key itself and those of its ancestors up to the root. */
export function* ancestry(key: string): Generator<string> {
  let at = key;
  for (; at.charCodeAt(0) > 0; at = parentKey(at)) yield at;
  yield at;
}

/** For `_dmarc.X` the key of X, whose records decide what stands here. */
export function dmarcSubject(key: string): string | undefined {
  return key.startsWith(DMARC) ? key.slice(DMARC.length) : undefined;
}
