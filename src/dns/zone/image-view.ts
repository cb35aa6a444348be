import { Name } from '../wire/name.ts';
import { INDEX_HEADER, IndexField, type ZoneImage } from './image.ts';
import { search } from './image-reader.ts';
import { decodeNode } from './node-codec.ts';
import type { ZoneNode, ZoneView } from './node.ts';

/** A zone image as the control plane reads it: by owner, in typed values. Every node is decoded when asked for. */
export function imageView(image: ZoneImage): ZoneView {
  const data = new Uint8Array(image.data, 0, image.used);
  const count = new Uint32Array(image.index, 0, INDEX_HEADER)[IndexField.names]!;
  const names = new Uint32Array(image.index, 4 * INDEX_HEADER, count);
  const nsec3 = new Uint32Array(image.index, 4 * (INDEX_HEADER + count));
  const at = (list: Uint32Array, position: number): ZoneNode => decodeNode(data, list[position]);
  const find = (list: Uint32Array, key: Uint8Array): number => search(data, list, key, key.length, 0);
  return {
    origin: Name.trusted(image.originWire),
    size: count,
    node(owner) {
      const position = find(names, owner.sortKey);
      return position < 0 ? undefined : at(names, position);
    },
    previous: (owner) => at(names, before(find(names, owner.sortKey), count)),
    next(owner) {
      const position = find(names, owner.sortKey);
      return at(names, (position < 0 ? ~position : position + 1) % count);
    },
    *nodes(below) {
      const first = below ? find(names, below.sortKey) : 0;
      for (let i = first < 0 ? ~first : first; i < count; i++) {
        const node = at(names, i);
        if (below && !node.owner.isAtOrBelow(below)) return;
        yield node;
      }
    },
    nsec3Node(hash) {
      const position = find(nsec3, hash);
      return position < 0 ? undefined : at(nsec3, position);
    },
    previousNsec3: (hash) =>
      nsec3.length === 0 ? undefined : at(nsec3, before(find(nsec3, hash), nsec3.length)),
    *nsec3Nodes() {
      for (let i = 0; i < nsec3.length; i++) yield at(nsec3, i);
    },
  };
}

/** The position before a search result, around the end of a list of `count`. */
function before(position: number, count: number): number {
  const place = position < 0 ? ~position : position;
  return (place + count - 1) % count;
}
