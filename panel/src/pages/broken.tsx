import { Container } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { Empty } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { TextLink } from '../parts/text-link.tsx';
import { useTexts } from '../texts/use-texts.ts';

export function NotFound() {
  const { t } = useTexts();
  return (
    <Empty
      icon={Compass}
      title={t.problems.noPage}
      action={<TextLink to="/">{t.problems.toOverview}</TextLink>}
    >
      {t.problems.noPageLead}
    </Empty>
  );
}

export function Broken({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Container size="sm" py="xl">
      <Problem error={error} retry={() => void router.invalidate()} />
    </Container>
  );
}
