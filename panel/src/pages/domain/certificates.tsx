import { Box, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { CertificateRow } from '../certificates/certificate-row.tsx';

/** The certificates for the names of a domain: until when, and what they wait for. */
export function DomainCertificates() {
  const { t } = useTexts();
  const { domain } = useParams({ from: '/inside/domains/$domain' });
  const { data, error, isPending, refetch } = useQuery(queries.certificatesOf(domain));
  return (
    <Section title={t.certificates.ofDomain} lead={t.certificates.ofDomainLead}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && <WaitingRows count={2} />}
      {data?.items.length === 0 && (
        <Empty icon={ShieldCheck} title={t.certificates.noneOf}>
          {t.certificates.noneOfLead}
        </Empty>
      )}
      <Box className="rows">
        {data?.items.map((certificate) => (
          <CertificateRow key={certificate.id} certificate={certificate} />
        ))}
      </Box>
      <Group justify="flex-end" mt="xs">
        <TextLink to="/certificates" size="sm">
          {t.certificates.all}
        </TextLink>
      </Group>
    </Section>
  );
}
