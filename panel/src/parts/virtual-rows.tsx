import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

interface VirtualRowsProps<T> {
  rows: readonly T[];
  /** Pixels. */
  rowHeight: number;
  keyOf: (row: T) => string;
  /** Fetches the rows after these; undefined: there are no more. */
  more: (() => void) | undefined;
  label: string;
  children: (row: T) => ReactNode;
}

/** Rows before the end at which the next ones are fetched. */
const AHEAD = 30;

/** A list of any length, of which the page holds those rows alone that are seen. */
export function VirtualRows<T>({ rows, rowHeight, keyOf, more, label, children }: VirtualRowsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [rows.length]);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) more();
  }, [more, last, rows.length]);
  return (
    <div
      ref={list}
      role="list"
      aria-label={label}
      style={{ height: virtualizer.getTotalSize(), position: 'relative' }}
    >
      {items.map(({ index, start }) => (
        <div
          key={keyOf(rows[index]!)}
          role="listitem"
          aria-setsize={more ? -1 : rows.length}
          aria-posinset={index + 1}
          style={{
            position: 'absolute',
            insetInline: 0,
            top: 0,
            height: rowHeight,
            transform: `translateY(${start - top}px)`,
            borderTop: '1px solid var(--panel-line)',
          }}
        >
          {children(rows[index]!)}
        </div>
      ))}
    </div>
  );
}
