import { Button, Group, PinInput, Stack, Text } from '@mantine/core';
import { ShieldPlus } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { Account } from '../../api/queries.ts';
import { CopyValue } from '../../parts/copy.tsx';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { State } from '../../parts/state.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { RecoveryCodes } from './recovery-codes.tsx';

const factor = api.session['second-factor'];

/** Digits of a code (RFC 6238). */
const DIGITS = 6;
/** Pixels. */
const QR = 176;

const again = () => client.invalidateQueries({ queryKey: ['session'] });

/** Codes of an authenticator app: how they are set up, and what to keep for when the app is lost. */
export function SecondFactor({ account }: { account: Account }) {
  const { t } = useTexts();
  const [codes, setCodes] = useState<string[]>();
  return (
    <Section
      title={t.secondFactor.title}
      lead={t.secondFactor.lead}
      actions={
        <State tone={account.secondFactor ? 'good' : 'none'}>
          {account.secondFactor ? t.secondFactor.on : t.secondFactor.off}
        </State>
      }
    >
      <Stack>
        {codes && <RecoveryCodes codes={codes} name={account.name} kept={() => setCodes(undefined)} />}
        {account.secondFactor ? (
          <InUse codesLeft={account.recoveryCodes} made={setCodes} />
        ) : (
          <SetUp made={setCodes} />
        )}
      </Stack>
    </Section>
  );
}

function SetUp({ made }: { made: (codes: string[]) => void }) {
  const { t } = useTexts();
  const [enrolment, setEnrolment] = useState<{ secret: string; uri: string }>();
  const begin = useAction(async () => {
    const { secret, uri } = await answerOf(factor.$post());
    setEnrolment({ secret, uri });
  });
  if (enrolment) return <Confirm {...enrolment} made={made} cancel={() => setEnrolment(undefined)} />;
  return (
    <Stack gap="sm" align="flex-start">
      {begin.error !== undefined && <Problem error={begin.error} />}
      <Button
        variant="light"
        leftSection={<ShieldPlus size={16} aria-hidden />}
        loading={begin.busy}
        onClick={begin.run}
      >
        {t.secondFactor.begin}
      </Button>
    </Stack>
  );
}

interface ConfirmProps {
  secret: string;
  uri: string;
  made: (codes: string[]) => void;
  cancel: () => void;
}

function Confirm({ secret, uri, made, cancel }: ConfirmProps) {
  const { t } = useTexts();
  const [code, setCode] = useState('');
  const action = useAction(async () => {
    try {
      const { recoveryCodes } = await answerOf(factor.confirm.$post({ json: { code } }));
      made(recoveryCodes);
    } catch (error) {
      setCode('');
      throw error;
    }
    await again();
  });
  return (
    <form onSubmit={action.submit}>
      <Group align="flex-start" gap="lg">
        <QrCode text={uri} label={t.secondFactor.qr} size={QR} />
        <Stack gap="sm" style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text size="sm">{t.secondFactor.scan}</Text>
          <div>
            <Text size="sm" c="dimmed" mb={4}>
              {t.secondFactor.byHand}
            </Text>
            <CopyValue value={secret} what={t.secondFactor.key} />
          </div>
          <div>
            <Text size="sm" fw={500} mb={4} id="second-factor-code">
              {t.secondFactor.code}
            </Text>
            <PinInput
              length={DIGITS}
              type="number"
              oneTimeCode
              autoFocus
              value={code}
              onChange={setCode}
              aria-label={t.secondFactor.code}
              aria-labelledby="second-factor-code"
            />
          </div>
          {action.error !== undefined && <Problem error={action.error} />}
          <Group>
            <Button type="submit" loading={action.busy} disabled={code.length < DIGITS}>
              {t.secondFactor.confirm}
            </Button>
            <Button variant="default" onClick={cancel}>
              {t.common.cancel}
            </Button>
          </Group>
        </Stack>
      </Group>
    </form>
  );
}

function InUse({ codesLeft, made }: { codesLeft: number; made: (codes: string[]) => void }) {
  const { t, format } = useTexts();
  const [asking, setAsking] = useState<'renew' | 'remove'>();
  const close = (): void => setAsking(undefined);
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" c={codesLeft === 0 ? 'var(--panel-bad)' : undefined}>
        {t.secondFactor.codesLeft(format.number(codesLeft))}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => setAsking('renew')}>
          {t.secondFactor.renew}
        </Button>
        <Button variant="default" size="xs" onClick={() => setAsking('remove')}>
          {t.secondFactor.remove}
        </Button>
      </Group>
      <DestroyDialog
        opened={asking === 'renew'}
        onClose={close}
        title={t.secondFactor.renewTitle}
        action={t.secondFactor.renew}
        destroy={async () => {
          const { recoveryCodes } = await answerOf(api.session['recovery-codes'].$post());
          made(recoveryCodes);
          await again();
        }}
      >
        {t.secondFactor.renewLead}
      </DestroyDialog>
      <DestroyDialog
        opened={asking === 'remove'}
        onClose={close}
        title={t.secondFactor.removeTitle}
        action={t.secondFactor.remove}
        destroy={async () => {
          await answerOf(factor.$delete());
          await again();
        }}
      >
        {t.secondFactor.removeLead}
      </DestroyDialog>
    </Group>
  );
}
