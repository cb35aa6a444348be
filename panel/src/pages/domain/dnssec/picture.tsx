import { useTexts } from '../../../texts/use-texts.ts';
import type { ParentState } from '../parent-state.ts';
import { toneOf } from '../parent-state.ts';
import { type Bar, ticksOf, type Timetable } from './timetable.ts';

/** Pixels: across, the drawing takes the room that there is. */
const HEAD = 20;
const ROW = 44;
const BAR = 12;
const FOOT = 22;

const ground = 'var(--mantine-color-body)';
const line = 'var(--panel-line)';
const small = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' };

/** A word stays readable where a line crosses it. */
const halo = { stroke: ground, strokeWidth: 5, paintOrder: 'stroke' } as const;

interface PictureProps {
  timetable: Timetable;
  parent: ParentState | undefined;
}

/** Keys, signatures and DS as bars over time, with a line for now. The list beside it says the same in words. */
export function Picture({ timetable, parent }: PictureProps) {
  const { t, format } = useTexts();
  const { from, to, now, bars } = timetable;
  const at = (time: number): number => ((time - from) / (to - from)) * 100;
  const bottom = HEAD + bars.length * ROW;
  return (
    <svg width="100%" height={bottom + FOOT} role="img" aria-label={t.dnssec.timetable.picture}>
      {ticksOf(timetable).map((time) => (
        <g key={time}>
          <line x1={`${at(time)}%`} x2={`${at(time)}%`} y1={HEAD} y2={bottom} stroke={line} />
          <text x={`${at(time)}%`} y={bottom + 15} textAnchor={anchorAt(at(time))} {...small}>
            {format.day(new Date(time))}
          </text>
        </g>
      ))}
      <line
        x1={`${at(now)}%`}
        x2={`${at(now)}%`}
        y1={HEAD - 4}
        y2={bottom}
        stroke="var(--mantine-color-text)"
        strokeDasharray="3 3"
      />
      <text
        x={`${at(now)}%`}
        y={12}
        textAnchor={anchorAt(at(now))}
        {...small}
        fill="var(--mantine-color-text)"
      >
        {t.dnssec.timetable.now}
      </text>
      {bars.map((bar, index) => (
        <svg key={`${bar.kind} ${index}`} y={HEAD + index * ROW} height={ROW} overflow="visible">
          <Row bar={bar} at={at} parent={parent} />
        </svg>
      ))}
    </svg>
  );
}

interface RowProps {
  bar: Bar;
  at: (time: number) => number;
  parent: ParentState | undefined;
}

function Row({ bar, at, parent }: RowProps) {
  const { t } = useTexts();
  const { colour, isAwaited } = lookOf(bar, parent);
  const { kind, mark } = bar;
  const left = at(bar.from);
  const full = at(bar.to) - left;
  // Paler: a key that does not sign, and what the renewal is to replace.
  const isIdle = kind === 'key' && bar.state !== 'active';
  const strong =
    kind === 'signatures' && mark !== undefined ? Math.min(at(mark) - left, full) : isIdle ? 0 : full;
  const top = 22;
  return (
    <>
      <text x={0} y={14} fontSize={13} fill="var(--mantine-color-text)" {...halo}>
        {kind === 'key' ? t.dnssec.key(bar.keyTag!) : t.dnssec.timetable[kind]}
      </text>
      {kind === 'signatures' && mark !== undefined && (
        <text x={`${at(mark)}%`} y={14} textAnchor={anchorAt(at(mark))} {...small} {...halo}>
          {t.dnssec.timetable.renewal}
        </text>
      )}
      <rect x={`${left}%`} width={`${full}%`} y={top} height={BAR} fill={ground} />
      {isAwaited ? (
        <rect
          x={`${left}%`}
          width={`${full}%`}
          y={top}
          height={BAR}
          fill="none"
          stroke={colour}
          strokeDasharray="4 4"
        />
      ) : (
        <>
          <rect x={`${left}%`} width={`${full}%`} y={top} height={BAR} fill={colour} fillOpacity={0.35} />
          <rect x={`${left}%`} width={`${strong}%`} y={top} height={BAR} fill={colour} />
        </>
      )}
      {bar.later && !isAwaited && (
        <svg x="100%" y={top} overflow="visible">
          <path d={`M-7 0H1V${BAR}H-7L0 ${BAR / 2}Z`} fill={ground} />
        </svg>
      )}
      {mark !== undefined && (
        <circle cx={`${at(mark)}%`} cy={top + BAR / 2} r={6} fill={ground} stroke={colour} strokeWidth={3} />
      )}
    </>
  );
}

function lookOf({ kind }: Bar, parent: ParentState | undefined): { colour: string; isAwaited: boolean } {
  if (kind === 'key') return { colour: 'var(--mantine-color-blue-6)', isAwaited: false };
  if (kind === 'signatures') return { colour: 'var(--mantine-color-teal-7)', isAwaited: false };
  const tone = parent === undefined ? 'none' : toneOf(parent);
  if (parent === 'secure' || parent === 'bogus') return { colour: `var(--panel-${tone})`, isAwaited: false };
  return { colour: 'var(--panel-wait)', isAwaited: true };
}

/** At the edges words lie on the side where there is room. */
function anchorAt(percent: number): 'start' | 'middle' | 'end' {
  if (percent < 8) return 'start';
  return percent > 92 ? 'end' : 'middle';
}
