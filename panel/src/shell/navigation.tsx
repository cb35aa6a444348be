import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import * as queries from '../api/queries.ts';
import { useLightLinks } from '../parts/light-links.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Account } from './account.tsx';
import { Brand } from './brand.tsx';
import { openPalette } from './open-palette.ts';
import { placesFor } from './places.ts';

/** Whether the page is the place, or below it. */
const isAt = (to: string, pathname: string): boolean =>
  pathname === to || (to !== '/' && pathname.startsWith(`${to}/`));

export function Navigation() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  const { data } = useQuery(queries.session);
  const links = useLightLinks();
  const isMailbox = data?.account?.role === 'mailbox-user';
  const isHere = (to: string): boolean =>
    isAt(to, pathname) || (to === '/' && isMailbox && pathname.startsWith('/mailboxes/'));
  return (
    <>
      <div className="nav-brand">
        <Brand />
      </div>
      <button type="button" className="nav-jump" onClick={openPalette}>
        <Search size={15} aria-hidden />
        <span className="nav-jump-label">{t.shell.jump}</span>
        <kbd>{t.shell.paletteKey}</kbd>
      </button>
      <div className="nav-places" {...links}>
        {placesFor(data?.may ?? []).map(({ label, places }, index) => (
          <div key={index} className="nav-group">
            {label && <div className="nav-group-label">{label(t)}</div>}
            {places.map(({ to, label: name, icon: Icon }) => (
              <a key={to} href={to} className="nav-place" aria-current={isHere(to) ? 'page' : undefined}>
                <Icon size={17} aria-hidden />
                {name(t)}
              </a>
            ))}
          </div>
        ))}
      </div>
      <Account />
    </>
  );
}
