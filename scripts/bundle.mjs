// Bundles our programs: `node scripts/bundle.mjs ROOT FOLDER`, under the pinned Node. program.mjs knows when.
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build } from 'vite';

const [root, folder] = process.argv.slice(2);
const source = join(root, 'src');

/** What is started by people and systemd. What these start in threads and children is found in their text. */
const programs = { main: 'main.ts', agent: 'agent.ts', cli: 'cli/main.ts' };

/** Loaded from node_modules: what has binaries, and what few starts need. */
const external = ['better-sqlite3', 'koffi', 'pino-pretty'];

/** All of the bundle is in one folder, so a module knows where that is, and from there where it was itself. */
const placed = (id) => relative(source, id).replace(/\.ts$/, '.js');

const beside = /programBeside\(import\.meta\.url, '([^']+)'\)/g;

/** Has `import.meta` mean in the bundle what it means below `src`, and bundles each program that a thread or a child runs. */
const places = {
  name: 'places',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/[^?]*\.ts$/, code: /import\.meta\.(?:url|dirname)/ },
    handler(text, id) {
      const code = text
        .replaceAll(beside, (_, name) => {
          const program = join(dirname(id), `${name}.ts`);
          const fileName = placed(program).replaceAll('/', '-');
          this.emitFile({ type: 'chunk', id: program, fileName });
          return `new URL('./${fileName}', import.meta\0.url)`;
        })
        // What is required so that Node reads less of it is in the bundle.
        .replace('const require = createRequire(import.meta.url);', '')
        .replaceAll('import.meta.url', `new URL('./${placed(id)}', import.meta.url).href`)
        .replaceAll('import.meta.dirname', `\`\${import.meta.dirname}/${dirname(placed(id))}\``)
        .replaceAll('\0', '');
      if (/(?<!function )programBeside\(/.test(code))
        this.error(`${id}: write programBeside(import.meta.url, 'name')`);
      // Its lines are where they were.
      return { code, map: null };
    },
  },
};

/** Has each program begin with what its stack traces need. */
const stacks = {
  name: 'stacks',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/[^?]*\.ts$/ },
    handler(text, id) {
      if (!this.getModuleInfo(id)?.isEntry) return null;
      return { code: `import '${join(source, 'core/source-stacks.ts')}'; ${text}`, map: null };
    },
  },
};

/**
 * Node's own modules, as `require` gives them. An import of one evaluates each of its exports, some of which load much that nobody
 * uses: all of undici for `http.WebSocket`.
 */
const builtins = {
  name: 'builtins',
  enforce: 'pre',
  resolveId: {
    filter: { id: /^(?:node:)?[a-z_/]+$/ },
    handler(id) {
      const name = id.replace(/^node:/, '');
      // The bundler's own runtime imports `module`.
      return isBuiltin(id) && name !== 'module' ? `\0node:${name}` : null;
    },
  },
  load: {
    filter: { id: /^\0node:/ },
    handler: (id) => ({
      code: `module.exports = process.getBuiltinModule('${id.slice(1)}');`,
      moduleType: 'js',
    }),
  },
};

/** A stack trace of ours leads through files of ours: maps of those that are made of packages alone are a quarter of all maps. */
const maps = {
  name: 'maps',
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk' || file.moduleIds.some((id) => id.startsWith(source))) continue;
      delete files[`${file.fileName}.map`];
      file.code = file.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    }
  },
};

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external },
  plugins: [builtins, stacks, places, maps],
  build: {
    ssr: true,
    target: 'esnext',
    minify: false,
    sourcemap: true,
    outDir: folder,
    emptyOutDir: true,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, join(source, file)])),
      output: {
        format: 'esm',
        // The source has them; licences stay.
        comments: { legal: true, jsdoc: false, annotation: false },
        // The lines are enough for a stack trace.
        sourcemapExcludeSources: true,
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        codeSplitting: { groups: [{ name: 'node', test: /^\0node:/ }] },
      },
    },
  },
});
