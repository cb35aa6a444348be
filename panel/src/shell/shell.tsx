import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useLiveEvents } from '../api/events.ts';
import * as queries from '../api/queries.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useMay } from '../session/use-may.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Brand } from './brand.tsx';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';
import { Told } from './told.tsx';

/** What is around every page: navigation, the palette, dialogues, and the ear for what happens on the box. Who signs in needs none of it. */
export function Shell() {
  const { t } = useTexts();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const router = useRouter();
  const { data } = useQuery(queries.session);
  useLiveEvents(useMay('admin'));
  const isOver = data?.account === null;
  useEffect(() => {
    if (isOver) void router.invalidate();
  }, [isOver, router]);
  useEffect(() => close(), [pathname, close]);
  return (
    <AppShell
      header={{ height: { base: 52, md: 0 } }}
      navbar={{ width: 236, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip" href="#main">
        {t.shell.skip}
      </a>
      <AppShell.Header hiddenFrom="md">
        <Group h="100%" px="md" gap="sm">
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-label={opened ? t.shell.closeMenu : t.shell.openMenu}
            aria-expanded={opened}
          />
          <Brand />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t.shell.navigation}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <Outlet />
      </AppShell.Main>
      <Palette />
      <ConfirmDialog />
      <Told />
    </AppShell>
  );
}
