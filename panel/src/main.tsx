import './components.css';
import './panel.css';
import './shell/shell.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import * as queries from './api/queries.ts';
import { nonce } from './nonce.ts';
import { reloadWhenOutdated } from './outdated.ts';
import { client } from './query-client.ts';
import { router } from './router.tsx';

// What locks the page behind a dialogue makes its rule by itself, and asks for the nonce by this name.
Object.assign(globalThis, { __webpack_nonce__: nonce() });
reloadWhenOutdated();
// Each page begins with it: the box answers while the page is made.
client.query(queries.session).catch(() => undefined);
// So do the files of the page that is wanted come meanwhile.
for (const route of router.getMatchedRoutes(window.location.pathname)[0])
  void router.loadRouteChunk(route)?.catch(() => undefined);

createRoot(document.getElementById('panel')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
