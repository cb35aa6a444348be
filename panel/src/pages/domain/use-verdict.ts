import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';

/** Milliseconds without a key after which the box is asked whether it would take this. */
const PAUSE = 350;

/** What stands for the addresses of the box; zone files know no such word. */
const LOCAL = 'local';

interface Wanted {
  owner: string;
  type: string;
  value: string;
}

export type Verdict = { ok: true } | { ok: false; reason: string };

/** What the box would say to this record, asked while it is typed: an import that changes nothing. Undefined until it has said so of this very text. */
export function useVerdict(zone: string, wanted: Wanted): Verdict | undefined {
  const line = lineOf(wanted);
  const [asked] = useDebouncedValue(line, PAUSE);
  const { data } = useQuery({
    queryKey: ['verdict', zone, asked],
    enabled: wanted.value !== '' && asked === line,
    staleTime: 0,
    retry: false,
    queryFn: () => ask(zone, asked),
  });
  return wanted.value === '' || asked !== line ? undefined : data;
}

function lineOf({ owner, type, value }: Wanted): string {
  // Any address will do in its place.
  const isLocal = value.toLowerCase() === LOCAL;
  const shown = !isLocal ? value : type === 'A' ? '192.0.2.1' : type === 'AAAA' ? '2001:db8::1' : value;
  return `${owner}. 3600 IN ${type} ${shown}`;
}

async function ask(zone: string, line: string): Promise<Verdict> {
  try {
    const json = { zone, from: { kind: 'zonefile' as const, text: `${line}\n` }, dryRun: true };
    const { skipped } = await answerOf(api.zones.import.$post({ json }));
    return skipped[0] ? { ok: false, reason: skipped[0].reason } : { ok: true };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const [sentence = error.message] = error.fields.values();
    // It is one line of a form here, and no file.
    return { ok: false, reason: sentence.replace(/^line \d+, column \d+: /, '') };
  }
}
