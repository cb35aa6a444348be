import { Anchor, Box, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { Copy } from '../../parts/copy.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** What a person types into a mail program; and for an iPhone, what its camera reads. */
export function SetupSheet({ address }: { address: string }) {
  const { t } = useTexts();
  const { data, error } = useQuery(queries.mailboxSetup(address));
  // All of them are the box itself.
  const host = data?.servers[0]?.host;
  return (
    <Section title={t.setupSheet.title} lead={t.setupSheet.lead}>
      {error && <Problem error={error} />}
      {!data && !error && <WaitingRows count={3} />}
      {data && (
        <Group align="flex-start" gap="xl">
          <Stack gap="sm" style={{ flex: '1 1 320px', minWidth: 0 }}>
            <Line label={t.setupSheet.userName} value={data.userName} />
            {data.servers.map(({ use, protocol, host, port, tls }) => (
              <SimpleGrid key={`${protocol} ${port}`} cols={{ base: 1, xs: 2 }} spacing="xs">
                <Line label={`${t.setupSheet.uses[use]} · ${protocol.toUpperCase()}`} value={host} />
                <Line label={`${t.setupSheet.port} · ${t.setupSheet.tls[tls]}`} value={String(port)} />
              </SimpleGrid>
            ))}
          </Stack>
          {host !== undefined && (
            <Profile url={`https://${host}/email.mobileconfig?emailaddress=${encodeURIComponent(address)}`} />
          )}
        </Group>
      )}
    </Section>
  );
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={4} wrap="nowrap">
        <Text className="mono">{value}</Text>
        <Copy value={value} what={label} />
      </Group>
    </div>
  );
}

/** Pixels. */
const SIZE = 148;
function Profile({ url }: { url: string }) {
  const { t } = useTexts();
  return (
    <Box w={SIZE} ta="center">
      <QrCode text={url} label={t.setupSheet.qr} size={SIZE} />
      <Text size="xs" c="dimmed">
        {t.setupSheet.qrHelp}
      </Text>
      <Anchor href={url} size="xs">
        {t.setupSheet.profile}
      </Anchor>
    </Box>
  );
}
