import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { TextLink } from '../../parts/text-link.tsx';
import { useTexts } from '../../texts/use-texts.ts';

interface KeySelectProps {
  value: string | null;
  onChange: (value: string | null) => void;
}

/** One of the transfer keys, or none. */
export function KeySelect(props: KeySelectProps) {
  const { t } = useTexts();
  const keys = useQuery(queries.tsigKeys);
  return (
    <Select
      label={t.secondaries.tsigKey}
      description={
        <TextLink to="/transfer-keys" size="xs">
          {t.transferKeys.make}
        </TextLink>
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t.secondaries.noKey}
      data={keys.data?.items.map((one) => one.name) ?? []}
      clearable
      style={{ flex: '1 1 160px' }}
      {...props}
    />
  );
}
