import type { ZoneImage } from '../zone/image.ts';
import type { SocketAddress } from './transport.ts';

/** What a worker starts with. */
export interface WorkerStart {
  images: ZoneImage[];
  addresses: SocketAddress[];
  counters: SharedArrayBuffer;
  /** Lowest level that the worker reports to the log. */
  logLevel: string;
}

/** From the supervisor; each is answered by `done` with its id once it holds. */
export type ToWorker =
  | { kind: 'apply'; id: number; set: ZoneImage[]; remove: string[] }
  | { kind: 'listen'; id: number; addresses: SocketAddress[] }
  | { kind: 'close'; id: number };

export type FromWorker =
  | { kind: 'ready'; failed: ListenFailure[]; refused: Refusal[] }
  | { kind: 'done'; id: number; failed?: ListenFailure[]; refused?: Refusal[] }
  /** Something went wrong inside an answer: said once in a while, counted always. */
  | { kind: 'failure'; message: string };

/** An image that the worker cannot read: it is skipped, and all others are served. */
export interface Refusal {
  /** Place in the list of images that the worker was sent. */
  index: number;
  reason: string;
}

export interface ListenFailure {
  address: SocketAddress;
  transport: 'udp' | 'tcp';
  code: string;
  message: string;
}
