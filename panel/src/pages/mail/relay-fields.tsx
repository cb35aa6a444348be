import { Group, NumberInput, PasswordInput, Stack, TextInput } from '@mantine/core';
import type { MailSettings } from '../../api/queries.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** As it is typed; the host is empty where there is none. */
export interface RelayValues {
  host: string;
  port: number;
  user: string;
  /** Empty: the one that is kept. */
  password: string;
}

export const relayValues = (relay: MailSettings['relay']): RelayValues => ({
  host: relay?.host ?? '',
  port: relay?.port ?? 587,
  user: relay?.user ?? '',
  password: '',
});

/** As the box takes it. */
export function relayJson({ host, port, user, password }: RelayValues) {
  if (host === '') return null;
  return { host, port, user: user === '' ? null : user, ...(password !== '' && { password }) };
}

/** The host that takes all mail for elsewhere, and who signs in there. A password that is kept is not shown. */
export function RelayFields({
  values,
  isKept,
  put,
  fieldError,
}: {
  values: RelayValues;
  isKept: boolean;
  put: (some: Partial<RelayValues>) => void;
  fieldError: (name: string) => string | undefined;
}) {
  const { t } = useTexts();
  const plain = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="sm">
        <TextInput
          {...plain}
          label={t.mailSettings.host}
          description={t.mailSettings.hostHelp}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={values.host}
          onChange={(event) => put({ host: event.currentTarget.value.trim() })}
          error={fieldError('relay.host') ?? fieldError('relay')}
          style={{ flex: '3 1 260px' }}
        />
        <NumberInput
          label={t.delivery.port}
          value={values.port}
          onChange={(port) => port !== '' && put({ port: Number(port) })}
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          error={fieldError('relay.port')}
          style={{ flex: '1 1 80px' }}
        />
      </Group>
      {values.host !== '' && (
        <Group align="flex-start" gap="sm">
          <TextInput
            {...plain}
            label={t.mailSettings.user}
            description={t.mailSettings.userHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={values.user}
            onChange={(event) => put({ user: event.currentTarget.value.trim() })}
            error={fieldError('relay.user')}
            style={{ flex: '1 1 220px' }}
          />
          <PasswordInput
            label={t.mailSettings.password}
            description={isKept ? t.mailSettings.passwordKept : t.mailSettings.passwordHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="new-password"
            value={values.password}
            onChange={(event) => put({ password: event.currentTarget.value })}
            error={fieldError('relay.password')}
            visibilityToggleButtonProps={{ 'aria-label': t.common.showPassword }}
            style={{ flex: '1 1 220px' }}
          />
        </Group>
      )}
    </Stack>
  );
}
