import { encode } from 'uqr';

/** Modules of empty border that readers need (ISO/IEC 18004 §9.1). */
const BORDER = 4;

/** A QR code, dark on white whatever the page is. `size`: pixels. */
export function QrCode({ text, label, size }: { text: string; label: string; size: number }) {
  const { data, size: modules } = encode(text, { border: BORDER });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      viewBox={`0 0 ${modules} ${modules}`}
      width={size}
      height={size}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      style={{ flexShrink: 0 }}
    >
      <rect width={modules} height={modules} fill="#fff" rx="1.5" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}
