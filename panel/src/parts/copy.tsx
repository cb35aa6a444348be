import { ActionIcon, Button, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { Check, Copy as CopyIcon } from 'lucide-react';
import { useTexts } from '../texts/use-texts.ts';

/** A button that copies `value`; says so to screen readers as well. */
export function Copy({ value, what }: { value: string; what: string }) {
  const { t } = useTexts();
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t.common.copied : t.common.copy}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={copied ? t.common.copied : t.common.copyOf(what)}
          >
            {copied ? <Check size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A value as it must be typed elsewhere, with the button that copies it. */
export function CopyValue({ value, what }: { value: string; what: string }) {
  return (
    <Group className="code" gap={4} wrap="nowrap" justify="space-between">
      <Text component="code" className="mono" style={{ minWidth: 0 }}>
        {value}
      </Text>
      <Copy value={value} what={what} />
    </Group>
  );
}

export function CopyText({ value, children }: { value: string; children: string }) {
  const { t } = useTexts();
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          onClick={copy}
          leftSection={copied ? <Check size={14} aria-hidden /> : <CopyIcon size={14} aria-hidden />}
        >
          {copied ? t.common.copied : children}
        </Button>
      )}
    </CopyButton>
  );
}
