import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

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
  },
});
