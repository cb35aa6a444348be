import { Button, FileButton, Group, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.ts';

interface PasteFieldProps {
  label: string;
  description: string;
  value: string;
  onChange: (text: string) => void;
  error?: string | undefined;
  /** Beside the button for a file. */
  children?: ReactNode;
}

/** A list or a table: pasted, typed, or from a file. */
export function PasteField({ onChange, children, ...field }: PasteFieldProps) {
  const { t } = useTexts();
  return (
    <>
      <Textarea
        {...field}
        onChange={(event) => onChange(event.currentTarget.value)}
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-autofocus
      />
      <Group>
        <FileButton
          onChange={(file) => void file?.text().then(onChange)}
          accept="text/csv,text/plain,.csv,.txt"
        >
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<FileUp size={14} aria-hidden />}>
              {t.addMany.file}
            </Button>
          )}
        </FileButton>
        {children}
      </Group>
    </>
  );
}
