import { useInfiniteQuery } from '@tanstack/react-query';
import { Box } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { CertificateRow } from './certificate-row.tsx';

export function Certificates() {
  const { t } = useTexts();
  const list = useInfiniteQuery(queries.certificates);
  const certificates = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page title={t.certificates.title} lead={t.certificates.lead}>
      <section className="card" aria-label={t.certificates.title}>
        {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <WaitingRows />}
        {list.data && certificates.length === 0 && (
          <Empty icon={ShieldCheck} title={t.certificates.none}>
            {t.certificates.noneLead}
          </Empty>
        )}
        <Box className="rows">
          {certificates.map((certificate) => (
            <CertificateRow key={certificate.id} certificate={certificate} />
          ))}
        </Box>
        <More list={list} />
      </section>
    </Page>
  );
}
