import { MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import type { Action } from '../../parts/use-action.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';

export type AccountRole = queries.AccountEntry['role'];

export interface Rights {
  role: AccountRole;
  domains: string[];
}

/** Milliseconds without a key after which the box is asked. */
const PAUSE = 120;

/** What a request says of them: only a domain administrator has domains. */
export const rightsJson = ({ role, domains }: Rights) => ({
  role,
  ...(role === 'domain-administrator' && { domains }),
});

/** What an account may do: its role, and the domains of a domain administrator. */
export function RightsFields({
  rights,
  change,
  action,
}: {
  rights: Rights;
  change: (next: Rights) => void;
  action: Action;
}) {
  const { t } = useTexts();
  const mayOwners = useMay('owners');
  const roles: AccountRole[] = [
    'domain-administrator',
    'administrator',
    ...(mayOwners ? (['owner'] as const) : []),
  ];
  return (
    <>
      <Select
        label={t.accounts.role}
        description={t.accounts.roleHelp[rights.role]}
        data={roles.map((value) => ({ value, label: t.roles[value] }))}
        value={rights.role}
        onChange={(role) => role !== null && change({ ...rights, role })}
        error={action.fieldError('role')}
        allowDeselect={false}
      />
      {rights.role === 'domain-administrator' && (
        <Domains
          domains={rights.domains}
          change={(domains) => change({ ...rights, domains })}
          error={action.fieldError('domains')}
        />
      )}
    </>
  );
}

function Domains({
  domains,
  change,
  error,
}: {
  domains: string[];
  change: (domains: string[]) => void;
  error: string | undefined;
}) {
  const { t } = useTexts();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim().toLowerCase(), PAUSE);
  const found = useInfiniteQuery({ ...queries.domains({ search }), placeholderData: (before) => before });
  const names = (found.data?.pages[0]?.items ?? []).map(({ name }) => name);
  return (
    <MultiSelect
      label={t.accounts.domains}
      description={t.accounts.domainsHelp}
      data={[...new Set([...domains, ...names])]}
      value={domains}
      onChange={change}
      searchable
      searchValue={text}
      onSearchChange={setText}
      hidePickedOptions
      nothingFoundMessage={t.accounts.noDomain}
      error={error}
      clearButtonProps={{ 'aria-label': t.common.clear }}
    />
  );
}
