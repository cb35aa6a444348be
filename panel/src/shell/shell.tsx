import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Menu, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLiveEvents } from '../api/events.ts';
import * as queries from '../api/queries.ts';
import { useMay } from '../session/use-may.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Brand } from './brand.tsx';
import { Later } from './later.tsx';
import { Navigation } from './navigation.tsx';

/**
 * What is around every page: navigation, the palette, dialogues, and the ear for what happens on the box. Who signs in needs none of it. It is made of
 * plain elements (panel.css): nothing of a page is seen before it.
 */
export function Shell() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  // It is closed by going elsewhere: it is open at one place.
  const [openedAt, setOpenedAt] = useState<string>();
  const opened = openedAt === pathname;
  const router = useRouter();
  const { data } = useQuery(queries.session);
  useLiveEvents(useMay('admin'));
  const isOver = data?.account === null;
  useEffect(() => {
    if (isOver) void router.invalidate();
  }, [isOver, router]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t.shell.skip}
      </a>
      <header className="shell-header">
        <button
          type="button"
          className="shell-burger"
          onClick={() => setOpenedAt(opened ? undefined : pathname)}
          aria-label={opened ? t.shell.closeMenu : t.shell.openMenu}
          aria-expanded={opened}
        >
          {opened ? <X size={22} aria-hidden /> : <Menu size={22} aria-hidden />}
        </button>
        <Brand />
      </header>
      <nav className={opened ? 'shell-nav shell-nav-opened' : 'shell-nav'} aria-label={t.shell.navigation}>
        <Navigation />
      </nav>
      <main className="shell-main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Later />
    </div>
  );
}
