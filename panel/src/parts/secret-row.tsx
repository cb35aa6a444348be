import { ActionIcon, Alert, Group, Text } from '@mantine/core';
import { KeyRound, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { CopyValue } from './copy.tsx';
import { DestroyDialog } from './destroy-dialog.tsx';

interface SecretRowProps {
  name: string;
  /** What is known of it; the secret itself is not. */
  children: ReactNode;
  /** The words of taking it back: on the button, above the question, in it, and on the button that does it. */
  words: { label: string; title: string; lead: string; action: string };
  remove: () => Promise<unknown>;
}

/** A password or token that is in use somewhere, and may be taken back. */
export function SecretRow({ name, children, words, remove }: SecretRowProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Group py="sm" justify="space-between" wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Text fw={600}>{name}</Text>
        {children}
      </div>
      <ActionIcon variant="subtle" color="red" aria-label={words.label} onClick={() => setAsking(true)}>
        <Trash2 size={16} aria-hidden />
      </ActionIcon>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={words.title}
        action={words.action}
        destroy={remove}
      >
        {words.lead}
      </DestroyDialog>
    </Group>
  );
}

/** A secret that was made a moment ago, and is seen this once. */
export function NewSecret({
  title,
  lead,
  value,
  what,
}: {
  title: string;
  lead: string;
  value: string;
  what: string;
}) {
  return (
    <Alert my="sm" color="post" icon={<KeyRound size={18} aria-hidden />} title={title}>
      <Text size="sm" mb="xs">
        {lead}
      </Text>
      <CopyValue value={value} what={what} />
    </Alert>
  );
}
