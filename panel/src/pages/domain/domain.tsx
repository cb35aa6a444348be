import { Group, Menu, Tabs, ActionIcon, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { EllipsisVertical, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { holdEvents } from '../../api/events.ts';
import * as queries from '../../api/queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { client } from '../../query-client.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { toneOf } from './parent-state.ts';
import { tabs } from './tabs.ts';

/** A domain: its parts are tabs, each with an address of its own. */
export function DomainPage() {
  const { t } = useTexts();
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const mayRemove = useMay('domains:write');
  const { data: domain, error, refetch } = useQuery(queries.domain(name));
  return (
    <Page
      title={name}
      above={<BackLink to="/domains">{t.domains.title}</BackLink>}
      actions={domain && mayRemove && <Actions name={name} />}
      lead={domain && <Uses domain={domain} />}
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {domain && (
        <>
          <DomainTabs domain={domain} />
          <Outlet />
        </>
      )}
    </Page>
  );
}

function Uses({ domain }: { domain: queries.Domain }) {
  const { t } = useTexts();
  const { data } = useQuery({ ...queries.registrar(domain.name), enabled: domain.dns === 'local' });
  const uses = [
    domain.dns === 'local' ? t.domains.local : t.domains.external,
    domain.mail && t.domains.mail,
    domain.web && t.domains.web,
  ].filter((use) => use !== false);
  return (
    <Group component="span" gap="sm">
      <Text span inherit>
        {uses.join(' · ')}
      </Text>
      {data && <State tone={toneOf(data.parent.state)}>{t.parent.short[data.parent.state]}</State>}
    </Group>
  );
}

function DomainTabs({ domain }: { domain: queries.Domain }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const isAdmin = useMay('admin');
  const shown = tabs.filter(
    ({ local, need }) => (!local || domain.dns === 'local') && (need === undefined || isAdmin),
  );
  const current = shown.find(({ path }) => pathname.split('/')[3] === path.slice(1)) ?? shown[0]!;
  const list = useRef<HTMLDivElement>(null);
  // On a phone not all have room: the one that is open is seen.
  useEffect(() => {
    const open = list.current?.querySelector('[aria-selected=true]');
    open?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [current.key]);
  return (
    <Tabs
      value={current.key}
      onChange={(key) => {
        const to = shown.find((tab) => tab.key === key)!.to;
        void navigate({ to, params: { domain: domain.name } });
      }}
    >
      <Tabs.List ref={list} style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {shown.map(({ key, icon: Icon }) => (
          <Tabs.Tab key={key} value={key} leftSection={<Icon size={16} aria-hidden />}>
            {t.domain.tabs[key]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}

function Actions({ name }: { name: string }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await holdEvents(async () => {
      await answerOf(api.domains[':domain'].$delete({ param: { domain: name } }));
      await navigate({ to: '/domains' });
    });
    await client.invalidateQueries();
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t.domain.actions}>
            <EllipsisVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            color="red"
            leftSection={<Trash2 size={15} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t.domain.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.domain.removeTitle(name)}
        action={t.domain.remove}
        typed={name}
        destroy={remove}
      >
        {t.domain.removeLead}
      </DestroyDialog>
    </>
  );
}
