import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Download, LifeBuoy, Printer } from 'lucide-react';
import { CopyText } from '../../parts/copy.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Codes that are seen this once, and the ways to keep them. */
export function RecoveryCodes({
  codes,
  name,
  kept,
}: {
  codes: readonly string[];
  name: string;
  kept: () => void;
}) {
  const { t } = useTexts();
  const text = `${t.name} · ${name}\n${t.secondFactor.codes}\n\n${codes.join('\n')}\n`;
  return (
    <Alert color="post" icon={<LifeBuoy size={18} aria-hidden />} title={t.secondFactor.codes}>
      <Stack gap="sm">
        <Text size="sm">{t.secondFactor.codesLead}</Text>
        <div className="print-alone">
          <Text className="on-paper" fw={600}>{`${t.name} · ${name}`}</Text>
          <SimpleGrid component="ul" cols={{ base: 1, sm: 2 }} spacing={4} p={0} m={0}>
            {codes.map((code) => (
              <Text key={code} component="li" className="mono" style={{ listStyle: 'none' }}>
                {code}
              </Text>
            ))}
          </SimpleGrid>
        </div>
        <Group gap="xs">
          <CopyText value={codes.join('\n')}>{t.common.copyAll}</CopyText>
          <Button
            variant="default"
            size="xs"
            leftSection={<Download size={14} aria-hidden />}
            onClick={() => download(t.secondFactor.file, text)}
          >
            {t.secondFactor.download}
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<Printer size={14} aria-hidden />}
            onClick={() => window.print()}
          >
            {t.secondFactor.print}
          </Button>
          <Button size="xs" onClick={kept}>
            {t.secondFactor.kept}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
