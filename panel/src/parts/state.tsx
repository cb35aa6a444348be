import { CircleCheck, CircleDashed, CircleX, Clock, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'good' | 'wait' | 'bad' | 'none';

const icons: Record<Tone, LucideIcon> = { good: CircleCheck, wait: Clock, bad: CircleX, none: CircleDashed };
const colours: Record<Tone, string> = {
  good: 'var(--panel-good)',
  wait: 'var(--panel-wait)',
  bad: 'var(--panel-bad)',
  none: 'var(--mantine-color-dimmed)',
};

export function StateIcon({ tone, size = 18 }: { tone: Tone; size?: number }) {
  const Icon = icons[tone];
  return <Icon size={size} color={colours[tone]} aria-hidden style={{ flexShrink: 0 }} />;
}

/** How something is: by its shape and its word, and by colour as well. Plain elements: long lists have one in each row. */
export function State({
  tone,
  children,
  size = 'sm',
}: {
  tone: Tone;
  children: ReactNode;
  size?: 'xs' | 'sm';
}) {
  return (
    <span className={size === 'xs' ? 'state state-small' : 'state'} style={{ color: colours[tone] }}>
      <StateIcon tone={tone} size={16} />
      <span>{children}</span>
    </span>
  );
}
