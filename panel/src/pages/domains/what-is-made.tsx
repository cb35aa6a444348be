import { Box, Group, Text } from '@mantine/core';
import { BadgeCheck, Globe, KeyRound, type LucideIcon, Mail, ShieldCheck, Smartphone } from 'lucide-react';
import { Section } from '../../parts/page.tsx';
import { useTexts } from '../../texts/use-texts.ts';

interface Use {
  key: 'mail' | 'forgery' | 'encryption' | 'programs' | 'web' | 'signed';
  icon: LucideIcon;
  /** What is made for it, as zone files name it. */
  records: (domain: string) => string;
  /** Whether it is for mail or for the web; undefined: always. */
  part?: 'mail' | 'web';
}

const uses: readonly Use[] = [
  { key: 'mail', icon: Mail, part: 'mail', records: (d) => `${d} MX` },
  {
    key: 'forgery',
    icon: BadgeCheck,
    part: 'mail',
    records: (d) => `${d} TXT (SPF), …._domainkey.${d} TXT (DKIM), _dmarc.${d} TXT`,
  },
  {
    key: 'encryption',
    icon: ShieldCheck,
    part: 'mail',
    records: (d) => `_mta-sts.${d}, _smtp._tls.${d} TXT`,
  },
  {
    key: 'programs',
    icon: Smartphone,
    part: 'mail',
    records: (d) => `autoconfig.${d}, autodiscover.${d}, _imaps._tcp.${d} SRV, …`,
  },
  { key: 'web', icon: Globe, part: 'web', records: (d) => `${d}, www.${d} A, AAAA, HTTPS` },
  { key: 'signed', icon: KeyRound, records: (d) => `${d} DNSKEY, CAA, CDS` },
];

/** Says what is made of a domain, while its name is typed. The records themselves are on its page a moment later. */
export function WhatIsMade({
  name,
  mail,
  web,
  external,
}: {
  name: string;
  mail: boolean;
  web: boolean;
  external: boolean;
}) {
  const { t } = useTexts();
  const wanted = uses.filter(
    ({ part, key }) =>
      (part === 'mail' ? mail : part === 'web' ? web : true) && !(external && key === 'signed'),
  );
  return (
    <Section title={t.addDomain.made} lead={external ? t.addDomain.madeExternal : t.addDomain.madeLead}>
      <Box className="rows">
        {wanted.map(({ key, icon: Icon, records }) => (
          <Group key={key} gap="sm" py={10} wrap="nowrap" align="flex-start">
            <Icon size={20} color="var(--mantine-color-anchor)" aria-hidden style={{ flexShrink: 0 }} />
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={550}>
                {t.addDomain.parts[key].title}
              </Text>
              <Text size="sm" c="dimmed">
                {t.addDomain.parts[key].why}
              </Text>
              <Text className="mono" c="dimmed" mt={2}>
                {records(name === '' ? 'example.com' : name)}
              </Text>
            </div>
          </Group>
        ))}
      </Box>
    </Section>
  );
}
