import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import type { CustomRecord } from '../../api/queries.ts';
import { besides } from './besides.ts';

/** Milliseconds without a key after which the box is asked what would come of this. */
const PAUSE = 350;

type Preview = Awaited<ReturnType<typeof previewOf>>;

interface Wanted {
  owner: string;
  type: string;
  value: string;
  ttl: number | null;
}

/** What the box would change, or why it would not. */
export type Verdict = { ok: true; changes: Preview['changes'] } | { ok: false; reason: string };

/**
 * What the box would say to this record, asked while it is typed: a change that is made and undone. Undefined until it has said so of this
 * very text. `record`: the one that it takes the place of.
 */
export function useVerdict(zone: string, wanted: Wanted, record?: CustomRecord): Verdict | undefined {
  const text = JSON.stringify(wanted);
  const [asked] = useDebouncedValue(text, PAUSE);
  const isTold = wanted.value !== '' && asked === text;
  const { data } = useQuery({
    queryKey: ['verdict', zone, record?.id, asked],
    enabled: isTold,
    staleTime: 0,
    retry: false,
    queryFn: () => ask(zone, wanted, record),
  });
  return isTold ? data : undefined;
}

async function ask(zone: string, wanted: Wanted, record: CustomRecord | undefined): Promise<Verdict> {
  try {
    const json = record ? { replace: [...(await besides(zone, record)), wanted] } : { add: [wanted] };
    const { changes } = await previewOf(zone, json);
    return { ok: true, changes };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const [sentence = error.message] = error.fields.values();
    return { ok: false, reason: sentence };
  }
}

type Body = Parameters<(typeof api.zones)[':zone']['records']['preview']['$post']>[0]['json'];

/** What would come and go in the zone; nothing is changed. */
export function previewOf(zone: string, json: Body) {
  return answerOf(api.zones[':zone'].records.preview.$post({ param: { zone }, json }));
}
