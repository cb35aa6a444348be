import { Box } from '@mantine/core';

const colours: Record<string, string> = { '+': 'var(--panel-good)', '-': 'var(--panel-bad)' };

/** Lines that came and went; their marks say so as well as their colour. */
export function DiffLines({ lines, label }: { lines: readonly string[]; label: string }) {
  return (
    <Box
      component="pre"
      className="mono code"
      m={0}
      tabIndex={0}
      aria-label={label}
      style={{ whiteSpace: 'pre-wrap' }}
    >
      {lines.map((line, index) => (
        <span key={index} style={{ display: 'block', color: colours[line[0] ?? ''] }}>
          {line}
        </span>
      ))}
    </Box>
  );
}
