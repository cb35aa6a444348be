import { Anchor, Group } from '@mantine/core';
import { languages, useTexts } from '../texts/use-texts.ts';

export function LanguageSwitch() {
  const { t, language, choose } = useTexts();
  return (
    <Group gap="md">
      {languages.map((one) => (
        <Anchor
          key={one}
          component="button"
          type="button"
          size="sm"
          lang={one}
          c={one === language ? undefined : 'dimmed'}
          aria-current={one === language}
          onClick={() => choose(one)}
        >
          {t.shell.languages[one]}
        </Anchor>
      ))}
    </Group>
  );
}
