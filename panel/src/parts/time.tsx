import { Text, type TextProps, Tooltip } from '@mantine/core';
import { useNow } from './use-now.ts';
import { useTexts } from '../texts/use-texts.ts';

/** A moment as people say it, with the exact time on hover and focus. */
export function Time({ value, ...rest }: { value: string } & TextProps) {
  const { format } = useTexts();
  const now = useNow();
  const date = new Date(value);
  return (
    <Tooltip label={format.dateTime(date)}>
      <Text span inherit {...rest}>
        <time dateTime={value}>{format.relative(date, now)}</time>
      </Text>
    </Tooltip>
  );
}
