import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The green of a signpost. Shade 8 has a contrast of 5.2 to white (WCAG 2.2 §1.4.3 asks for 4.5). */
const post: MantineColorsTuple = [
  '#e7f6f5',
  '#d0ebe9',
  '#a3d8d3',
  '#72c3bc',
  '#4bb2a9',
  '#32a79d',
  '#22938a',
  '#137f77',
  '#0b716b',
  '#055a55',
];

export const theme = createTheme({
  primaryColor: 'post',
  primaryShade: 8,
  colors: { post },
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' }, h3: { fontSize: '1rem' } },
  },
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Paper: { defaultProps: { withBorder: true } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm' } },
    // They go by themselves, and a button without a name says nothing to who hears the page.
    Notification: { defaultProps: { withCloseButton: false } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
});

/** What the library's own colours lack in contrast. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a636b',
    '--mantine-color-placeholder': '#6a737b',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-anchor': '#0b716b',
    '--mantine-color-error': '#c92a2a',
    '--panel-ground': '#f6f8f8',
    '--panel-line': '#e3e8e8',
    '--panel-good': '#1c7c3c',
    '--panel-wait': '#9a5b00',
    '--panel-bad': '#c92a2a',
    '--panel-code': '#f1f4f4',
  },
  dark: {
    '--mantine-color-dimmed': '#a4adb0',
    '--mantine-color-placeholder': '#98a2a5',
    '--mantine-color-body': '#1b2022',
    '--mantine-color-anchor': '#72c3bc',
    '--mantine-color-error': '#ff8787',
    '--panel-ground': '#141819',
    '--panel-line': '#2c3437',
    '--panel-good': '#69db7c',
    '--panel-wait': '#ffc078',
    '--panel-bad': '#ff8787',
    '--panel-code': '#252b2e',
    '--mantine-color-default-border': '#3a4448',
  },
});
