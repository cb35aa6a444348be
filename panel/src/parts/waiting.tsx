import { Center, Loader } from '@mantine/core';
import { useTexts } from '../texts/use-texts.ts';

export function Waiting() {
  const { t } = useTexts();
  return (
    <Center h="60vh" role="status" aria-label={t.common.loading}>
      <Loader type="dots" />
    </Center>
  );
}
