import { join } from 'node:path';

const build = join(import.meta.dirname, '../../build');

/** Our programs as `npm start` runs them: bundled, from the source as it was when the tests began (test/kit/build-program.ts). */
export const programs = {
  box: join(build, 'main.js'),
  cli: join(build, 'cli.js'),
  agent: join(build, 'agent.js'),
};
