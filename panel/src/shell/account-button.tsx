import { useQuery } from '@tanstack/react-query';
import type { ButtonHTMLAttributes, Ref } from 'react';
import * as queries from '../api/queries.ts';
import { useTexts } from '../texts/use-texts.ts';

/** Who is signed in. */
export function AccountButton(
  props: ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> },
) {
  const { t } = useTexts();
  const { data } = useQuery(queries.session);
  const name = data?.account?.displayName || data?.account?.name || '';
  return (
    <button type="button" {...props} className="nav-account">
      <span className="nav-initials" aria-hidden>
        {initialsOf(name)}
      </span>
      <span className="nav-account-text">
        <span className="nav-account-name">{name}</span>
        <span className="nav-account-role">{data?.account && t.roles[data.account.role]}</span>
      </span>
    </button>
  );
}

/** The first letters of the first two words. */
const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => /^./u.exec(word)?.[0].toUpperCase() ?? '')
    .join('');
