import { accountRoutes } from './accounts/routes.ts';
import { aliasRoutes } from './aliases/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { boxRoutes } from './box/routes.ts';
import { certificateRoutes } from './certificates/routes.ts';
import { checkRoutes } from './checks/routes.ts';
import { dkimRoutes } from './dkim/routes.ts';
import type { Document } from './docs/document.ts';
import { docsRoutes } from './docs/routes.ts';
import { domainRoutes } from './domains/routes.ts';
import { webSiteRoutes } from './domains/web-routes.ts';
import { eventRoutes } from './events/routes.ts';
import type { Guesses } from './guesses.ts';
import { healthRoutes } from './health/routes.ts';
import { homeRoutes } from './home/routes.ts';
import { jobRoutes } from './jobs/routes.ts';
import { keyRoutes } from './keys/routes.ts';
import { ownPasswordRoutes } from './mailboxes/own-password.ts';
import { appPasswordRoutes } from './mailboxes/app-passwords.ts';
import { mailDomainRoutes } from './mailboxes/domain-routes.ts';
import { mailboxRoutes } from './mailboxes/routes.ts';
import { mailboxUsageRoutes } from './mailboxes/usage-routes.ts';
import { mailRoutes } from './mail/routes.ts';
import { mailHistoryRoutes } from './mail/history-routes.ts';
import { mailLogRoutes } from './mail/log-routes.ts';
import { mailQueueRoutes } from './mail/queue-routes.ts';
import { mailSettingsRoutes } from './mail/settings-routes.ts';
import { metricRoutes } from './metrics/routes.ts';
import { nameserverRoutes } from './nameserver/routes.ts';
import { newRoutes } from './new-routes.ts';
import { recordRoutes } from './records/routes.ts';
import { registrarRoutes } from './registrar/routes.ts';
import { passkeyRoutes } from './session/passkey-routes.ts';
import { ownAccountRoutes } from './session/own-routes.ts';
import { sessionRoutes } from './session/routes.ts';
import { secondaryRoutes } from './secondaries/routes.ts';
import { secondaryZoneRoutes } from './secondary-zones/routes.ts';
import { setupRoutes } from './setup/routes.ts';
import { tokenRoutes } from './tokens/routes.ts';
import { tsigKeyRoutes } from './tsig-keys/routes.ts';
import { zoneRoutes } from './zones/routes.ts';

interface RouteTools {
  guesses: Guesses;
  document: () => Document;
}

/** Every route, with its types. The order is that of the documentation. */
export function allRoutes({ guesses, document }: RouteTools) {
  return (
    newRoutes()
      .route('/', healthRoutes())
      .route('/', boxRoutes())
      .route('/', domainRoutes())
      // Its path without an address comes before those with one.
      .route('/', mailboxUsageRoutes())
      .route('/', mailboxRoutes())
      .route('/', appPasswordRoutes())
      .route('/', ownPasswordRoutes())
      .route('/', aliasRoutes())
      .route('/', mailDomainRoutes())
      .route('/', webSiteRoutes())
      .route('/', dkimRoutes())
      .route('/', jobRoutes())
      .route('/', recordRoutes())
      .route('/', registrarRoutes())
      .route('/', zoneRoutes())
      .route('/', keyRoutes())
      .route('/', secondaryRoutes())
      .route('/', secondaryZoneRoutes())
      .route('/', tsigKeyRoutes())
      .route('/', certificateRoutes())
      .route('/', mailRoutes())
      .route('/', mailSettingsRoutes())
      .route('/', mailHistoryRoutes())
      .route('/', mailQueueRoutes())
      .route('/', mailLogRoutes())
      .route('/', tokenRoutes())
      .route('/', sessionRoutes(guesses))
      .route('/', ownAccountRoutes(guesses))
      .route('/', passkeyRoutes())
      .route('/', accountRoutes())
      .route('/', setupRoutes(guesses))
      .route('/', auditRoutes())
      .route('/', eventRoutes())
      .route('/', checkRoutes())
      .route('/', nameserverRoutes())
      .route('/', metricRoutes())
      .route('/', docsRoutes(document))
      .route('/', homeRoutes())
  );
}
