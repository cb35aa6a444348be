import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Registrar, ZoneDetail, ZoneKey } from '../../../api/queries.ts';
import { StateIcon, type Tone } from '../../../parts/state.tsx';
import { TextLink } from '../../../parts/text-link.tsx';
import { useTexts } from '../../../texts/use-texts.ts';

export interface Facts {
  domain: string;
  keys: readonly ZoneKey[];
  signatures: ZoneDetail['signatures'];
  parent: Registrar['parent'] | undefined;
  now: Date;
}

/** What is due, a person's part first: each as a sentence. */
export function NextSteps({ domain, keys, signatures, parent, now }: Facts) {
  const { t } = useTexts();
  const steps = t.dnssec.next;
  const isSettled = keys.every(({ state }) => state === 'active');
  return (
    <Stack component="ul" gap="xs" p={0} mt={0} mb="md" style={{ listStyle: 'none' }}>
      {parent && parent.state !== 'secure' && (
        <Step tone={parent.state === 'bogus' ? 'bad' : 'wait'}>
          {steps.ds[parent.state]}{' '}
          <TextLink to="/domains/$domain/registrar" params={{ domain }} inherit underline="always">
            {t.dnssec.seeRegistrar}
          </TextLink>
        </Step>
      )}
      {signatures && <Renewal signatures={signatures} now={now} />}
      {isSettled && <Step tone="good">{parent?.state === 'secure' ? steps.allStays : steps.keysStay}</Step>}
    </Stack>
  );
}

function Renewal({ signatures, now }: { signatures: NonNullable<ZoneDetail['signatures']>; now: Date }) {
  const { t, format } = useTexts();
  const renewal = new Date(signatures.renewAt);
  const expiry = new Date(signatures.expireAt);
  const until = format.dateTime(expiry);
  if (expiry <= now) return <Step tone="bad">{t.dnssec.next.expired(until)}</Step>;
  if (renewal <= now) return <Step tone="wait">{t.dnssec.next.renewing(until)}</Step>;
  const when = format.relative(renewal, now);
  return <Step tone="good">{t.dnssec.next.renew(when, format.dateTime(renewal), until)}</Step>;
}

function Step({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      <StateIcon tone={tone} />
      <Text size="sm">{children}</Text>
    </Group>
  );
}
