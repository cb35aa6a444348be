import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTexts } from '../texts/use-texts.ts';
import mark from '../signpost.svg';
import { LanguageSwitch } from './language-switch.tsx';

/** A page without navigation: for who is not signed in. */
export function Bare({
  title,
  lead,
  width = 400,
  children,
}: {
  title: string;
  lead?: ReactNode;
  width?: number;
  children: ReactNode;
}) {
  const { t } = useTexts();
  useEffect(() => {
    document.title = `${title} · ${t.name}`;
  }, [title, t]);
  return (
    <Stack mih="100vh" align="center" justify="center" p="md" gap="lg" component="main">
      <Group gap={10}>
        <img src={mark} width={34} height={34} alt="" />
        <Text fw={650} size="xl">
          {t.name}
        </Text>
      </Group>
      <Box className="card" w="100%" maw={width} p={{ base: 'lg', sm: 'xl' }}>
        <Title order={1} mb={lead === undefined ? 'md' : 4}>
          {title}
        </Title>
        {lead !== undefined && (
          <Text c="dimmed" size="sm" mb="lg" component="div">
            {lead}
          </Text>
        )}
        {children}
      </Box>
      <LanguageSwitch />
    </Stack>
  );
}
