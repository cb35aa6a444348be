import type { IdempotencyStore } from '../access/idempotency.ts';
import type { QueryHistory } from '../dns/server/query-history.ts';
import type { PeopleServices } from '../access/people/service.ts';
import type { TokenService } from '../access/tokens.ts';
import type { CheckService } from '../checks/service.ts';
import type { CertificateService } from '../certs/model.ts';
import type { AliasService } from '../mail/aliases/service.ts';
import type { DkimService } from '../mail/dkim/service.ts';
import type { MailDomainService } from '../mail/domains.ts';
import type { AppPasswordService } from '../mail/mailboxes/app-passwords.ts';
import type { OwnPassword } from '../mail/mailboxes/own-password.ts';
import type { MailboxService } from '../mail/mailboxes/service.ts';
import type { MailImports } from '../mail/import.ts';
import type { WebSites } from '../mail/web/service.ts';
import type { MailQueue } from '../mail/queue/service.ts';
import type { MailHistory } from '../mail/history/service.ts';
import type { MailSettingsService } from '../mail/settings/service.ts';
import type { MailServers } from '../mail/servers/service.ts';
import type { MailboxUsages } from '../mail/usage/service.ts';
import type { AuditService } from '../work/audit.ts';
import type { EventFeed } from '../work/events.ts';
import type { BulkDomains, JobService } from '../work/jobs.ts';
import type { BoxService } from '../zones/box/service.ts';
import type { DomainService } from '../zones/domains/service.ts';
import type { FormerHostnames } from '../zones/former/service.ts';
import type { ZoneImport } from '../zones/import/service.ts';
import type { RecordService } from '../zones/records/service.ts';
import type { RegistrarService } from '../zones/registrar/view.ts';
import type { RebuildAll } from '../zones/repair/job.ts';
import type { ZoneRebuild } from '../zones/repair/service.ts';
import type { SecondaryService } from '../zones/secondaries/service.ts';
import type { SecondaryZoneService } from '../zones/secondary-zones/service.ts';
import type { TsigKeyService } from '../zones/secondaries/tsig-keys.ts';
import type { ZoneService } from '../zones/versions/service.ts';
import type { Metrics } from './metrics/metrics.ts';

export interface Health {
  ready: boolean;
  /** Why not ready; each a public sentence. */
  problems: string[];
  /**
   * What is wrong beside that, a sentence each: zones that are not served as they should be, the first of them, and copies of the
   * database. Not for strangers, as it names zones.
   */
  zoneProblems: string[];
  /** How many zones those are, named or not. */
  zonesInTrouble: number;
  zones: number;
  dns: string[];
  version: string;
  startedAt: string;
  /** SHA-256 of the certificate that HTTPS shows, `AB:CD:…`: what a person compares. */
  certificateFingerprint: string;
}

/** All that the API is built on. */
export interface ApiServices {
  box: BoxService;
  formerHostnames: Pick<FormerHostnames, 'list' | 'retire'>;
  domains: DomainService;
  records: RecordService;
  zones: ZoneService & { import: ZoneImport } & ZoneRebuild & RebuildAll;
  registrar: RegistrarService;
  certificates: CertificateService;
  secondaries: SecondaryService;
  secondaryZones: SecondaryZoneService;
  tsigKeys: TsigKeyService;
  mailboxes: MailboxService;
  mailboxUsages: MailboxUsages;
  ownPassword: OwnPassword;
  appPasswords: AppPasswordService;
  aliases: AliasService;
  mailDomains: MailDomainService;
  mailImports: MailImports;
  mailServers: MailServers;
  dkim: DkimService;
  mailSettings: MailSettingsService;
  mailHistory: MailHistory;
  mailQueue: MailQueue;
  webSites: WebSites;
  jobs: JobService;
  bulkDomains: BulkDomains;
  tokens: TokenService;
  people: PeopleServices;
  audit: AuditService;
  idempotency: IdempotencyStore;
  events: EventFeed;
  metrics: Metrics;
  checks: CheckService;
  queryHistory: Pick<QueryHistory, 'last'>;
  health(): Health;
}
