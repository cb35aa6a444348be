import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../texts/use-texts.ts';
import { Problem } from './problem.tsx';
import { useAction } from './use-action.ts';

export interface DestroyProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What is lost by it. */
  children: ReactNode;
  /** The word of the button. */
  action: string;
  /** To be typed before the button works: for what cannot be had again. */
  typed?: string | undefined;
  destroy: () => Promise<unknown>;
}

/** Asks before something is lost. */
export function DestroyDialog({ opened, onClose, title, children, action, typed, destroy }: DestroyProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': title }}>
      <Question {...{ onClose, action, typed, destroy }}>{children}</Question>
    </Modal>
  );
}

function Question({ onClose, action, typed, destroy, children }: Omit<DestroyProps, 'opened' | 'title'>) {
  const { t } = useTexts();
  const [text, setText] = useState('');
  const question = useAction(async () => {
    await destroy();
    onClose();
  });
  return (
    <form onSubmit={question.submit}>
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        {typed !== undefined && (
          <TextInput
            label={t.common.typeToConfirm(typed)}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {question.error !== undefined && <Problem error={question.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button
            type="submit"
            color="red.9"
            loading={question.busy}
            disabled={typed !== undefined && text.trim().toLowerCase() !== typed}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
