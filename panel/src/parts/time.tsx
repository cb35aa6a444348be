import { Text, type TextProps } from '@mantine/core';
import { useNow } from './use-now.ts';
import { useTexts } from '../texts/use-texts.ts';

/** A moment as people say it, with the exact time on hover: written when somebody points there, as a browser takes long to learn how. */
export function Time({ value, ...rest }: { value: string } & TextProps) {
  const { format } = useTexts();
  const now = useNow();
  const date = new Date(value);
  return (
    <Text span inherit {...rest}>
      <time
        dateTime={value}
        onPointerEnter={({ currentTarget }) => {
          currentTarget.title = format.dateTime(date);
        }}
      >
        {format.relative(date, now)}
      </time>
    </Text>
  );
}
