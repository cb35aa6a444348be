import { Alert, Text } from '@mantine/core';
import { Link2 } from 'lucide-react';
import { CopyValue } from '../../parts/copy.tsx';
import { Time } from '../../parts/time.tsx';
import { useTexts } from '../../texts/use-texts.ts';

export interface OneTimeLink {
  url: string;
  expiresAt: string;
}

/** A link by which a person sets a password; it is seen this once. */
export function LinkOnce({ name, link: { url, expiresAt } }: { name: string; link: OneTimeLink }) {
  const { t } = useTexts();
  return (
    <Alert color="post" icon={<Link2 size={18} aria-hidden />} title={t.accounts.made(name)}>
      <Text size="sm" mb="xs">
        {t.accounts.once} <Time value={expiresAt} />.
      </Text>
      <CopyValue value={url} what={t.accounts.link} />
    </Alert>
  );
}
