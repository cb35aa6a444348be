import { Alert, Button, Group, Text } from '@mantine/core';
import { CircleAlert, RotateCw } from 'lucide-react';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import { NoPasskey } from '../session/passkey.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/use-texts.ts';

/** The sentence for an error: that of the API, which says what to do, in the person's language. */
export function sentenceOf(error: unknown, t: Texts): string {
  if (error instanceof ApiProblem) return t.said(error.message);
  if (error instanceof NoPasskey) return t.passkeys[error.why];
  return error instanceof Unreachable ? t.problems.unreachable : t.problems.unknown;
}

/** What went wrong, in place of what should be there. */
export function Problem({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  const { t } = useTexts();
  return (
    <Alert
      color="red"
      icon={<CircleAlert size={18} aria-hidden />}
      title={title ?? t.problems.title}
      role="alert"
      variant="light"
    >
      <Group justify="space-between" align="center" gap="sm">
        <Text size="sm">{sentenceOf(error, t)}</Text>
        {retry && (
          <Button
            size="xs"
            variant="default"
            leftSection={<RotateCw size={14} aria-hidden />}
            onClick={retry}
          >
            {t.common.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
