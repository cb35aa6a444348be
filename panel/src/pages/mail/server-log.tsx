import { Box, Button, Group, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import * as queries from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** What a server logged last, once somebody wants to see it. */
export function ServerLog({ server }: { server: queries.MailServerName }) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <Box component="details" mt={6} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={t.mailServers.logOf(server)}>{t.mailServers.log}</summary>
      {isOpen && <Lines server={server} />}
    </Box>
  );
}

function Lines({ server }: { server: queries.MailServerName }) {
  const { t } = useTexts();
  const [follows, setFollows] = useState(false);
  const { data, error, isPending, isFetching, refetch } = useQuery(queries.mailServerLog(server, follows));
  return (
    <Box mt={6}>
      <Group justify="space-between" gap="sm" mb={6}>
        <Switch
          label={t.mailServers.follow}
          checked={follows}
          onChange={(event) => setFollows(event.currentTarget.checked)}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<RotateCw size={14} aria-hidden />}
          // Each look of those that come by themselves would move it.
          loading={isFetching && !follows}
          onClick={() => void refetch()}
        >
          {t.mailServers.refresh}
        </Button>
      </Group>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && <WaitingRows count={4} height={16} />}
      {data?.problem && (
        <Text size="sm" c="dimmed">
          <Said>{data.problem}</Said>
        </Text>
      )}
      {data && data.lines.length > 0 && <LogLines lines={data.lines} label={t.mailServers.logOf(server)} />}
    </Box>
  );
}

/** The newest is at the end, and in sight, unless somebody reads further up. */
function LogLines({ lines, label }: { lines: readonly string[]; label: string }) {
  const shown = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  const text = lines.join('\n');
  useEffect(() => {
    const { current } = shown;
    if (current && atEnd.current) current.scrollTop = current.scrollHeight;
  }, [text]);
  return (
    <Box
      component="pre"
      ref={shown}
      className="mono code"
      m={0}
      mah={360}
      tabIndex={0}
      role="region"
      aria-label={label}
      style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 8;
      }}
    >
      {text}
    </Box>
  );
}
