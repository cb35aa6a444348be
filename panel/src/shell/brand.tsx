import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../texts/use-texts.ts';
import mark from '../signpost.svg';

export function Brand() {
  const { t } = useTexts();
  return (
    <Link to="/" className="row-link" style={{ background: 'none' }}>
      <Group gap={8} wrap="nowrap">
        <img src={mark} width={26} height={26} alt="" />
        <Text fw={650} size="md">
          {t.name}
        </Text>
      </Group>
    </Link>
  );
}
