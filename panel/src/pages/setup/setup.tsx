import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Bare } from '../../parts/bare.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { BoxForm } from './box-form.tsx';
import { OwnerForm } from './owner-form.tsx';

/** Width of a form with explanations. */
const WIDE = 560;

/** The first run: who administers the box, then what it is called and where it is. The secret of the link stands behind the #. */
export function Setup() {
  const { t } = useTexts();
  const [secret] = useState(() => decodeURIComponent(window.location.hash.slice(1)));
  const { data, error, refetch } = useQuery(queries.session);
  if (error) {
    return (
      <Bare title={t.setup.title}>
        <Problem error={error} retry={() => void refetch()} />
      </Bare>
    );
  }
  if (!data) return <Waiting />;
  if (data.account) return <NameTheBox email={data.account.name} />;
  if (secret !== '' && data.firstStart) {
    return (
      <Bare title={t.setup.ownerTitle} lead={t.setup.ownerLead} width={WIDE}>
        <Step number={1} />
        <OwnerForm secret={secret} />
      </Bare>
    );
  }
  return <NoWay firstStart={data.firstStart} />;
}

function NameTheBox({ email }: { email: string }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(queries.box);
  // It has one: Settings say what another would mean.
  if (data && data.hostname !== null) return <Navigate to="/" />;
  return (
    <Bare title={t.setup.boxTitle} lead={t.setup.boxLead} width={WIDE}>
      {data && <Step number={2} />}
      {error && <Problem error={error} retry={() => void refetch()} />}
      {data && <BoxForm box={data} email={email} done={() => void navigate({ to: '/' })} />}
      <ConfirmDialog />
    </Bare>
  );
}

function Step({ number }: { number: number }) {
  const { t } = useTexts();
  return (
    <Text size="xs" fw={600} c="dimmed" mb="sm">
      {t.setup.step(number, 2)}
    </Text>
  );
}

/** Somebody came without the link, or with one that was used. */
function NoWay({ firstStart }: { firstStart: boolean }) {
  const { t } = useTexts();
  return (
    <Bare title={firstStart ? t.setup.incompleteTitle : t.setup.usedTitle} width={WIDE}>
      <Stack gap="sm">
        <Text size="sm">{firstStart ? t.setup.incomplete : t.setup.used}</Text>
        {!firstStart && (
          <TextLink to="/sign-in" size="sm">
            {t.setup.toSignIn}
          </TextLink>
        )}
      </Stack>
    </Bare>
  );
}
