import type { SharedZones } from '../zone/served-zones.ts';
import type { SharedSlab } from '../zone/slab.ts';
import type { Answer, Question } from './questions.ts';
import type { TlsIdentity } from './tls.ts';
import type { TransferPolicy } from './transfer-policy.ts';
import type { SharedProtocol } from './protocol.ts';
import type { ServerLog } from './server-log.ts';
import type { SocketAddress } from './transport.ts';

/** What a worker starts with. */
export interface WorkerStart {
  zones: SharedZones;
  addresses: SocketAddress[];
  counters: SharedArrayBuffer;
  /** What it reads for longer than a moment. */
  pins: SharedArrayBuffer;
  transfers: TransferPolicy;
  protocol: SharedProtocol;
  /** What it shows as the one that serves DNS over TLS; undefined: it serves UDP and TCP. */
  tls?: TlsIdentity | undefined;
  /** URL of the module whose `listenUdp` serves UDP; undefined: node:dgram. */
  udp: string | undefined;
  /** Lowest level that the worker reports to the log. */
  logLevel: string;
}

/** From the supervisor; all but `slab` and `answered` are answered by `done` with their id once they hold. */
export type ToWorker =
  /** More memory for zones. A query that is led there before the message came takes it out of the queue. */
  | { kind: 'slab'; slab: SharedSlab }
  /**
   * Nothing but a moment between two queries: the worker holds no image. What was garbage when this was sent may be used again after
   * `done`; `pages` of slabs that went are forgotten.
   */
  | { kind: 'pause'; id: number; pages: number[] }
  /** Who may transfer zones from now on. */
  | { kind: 'transfers'; id: number; policy: TransferPolicy }
  /** Old versions hold too much memory: what is under way ends. */
  | { kind: 'end-transfers'; id: number }
  /** To the question of this number. */
  | { kind: 'answered'; question: number; answer: Answer }
  | { kind: 'listen'; id: number; addresses: SocketAddress[] }
  /** To clients of DNS over TLS, from now on. */
  | { kind: 'show'; id: number; identity: TlsIdentity }
  | { kind: 'close'; id: number };

export type FromWorker =
  | { kind: 'ready'; failed: ListenFailure[] }
  | { kind: 'done'; id: number; failed?: ListenFailure[] }
  /** Somebody asked for a zone that is not loaded: said once, by one of all workers. While zones are announced: for a name that may be in one. */
  | { kind: 'wanted'; wire: Uint8Array }
  /** A version that was kept for a transfer is let go. */
  | { kind: 'released' }
  /** A question to the control plane, with a number. */
  | { kind: 'asked'; id: number; question: Question }
  /** Something went wrong inside an answer: said once in a while, counted always. */
  | { kind: 'failure'; message: string }
  /** For the log. */
  | { kind: 'said'; severity: keyof ServerLog; fields: Record<string, unknown>; message: string };

export interface ListenFailure {
  address: SocketAddress;
  transport: 'udp' | 'tcp' | 'tls';
  code: string;
  message: string;
}
