import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLightLinks } from './light-links.ts';

interface VirtualRowsProps<T> {
  rows: readonly T[];
  /** Pixels. */
  rowHeight: number;
  keyOf: (row: T) => string;
  /** Fetches the rows after these; undefined: they are being fetched, or there are none. */
  more: (() => void) | undefined;
  /** Whether these are all. */
  isWhole: boolean;
  label: string;
  /** The same function each time: a row is made anew when it changes, and not when the list is scrolled. Links in it are plain ones. */
  children: (row: T) => ReactNode;
}

/** Rows before the end at which the next ones are fetched. */
const AHEAD = 50;
/** Rows that are there beyond each end of what is seen. */
const BEYOND = 10;

/** A list of any length, of which the page holds those rows alone that are seen. */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  const { rows, rowHeight, keyOf, more, isWhole, label, children } = props;
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [rows.length]);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: BEYOND,
    scrollMargin: top,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) more();
  }, [more, last, rows.length]);
  const links = useLightLinks();
  return (
    <div
      ref={list}
      role="list"
      aria-label={label}
      className="virtual-rows"
      style={{ height: rows.length * rowHeight }}
      {...links}
    >
      {items.map(({ index }) => (
        <Row
          key={keyOf(rows[index]!)}
          row={rows[index]!}
          index={index}
          count={isWhole ? rows.length : -1}
          height={rowHeight}
          render={children as (row: unknown) => ReactNode}
        />
      ))}
    </div>
  );
}

interface RowProps {
  row: unknown;
  index: number;
  /** Of all rows; -1: nobody knows yet. */
  count: number;
  height: number;
  render: (row: unknown) => ReactNode;
}

const Row = memo(function Row({ row, index, count, height, render }: RowProps) {
  return (
    <div
      role="listitem"
      aria-setsize={count}
      aria-posinset={index + 1}
      style={{ height, transform: `translateY(${index * height}px)` }}
    >
      {render(row)}
    </div>
  );
});
