import { MAX_LABEL, MAX_NAME, Name } from './name.ts';

/**
 * The first name in canonical order (RFC 4034 §6.1) that can come after everything below a name: its leftmost label with a zero octet
 * more. Undefined where there is no room for that.
 */
export function endOfSubtree(name: Name): Name | undefined {
  if (name.isRoot || name.wire[0] === MAX_LABEL || name.wire.length === MAX_NAME) return undefined;
  const [label, ...above] = name.labels();
  return Name.fromLabels([Uint8Array.of(...label!, 0), ...above]);
}
