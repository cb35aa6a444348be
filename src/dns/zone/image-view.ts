import type { Name } from '../wire/name.ts';
import { ImageField, blockAt, imageOrigin, type ZoneImage } from './image.ts';
import { placeIn } from './image-index.ts';
import { readerOf, searchName, searchNsec3 } from './image-reader.ts';
import { decodeNode } from './node-codec.ts';
import type { ZoneNode, ZoneView } from './node.ts';

/**
 * A zone image as the control plane reads it: by owner, in typed values. Every node is decoded when asked for, so a view is good for as
 * long as the version is: who waits for anything while others may change the zone must ask for a new one. One that is too old throws.
 */
export function imageView(image: ZoneImage): ZoneView {
  const reader = readerOf(image);
  const { data, base, index, names, nameCount: count, nsec3, nsec3Count } = reader;
  const origin = imageOrigin(image);
  const stampAt = blockAt(image.memory.pages, image.address).word + ImageField.stamp;
  const stamp = index[stampAt];
  const at = (list: number, position: number): ZoneNode => {
    if (index[stampAt] !== stamp) throw new Error('a version of a zone is looked at that is gone');
    return decodeNode(data, base + placeIn(index, list, position), origin);
  };
  const find = ({ sortKey }: Name): number => {
    const order = Buffer.compare(sortKey.subarray(0, origin.sortKey.length), origin.sortKey);
    if (order !== 0) return order < 0 ? ~0 : ~count;
    return searchName(reader, sortKey, sortKey.length);
  };
  return {
    origin,
    size: count,
    node(owner) {
      const position = find(owner);
      return position < 0 ? undefined : at(names, position);
    },
    previous: (owner) => at(names, before(find(owner), count)),
    next(owner) {
      const position = find(owner);
      return at(names, (position < 0 ? ~position : position + 1) % count);
    },
    *nodes(below) {
      const first = below ? find(below) : 0;
      for (let i = first < 0 ? ~first : first; i < count; i++) {
        const node = at(names, i);
        if (below && !node.owner.isAtOrBelow(below)) return;
        yield node;
      }
    },
    nsec3Node(hash) {
      const position = searchNsec3(reader, hash);
      return position < 0 ? undefined : at(nsec3, position);
    },
    previousNsec3: (hash) =>
      nsec3Count === 0 ? undefined : at(nsec3, before(searchNsec3(reader, hash), nsec3Count)),
    *nsec3Nodes() {
      for (let i = 0; i < nsec3Count; i++) yield at(nsec3, i);
    },
  };
}

/** The position before a search result, around the end of a list of `count`. */
function before(position: number, count: number): number {
  const place = position < 0 ? ~position : position;
  return (place + count - 1) % count;
}
