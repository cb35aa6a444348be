import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';

/** Milliseconds without a key after which the box is asked whether it would take this. */
const PAUSE = 350;

type Change = Parameters<typeof api.mail.settings.preview.$post>[0]['json'];

export interface SettingsVerdict {
  /** Servers that would reload; undefined: the box would not take it. */
  reloads: string[] | undefined;
  /** What is wrong with single fields. */
  fields: ReadonlyMap<string, string>;
}

/** What the box says of a change while it is typed, of this very change alone. */
export function useSettingsVerdict(json: Change): SettingsVerdict | undefined {
  const text = JSON.stringify(json);
  const [asked] = useDebouncedValue(text, PAUSE);
  const isAsked = asked === text && asked !== '{}';
  const { data } = useQuery({
    // No part of what an event makes out of date; a password is in it, which nothing else keeps.
    queryKey: ['verdict', 'mail settings', asked],
    enabled: isAsked,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    queryFn: () => ask(JSON.parse(asked) as Change),
  });
  return isAsked ? data : undefined;
}

async function ask(json: Change): Promise<SettingsVerdict> {
  try {
    const { reloads } = await answerOf(api.mail.settings.preview.$post({ json }));
    return { reloads, fields: new Map() };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return { reloads: undefined, fields: error.fields };
  }
}
