import { parentPort } from 'node:worker_threads';
import { workInBackground } from '../../core/priority.ts';
import { generateRsa } from './key-pair.ts';

/** A thread that makes one key after the other, each when it is told to, behind all that answers. */
workInBackground();
parentPort?.on('message', () => parentPort?.postMessage(generateRsa()));
