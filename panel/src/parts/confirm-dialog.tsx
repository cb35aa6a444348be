import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import * as queries from '../api/queries.ts';
import { askPasskey, takesPasskeys } from '../session/passkey.ts';
import { useTexts } from '../texts/use-texts.ts';
import { onConfirmation } from './confirmation.ts';
import { Problem } from './problem.tsx';
import { useAction } from './use-action.ts';

/** Asks for the password before what is dangerous; what was begun then goes on. */
export function ConfirmDialog() {
  const { t } = useTexts();
  const waiting = useRef<((given: boolean) => void)[]>([]);
  const [opened, setOpened] = useState(false);
  useEffect(
    () =>
      onConfirmation((answer) => {
        waiting.current.push(answer);
        setOpened(true);
      }),
    [],
  );
  const done = (given: boolean): void => {
    for (const answer of waiting.current.splice(0)) answer(given);
    setOpened(false);
  };
  return (
    <Modal
      opened={opened}
      onClose={() => done(false)}
      title={t.confirm.title}
      // Above the dialogue that it is asked for.
      zIndex={400}
      closeButtonProps={{ 'aria-label': t.common.cancel }}
    >
      <Question done={done} />
    </Modal>
  );
}

function Question({ done }: { done: (given: boolean) => void }) {
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [second, setSecond] = useState(false);
  const action = useAction(async () => {
    try {
      await answerOf(api.session.confirm.$post({ json: { password, ...(second && { code: code.trim() }) } }));
      done(true);
    } catch (error) {
      if (second || !isProblem(error, 'second-factor-needed')) throw error;
      setSecond(true);
    }
  });
  const mayPasskey = usePasskeyHere();
  const byPasskey = useAction(async () => {
    const response = await askPasskey(await answerOf(api.session.passkey.options.$post({ json: {} })));
    await answerOf(api.session['confirm-passkey'].$post({ json: { response } }));
    done(true);
  });
  const problem = action.error ?? byPasskey.error;
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <Text size="sm">{t.confirm.lead}</Text>
        <PasswordInput
          label={t.signIn.password}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
        />
        {second && (
          <TextInput
            label={t.confirm.code}
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {problem !== undefined && <Problem error={problem} />}
        <Group justify="flex-end">
          {mayPasskey && (
            <Button variant="subtle" loading={byPasskey.busy} onClick={byPasskey.run}>
              {t.passkeys.use}
            </Button>
          )}
          <Button variant="default" onClick={() => done(false)}>
            {t.common.cancel}
          </Button>
          <Button type="submit" loading={action.busy}>
            {t.confirm.go}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether the person has a passkey for the address that is open. */
function usePasskeyHere(): boolean {
  const { data: session } = useQuery(queries.session);
  const enabled = session?.passkeys === true && takesPasskeys();
  const { data } = useQuery({ ...queries.passkeys, enabled });
  return enabled && data?.items.some(({ host }) => host === window.location.hostname) === true;
}
