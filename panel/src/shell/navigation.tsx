import { Box, Button, Kbd, NavLink, ScrollArea, Text } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import * as queries from '../api/queries.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Account } from './account.tsx';
import { Brand } from './brand.tsx';
import { placesFor } from './places.ts';

/** Whether the page is the place, or below it. */
const isAt = (to: string, pathname: string): boolean =>
  pathname === to || (to !== '/' && pathname.startsWith(`${to}/`));

export function Navigation() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  const { data } = useQuery(queries.session);
  const isMailbox = data?.account?.role === 'mailbox-user';
  return (
    <>
      <Box px={6} py={6} visibleFrom="md">
        <Brand />
      </Box>
      <Button
        variant="default"
        fullWidth
        my="sm"
        classNames={{ inner: 'jump', label: 'jump-label' }}
        fw={400}
        c="dimmed"
        leftSection={<Search size={15} aria-hidden />}
        rightSection={<Kbd size="xs">{t.shell.paletteKey}</Kbd>}
        onClick={spotlight.open}
      >
        {t.shell.jump}
      </Button>
      <ScrollArea style={{ flex: 1 }} type="never">
        {placesFor(data?.may ?? []).map(({ label, places }, index) => (
          <Box key={index} mb="sm">
            {label && (
              <Text size="xs" fw={600} c="dimmed" px={10} pb={2}>
                {label(t)}
              </Text>
            )}
            {places.map(({ to, label: name, icon: Icon }) => (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={name(t)}
                active={isAt(to, pathname) || (to === '/' && isMailbox && pathname.startsWith('/mailboxes/'))}
                leftSection={<Icon size={17} aria-hidden />}
                style={{ borderRadius: 8 }}
                py={7}
              />
            ))}
          </Box>
        ))}
      </ScrollArea>
      <Account />
    </>
  );
}
