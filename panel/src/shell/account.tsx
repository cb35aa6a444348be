import { type ComponentType, useState } from 'react';
import { AccountButton } from './account-button.tsx';

const menu = () => import('./account-menu.tsx');

/** Who is signed in, with a menu that is fetched when somebody is about to open it. */
export function Account() {
  const [Menu, setMenu] = useState<ComponentType>();
  if (Menu) return <Menu />;
  const fetchMenu = (): void => void menu().catch(() => undefined);
  return (
    <AccountButton
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={fetchMenu}
      onFocus={fetchMenu}
      onClick={() => void menu().then(({ AccountMenu }) => setMenu(() => AccountMenu))}
    />
  );
}
