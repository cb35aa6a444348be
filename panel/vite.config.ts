import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const components = (...names: string[]): RegExp =>
  new RegExp(`/@mantine/core/esm/components/(?:${names.join('|')})/`);

/**
 * What pages have in common, in few files: each is a request more, and work of the browser's main thread. What is left is split by itself, and is of
 * one page or two.
 */
const groups = [
  // What every page begins with.
  { name: 'start', tags: ['$initial' as const], priority: 4 },
  {
    name: 'parts',
    test: /\/lucide-react\/|\/@mantine\/(?:hooks|core\/esm\/(?:core|utils))\/|\/@tanstack\/(?:query|react-query)|\/panel\/src\/(?:api|session|parts\/(?:page|rows|time|state|problem|use-action|check-texts))/,
    minShareCount: 2,
    priority: 3,
  },
  {
    name: 'fields',
    test: components('ActionIcon', 'Input', 'InputBase', 'InputsGroupFieldset', 'PasswordInput', 'TextInput'),
    priority: 2,
  },
  // What lies above the page.
  {
    name: 'layers',
    test: components(
      'Modal',
      'ModalBase',
      'Popover',
      'Menu',
      'Combobox',
      'ScrollArea',
      'FocusTrap',
      'Portal',
      'Tooltip',
    ),
    priority: 1,
  },
];

export default defineConfig({
  root: import.meta.dirname,
  // What is not found is not guessed at: postcss has its own configuration here, and nothing else is looked for.
  css: { postcss: import.meta.dirname },
  plugins: [react()],
  // Put in place of by the server, with a new one for each answer (src/api/panel).
  html: { cspNonce: 'SIGNPOST-NONCE' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A policy that allows no data: URLs in styles is easier to keep than to explain.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
});
