import { batchedUdp } from '../dns/server/udp-batched.ts';
import { batchedSockets } from './batched-sockets.ts';
import { takeShortSlices } from './short-slices.ts';

/** How the workers of the data plane serve UDP where the kernel can be called: they load this module, and do without where that fails. */
export const listenUdp = batchedUdp(batchedSockets());

// Whoever loads this answers, and answers come before what else the machine does.
takeShortSlices();
