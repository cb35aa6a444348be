import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import * as queries from '../../../api/queries.ts';
import { TakesPart } from '../takes-part.tsx';
import { Delivery } from './delivery.tsx';
import { Dkim } from './dkim.tsx';
import { Policies } from './policies.tsx';

/** Mail of a domain: whether it takes part, what proves that mail is its own, and what happens to mail for it. */
export function DomainMail() {
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const { data: domain } = useQuery(queries.domain(name));
  if (!domain) return null;
  return (
    <Stack>
      <TakesPart domain={domain} part="mail" />
      {domain.mail && (
        <>
          <Policies domain={name} />
          <Dkim domain={name} />
          <Delivery domain={name} />
        </>
      )}
    </Stack>
  );
}
