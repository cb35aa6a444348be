import { Button, PasswordInput, PinInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { answerOf, api } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import * as queries from '../api/queries.ts';
import { Bare } from '../parts/bare.tsx';
import { Problem } from '../parts/problem.tsx';
import { useAction } from '../parts/use-action.ts';
import { askPasskey, takesPasskeys } from '../session/passkey.ts';
import { useTexts } from '../texts/use-texts.ts';

/** Digits of a code of an authenticator app (RFC 6238). */
const DIGITS = 6;

export function SignIn() {
  const { t } = useTexts();
  const form = useSignIn();
  return (
    <Bare
      title={form.second ? t.signIn.secondTitle : t.signIn.title}
      lead={form.second ? t.signIn.secondLead : undefined}
    >
      <form onSubmit={form.action.submit}>
        <Stack>
          {form.second ? (
            <SecondFactor code={form.code} setCode={form.setCode} />
          ) : (
            <>
              <TextInput
                label={t.signIn.name}
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                withAsterisk={false}
                autoFocus
                value={form.name}
                onChange={(event) => form.setName(event.currentTarget.value)}
              />
              <PasswordInput
                label={t.signIn.password}
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={form.password}
                onChange={(event) => form.setPassword(event.currentTarget.value)}
                visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
              />
            </>
          )}
          {form.problem !== undefined && <Problem error={form.problem} title={t.signIn.failed} />}
          <Button type="submit" loading={form.action.busy} fullWidth>
            {t.signIn.submit}
          </Button>
          {!form.second && form.passkey && (
            <Button
              variant="default"
              leftSection={<KeyRound size={16} aria-hidden />}
              loading={form.passkey.busy}
              onClick={form.passkey.run}
              fullWidth
            >
              {t.passkeys.signIn}
            </Button>
          )}
          {!form.second && (
            <Text size="xs" c="dimmed">
              {t.signIn.forgotten}
            </Text>
          )}
        </Stack>
      </form>
    </Bare>
  );
}

function SecondFactor({ code, setCode }: { code: string; setCode: (code: string) => void }) {
  const { t } = useTexts();
  const [recovery, setRecovery] = useState(false);
  return (
    <>
      {recovery ? (
        <TextInput
          label={t.signIn.recoveryCode}
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      ) : (
        <PinInput
          length={DIGITS}
          type="number"
          oneTimeCode
          autoFocus
          value={code}
          onChange={setCode}
          aria-label={t.signIn.code}
        />
      )}
      <Button variant="subtle" size="xs" onClick={() => setRecovery(!recovery)}>
        {recovery ? t.signIn.useApp : t.signIn.useRecovery}
      </Button>
    </>
  );
}

/** The form's values, and what comes of sending them. */
function useSignIn() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [second, setSecond] = useState(false);
  const client = useQueryClient();
  const router = useRouter();
  const { to } = useSearch({ from: '/sign-in' });
  const { data: here } = useQuery(queries.session);
  const types = name !== '';
  useEffect(() => {
    // What comes next is fetched while somebody types.
    if (types) void import('../shell/shell.tsx');
  }, [types]);
  const enter = (session: queries.Session): void => {
    client.clear();
    client.setQueryData(queries.session.queryKey, session);
    // Only places of this panel: whatever else stands in the address was put there by somebody else.
    router.history.push(to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/');
  };
  const passkey = useAction(async () => {
    const response = await askPasskey(await answerOf(api.session.passkey.options.$post({ json: {} })));
    enter(await answerOf(api.session.passkey.$post({ json: { response } })));
  });
  const action = useAction(async () => {
    passkey.forget();
    try {
      const json = { name: name.trim(), password, ...(second && { code: code.trim() }) };
      enter(await answerOf(api.session.$post({ json })));
    } catch (error) {
      if (second || !isProblem(error, 'second-factor-needed')) throw error;
      setSecond(true);
    }
  });
  return {
    ...{ name, setName, password, setPassword, code, setCode, second, action },
    passkey: here?.passkeys === true && takesPasskeys() ? passkey : undefined,
    problem: action.error ?? passkey.error,
  };
}
