import { Avatar, Group, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { BookOpen, Check, Languages, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { notifications } from '@mantine/notifications';
import { answerOf, api } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { sentenceOf } from '../parts/problem.tsx';
import * as queries from '../api/queries.ts';
import { languages, useTexts } from '../texts/use-texts.ts';

const schemes = [
  ['light', Sun],
  ['dark', Moon],
  ['auto', Monitor],
] as const;

/** Who is signed in; how the panel looks; the way out. */
export function Account() {
  const { t, language, choose } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data } = useQuery(queries.session);
  const client = useQueryClient();
  const navigate = useNavigate();
  const name = data?.account?.displayName || data?.account?.name || '';
  const signOut = async (): Promise<void> => {
    try {
      await answerOf(api.session.$delete());
    } catch (error) {
      // One that has ended needs no end.
      if (!isProblem(error, 'session-ended', 'no-credential')) {
        notifications.show({ color: 'red', message: sentenceOf(error, t) });
        return;
      }
    }
    await navigate({ to: '/sign-in' });
    client.clear();
  };
  const tick = <Check size={14} aria-hidden />;
  return (
    <Menu position="top-start" width={216} withinPortal>
      <Menu.Target>
        <UnstyledButton p={8} style={{ borderRadius: 8 }}>
          <Group gap={10} wrap="nowrap">
            <Avatar size={30} radius="xl" color="post" name={name} aria-hidden />
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={500} truncate>
                {name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {data?.account && t.roles[data.account.role]}
              </Text>
            </div>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<UserRound size={15} aria-hidden />}
          onClick={() => void navigate({ to: '/account' })}
        >
          {t.ownAccount.title}
        </Menu.Item>
        <Menu.Label>{t.shell.appearance}</Menu.Label>
        {schemes.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} aria-hidden />}
            rightSection={colorScheme === scheme && tick}
            onClick={() => setColorScheme(scheme)}
          >
            {t.shell.schemes[scheme]}
          </Menu.Item>
        ))}
        <Menu.Label>{t.shell.language}</Menu.Label>
        {languages.map((one) => (
          <Menu.Item
            key={one}
            lang={one}
            leftSection={<Languages size={15} aria-hidden />}
            rightSection={language === one && tick}
            onClick={() => choose(one)}
          >
            {t.shell.languages[one]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/api/docs" leftSection={<BookOpen size={15} aria-hidden />}>
          {t.shell.apiDocs}
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={() => void signOut()}>
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
