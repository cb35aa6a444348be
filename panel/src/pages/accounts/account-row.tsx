import { Badge, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, UserRound } from 'lucide-react';
import * as queries from '../../api/queries.ts';
import { Time } from '../../parts/time.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AccountState } from './account-state.tsx';

/** Domains that are named in a row. */
const NAMED = 3;

export function AccountRow({ account }: { account: queries.AccountEntry }) {
  const { t, format } = useTexts();
  const { data: session } = useQuery(queries.session);
  const { name, displayName, role, domains, secondFactor, passkeys, lastSignInAt } = account;
  const named = domains.slice(0, NAMED);
  if (domains.length > NAMED) named.push(t.accounts.andMore(format.number(domains.length - NAMED)));
  if (role === 'domain-administrator' && domains.length === 0) named.push(t.accounts.noDomains);
  const facts = [
    [t.roles[role], named.join(', ')].filter((part) => part !== '').join(': '),
    ...(secondFactor ? [t.accounts.secondFactor] : []),
    ...(passkeys > 0 ? [t.accounts.passkeys(format.number(passkeys))] : []),
  ];
  return (
    <Link to="/accounts/$name" params={{ name }} className="row-link">
      <Group px="md" py="sm" gap="sm" wrap="nowrap">
        <UserRound size={18} aria-hidden style={{ flexShrink: 0 }} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group gap={8}>
            <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
              {displayName ? `${displayName} · ${name}` : name}
            </Text>
            {session?.account?.id === account.id && <Badge color="gray">{t.accounts.you}</Badge>}
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {facts.join(' · ')}
          </Text>
          <Group gap={12}>
            <AccountState account={account} />
            <Text size="xs" c="dimmed">
              {lastSignInAt === null ? (
                t.accounts.neverSignedIn
              ) : (
                <>
                  {t.accounts.lastSignIn} <Time value={lastSignInAt} />
                </>
              )}
            </Text>
          </Group>
        </div>
        <ChevronRight size={16} aria-hidden color="var(--mantine-color-dimmed)" style={{ flexShrink: 0 }} />
      </Group>
    </Link>
  );
}
