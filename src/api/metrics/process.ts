import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { readMetric, type ReadMetric, single } from './snapshot.ts';

/*
 * The metrics of a process that every Prometheus client has, under their usual names. Those of prom-client cannot be stopped, count
 * processor time only from when they were asked for, and call gauges `_total`.
 */

/** A file of /proc; undefined on systems without it. */
function processFile(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** A line of /proc/self/status, which counts in KiB. */
function memory(field: string): number | undefined {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(processFile('status') ?? '');
  return found ? 1024 * Number(found[1]) : undefined;
}

function openFiles(): number | undefined {
  try {
    // The listing itself is one of them.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

function mostFiles(): number | undefined {
  const found = /^Max open files\s+(\d+|unlimited)/m.exec(processFile('limits') ?? '');
  return found ? (found[1] === 'unlimited' ? Infinity : Number(found[1])) : undefined;
}

const [major = '', minor = '', patch = ''] = process.versions.node.split('.');

export const buildInfo: ReadMetric = readMetric({
  name: 'signpost_build_info',
  help: 'The version that runs; always 1.',
  type: 'gauge',
  labels: ['version'],
  read: ({ version }) => [[{ version }, 1]],
});

/** `startedAt`: seconds since the epoch. */
export function processMetrics(startedAt: number): readonly ReadMetric[] {
  return [
    readMetric({
      name: 'nodejs_version_info',
      help: 'The version of Node; always 1.',
      type: 'gauge',
      labels: ['version', 'major', 'minor', 'patch'],
      read: () => [[{ version: process.version, major, minor, patch }, 1]],
    }),
    single(
      'process_start_time_seconds',
      'gauge',
      'When the process started, in seconds since the epoch.',
      () => startedAt,
    ),
    single(
      'process_cpu_user_seconds_total',
      'counter',
      'Processor time spent in the program, all threads together.',
      () => process.cpuUsage().user / 1e6,
    ),
    single(
      'process_cpu_system_seconds_total',
      'counter',
      'Processor time spent in the kernel, all threads together.',
      () => process.cpuUsage().system / 1e6,
    ),
    single('process_cpu_seconds_total', 'counter', 'Processor time, all threads together.', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    }),
    single('process_resident_memory_bytes', 'gauge', 'Memory in use.', () => memory('VmRSS')),
    single('process_virtual_memory_bytes', 'gauge', 'Address space.', () => memory('VmSize')),
    single('process_open_fds', 'gauge', 'Open file descriptors.', openFiles),
    single('process_max_fds', 'gauge', 'Most file descriptors that may be open.', mostFiles),
    single(
      'nodejs_heap_size_total_bytes',
      'gauge',
      'Heap of the main thread.',
      () => process.memoryUsage().heapTotal,
    ),
    single(
      'nodejs_heap_size_used_bytes',
      'gauge',
      'Heap of the main thread that is in use.',
      () => process.memoryUsage().heapUsed,
    ),
    single(
      'nodejs_external_memory_bytes',
      'gauge',
      'Memory outside the heap that objects of the main thread hold.',
      () => process.memoryUsage().external,
    ),
    single(
      'nodejs_eventloop_active_seconds_total',
      'counter',
      'Time in which the main thread was at work; its rate is how busy the control plane is.',
      () => performance.eventLoopUtilization().active / 1000,
    ),
  ];
}
