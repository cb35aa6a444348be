import { Box, Group, Text } from '@mantine/core';

interface StackedChartProps {
  label: string;
  /** The lowest of the stack first. */
  names: readonly string[];
  points: readonly Record<string, string | number>[];
  /** How a rate is written. */
  format: (rate: number) => string;
  /** At both ends of the axis of time. */
  from: string;
  to: string;
}

const colours = ['teal-7', 'blue-6', 'orange-7', 'grape-6', 'red-7', 'gray-6'];
const colourOf = (index: number): string => `var(--mantine-color-${colours[index % colours.length]!})`;

/** Units of the drawing, which is stretched to the width that there is. */
const WIDTH = 600;
const HEIGHT = 160;

/** Rates over time, on top of each other. Beside its colour each has its name and its newest figure in words. */
export function StackedChart({ label, names, points, format, from, to }: StackedChartProps) {
  const totals = points.map((point) => names.reduce((sum, name) => sum + Number(point[name]), 0));
  const most = Math.max(...totals, 0.001);
  const newest = points.at(-1);
  return (
    <Box>
      <Text size="xs" c="dimmed">
        {format(most)}
      </Text>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={label}
      >
        {layers(names, points, most).map((outline, index) => (
          <polygon key={names[index]} points={outline} fill={colourOf(index)} />
        ))}
      </svg>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {from}
        </Text>
        <Text size="xs" c="dimmed">
          {to}
        </Text>
      </Group>
      <Group component="ul" gap="md" p={0} mt="xs" mb={0} style={{ listStyle: 'none' }}>
        {names.map((name, index) => (
          <Group component="li" key={name} gap={6} wrap="nowrap">
            <Box w={12} h={12} bg={colourOf(index)} style={{ borderRadius: 3 }} aria-hidden />
            <Text size="sm">
              {name}{' '}
              <Text span c="dimmed" inherit>
                {format(Number(newest?.[name] ?? 0))}
              </Text>
            </Text>
          </Group>
        ))}
      </Group>
    </Box>
  );
}

/** The outline of each layer: along its top, and back along that of the one below. */
function layers(
  names: readonly string[],
  points: readonly Record<string, string | number>[],
  most: number,
): string[] {
  const step = WIDTH / Math.max(points.length - 1, 1);
  let below = points.map(() => 0);
  return names.map((name) => {
    const above = below.map((base, index) => base + Number(points[index]![name]));
    const line = (heights: readonly number[]): string[] => {
      // One point alone is a level line.
      const all = heights.length === 1 ? [heights[0]!, heights[0]!] : heights;
      const width = heights.length === 1 ? WIDTH : step;
      return all.map((height, index) => `${index * width},${HEIGHT - (HEIGHT * height) / most}`);
    };
    const outline = [...line(above), ...line(below).reverse()].join(' ');
    below = above;
    return outline;
  });
}
