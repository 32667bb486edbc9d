import { FILES, THIRD, each, type Io, type PackageKnowledge } from './model.ts'

const FS_EXTRA: Io = {
  ...FILES,
  ...each('file', 'readJson readJSON writeJson writeJSON outputFile outputJson outputJSON copy move'),
  ...each('stat', 'pathExists exists ensureDir mkdirs ensureFile remove emptyDir'),
}
const BROWSER: Io = { launch: 'process', launchPersistentContext: 'process', newPage: 'process', newContext: 'process' }
const PROCESS: Io = { '*': 'process' }

/** Files, processes and browsers. */
export const PROCESSES: Readonly<Record<string, PackageKnowledge>> = {
  'fs-extra': { io: FS_EXTRA },
  // It retries when descriptors run out.
  'graceful-fs': { io: { '*': 'stat' } },
  vscode: {
    io: {
      ...each('file', 'readFile writeFile openTextDocument'),
      ...each('stat', 'stat delete rename copy'),
      executeCommand: 'memory',
    },
  },
  execa: {
    io: PROCESS,
    signals: {
      execa: { index: 2, property: 'cancelSignal' },
      execaNode: { index: 2, property: 'cancelSignal' },
      execaCommand: { index: 1, property: 'cancelSignal' },
    },
  },
  zx: { io: { $: 'process', spinner: 'memory', fetch: 'network', glob: 'file' } },
  tinyexec: { io: PROCESS, signals: { x: THIRD, exec: THIRD } },
  'nano-spawn': { io: PROCESS, signals: { default: THIRD } },
  'cross-spawn': { io: PROCESS, signals: { default: THIRD, spawn: THIRD } },
  'simple-git': { io: { ...PROCESS, simpleGit: 'memory', default: 'memory' } },
  puppeteer: { io: BROWSER },
  'puppeteer-core': { io: BROWSER },
  'puppeteer-extra': { io: BROWSER },
  playwright: { io: BROWSER },
  'playwright-core': { io: BROWSER },
  'playwright-chromium': { io: BROWSER },
  'playwright-extra': { io: BROWSER },
  dockerode: {
    io: each('network', 'createContainer start stop remove pull exec'),
  },
}
