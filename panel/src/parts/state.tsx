import { Group, Text } from '@mantine/core';
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

/** How something is: by its shape and its word, and by colour as well. */
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
    <Group gap={6} wrap="nowrap" style={{ display: 'inline-flex' }}>
      <StateIcon tone={tone} size={16} />
      <Text span size={size} fw={500} c={colours[tone]}>
        {children}
      </Text>
    </Group>
  );
}
