import { Menu, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { BookOpen, Check, Languages, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { notifications } from '@mantine/notifications';
import { answerOf, api } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { sentenceOf } from '../parts/problem.tsx';
import { languages, useTexts } from '../texts/use-texts.ts';
import { AccountButton } from './account-button.tsx';

const schemes = [
  ['light', Sun],
  ['dark', Moon],
  ['auto', Monitor],
] as const;

/** How the panel looks; the way out. It opens as it comes. */
export function AccountMenu() {
  const { t, language, choose } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const navigate = useNavigate();
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
    <Menu position="top-start" width={216} withinPortal defaultOpened>
      <Menu.Target>
        <AccountButton />
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
