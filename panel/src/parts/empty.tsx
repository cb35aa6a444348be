import { Stack, Text, Title } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What stands where a list will be: what it is for, and the button that begins it. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <Icon size={36} color="var(--mantine-color-anchor)" strokeWidth={1.5} aria-hidden />
      <Title order={2}>{title}</Title>
      {children !== undefined && (
        <Text c="dimmed" size="sm" maw={460} mb="sm">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
