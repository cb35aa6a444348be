import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTexts } from '../texts/use-texts.ts';

/** Milliseconds after a key in which the box is not asked again: at the first it is asked at once, and a hand that types is rarely faster. */
const PAUSE = 40;

/** What is typed is told to the page, which keeps it in its address. */
export function SearchField({
  search,
  label,
  onSearch,
  pause,
}: {
  search: string;
  label: string;
  onSearch: (text: string) => void;
  /** Milliseconds without a key after which the box is asked, where the answer costs more than a look into the database. */
  pause?: number;
}) {
  const { t } = useTexts();
  const [text, setText] = useState(search);
  // After the first key, what comes within the pause is told at its end: without `maxWait` it would be forgotten.
  const look = useDebouncedCallback(
    onSearch,
    pause === undefined ? { delay: PAUSE, leading: true, maxWait: PAUSE } : { delay: pause },
  );
  const put = (wanted: string): void => {
    setText(wanted);
    look(wanted.trim().toLowerCase());
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        text !== '' && <CloseButton size="sm" aria-label={t.common.clear} onClick={() => put('')} />
      }
      maxLength={254}
      value={text}
      onChange={(event) => put(event.currentTarget.value)}
      style={{ flex: '1 1 220px' }}
    />
  );
}
