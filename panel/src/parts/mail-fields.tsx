import { Group, NumberInput, Select } from '@mantine/core';
import { useTexts } from '../texts/use-texts.ts';

interface Scores {
  junk: number;
  reject: number;
}

interface SendLimit {
  messages: number;
  seconds: number;
}

interface FieldsProps {
  fieldError: (name: string) => string | undefined;
}

const usual: Scores = { junk: 6, reject: 15 };
const HOUR = 3600;
const DAY = 24 * HOUR;

/** From which scores mail goes into Junk, and is refused; null: those of whoever is above, or the usual ones. */
export function ScoreFields({
  scores,
  put,
  fieldError,
  isOfBox = false,
}: FieldsProps & {
  scores: Scores | null;
  put: (scores: Scores | null) => void;
  /** Nobody is above. */
  isOfBox?: boolean;
}) {
  const { t, format } = useTexts();
  const field = (key: keyof Scores) => (
    <NumberInput
      label={t.mailFields[key]}
      placeholder={isOfBox ? format.number(usual[key]) : t.mailFields.asBox}
      value={scores?.[key] ?? ''}
      onChange={(value) => put(value === '' ? null : { ...(scores ?? usual), [key]: Number(value) })}
      min={0.1}
      max={1000}
      hideControls
      error={fieldError(`scores.${key}`)}
      style={{ flex: '1 1 140px' }}
    />
  );
  return (
    <Group align="flex-start" gap="sm">
      {field('junk')}
      {field('reject')}
    </Group>
  );
}

/** How many messages may be sent in a time; null: what whoever is above says. */
export function SendLimitFields({
  name,
  help,
  limit,
  put,
  fieldError,
}: FieldsProps & {
  /** `totalSendLimit`: by all mailboxes of a domain together. */
  name: 'sendLimit' | 'totalSendLimit';
  help: string;
  limit: SendLimit | null;
  put: (limit: SendLimit | null) => void;
}) {
  const { t, format } = useTexts();
  const seconds = limit?.seconds ?? DAY;
  const spans = [...new Set([HOUR, DAY, seconds])].sort((one, other) => one - other);
  return (
    <Group align="flex-start" gap="sm">
      <NumberInput
        label={t.mailFields[name]}
        description={help}
        placeholder={t.mailFields.noLimit}
        value={limit?.messages ?? ''}
        onChange={(messages) => put(messages === '' ? null : { messages: Number(messages), seconds })}
        min={1}
        max={1_000_000}
        allowDecimal={false}
        hideControls
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={fieldError(`${name}.messages`) ?? fieldError(name)}
        style={{ flex: '3 1 260px' }}
      />
      <Select
        label={t.mailFields.within}
        data={spans.map((span) => ({ value: String(span), label: format.duration(span) }))}
        value={String(seconds)}
        onChange={(value) => limit && value !== null && put({ ...limit, seconds: Number(value) })}
        disabled={limit === null}
        allowDeselect={false}
        style={{ flex: '1 1 120px' }}
      />
    </Group>
  );
}
