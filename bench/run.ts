// `npm run bench [NAME…]`: runs the benchmarks one after the other; each prints its figures as ratios taken in the same run.
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Benchmark {
  name: string;
  run(): Promise<void>;
}

const wanted = process.argv.slice(2);
for (const file of globSync('*.ts', { cwd: import.meta.dirname }).sort()) {
  const id = basename(file, '.ts');
  if (id === 'run' || (wanted.length > 0 && !wanted.includes(id))) continue;
  const benchmark = (await import(join(import.meta.dirname, file))) as Benchmark;
  console.log(`\n# ${benchmark.name}`);
  await benchmark.run();
}
