import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTexts } from '../texts/use-texts.ts';

export interface PageProps {
  title: string;
  /** A sentence for somebody who is here for the first time. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** Above the title: the way back. */
  above?: ReactNode;
  children: ReactNode;
  /** Pixels; forms are narrower than lists. */
  width?: number;
}

/** A page of the panel: its title names the window, too. */
export function Page({ title, lead, actions, above, children, width = 1120 }: PageProps) {
  const { t } = useTexts();
  useEffect(() => {
    document.title = `${title} · ${t.name}`;
  }, [title, t]);
  return (
    <Box maw={width} mx="auto" w="100%">
      <Stack gap="lg">
        <div>
          {above}
          <Group justify="space-between" align="flex-end" gap="sm">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {actions && <Group gap="xs">{actions}</Group>}
          </Group>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mt={4} maw={720} component="div">
              {lead}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Box>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="card" aria-label={title}>
      <Group justify="space-between" p="md" pb="xs" gap="sm" align="flex-start">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Title order={2}>{title}</Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mt={2} maw={680} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      <Box p="md" pt={4}>
        {children}
      </Box>
    </section>
  );
}
